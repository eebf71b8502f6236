"""Copies with another id are what `dataclasses.replace` makes."""

from dataclasses import dataclass, replace

import pytest

from storage.record_ids import with_ids
from tests.storage.made import a_case, a_message


def test_copies_differ_in_their_ids_alone() -> None:
    cases, messages = [a_case(), a_case(claimed_by="U1")], [a_message(3, "first")]
    assert with_ids(cases, [7, 8]) == [replace(cases[0], id=7), replace(cases[1], id=8)]
    assert with_ids(messages, [9]) == [replace(messages[0], id=9)]
    assert hash(with_ids(cases, [7, 8])[0]) == hash(replace(cases[0], id=7))
    assert with_ids([], []) == []


@dataclass(frozen=True, slots=True)
class Checked:
    id: int

    def __post_init__(self) -> None:
        raise ValueError("it is never right")


def test_what_checks_its_fields_is_not_copied_unchecked() -> None:
    with pytest.raises(TypeError):
        with_ids([object.__new__(Checked)], [1])
