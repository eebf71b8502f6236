"""Encode and decode the values of buttons; refuse anything else."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.action_ids import (
    BadValue,
    CardValue,
    OverflowChoice,
    card_value,
    claim_value,
    overflow_value,
    parse_claim,
    parse_overflow,
    parse_value,
)

NUMBER = st.integers(min_value=0, max_value=2**63 - 1)


@given(NUMBER, NUMBER, st.none() | NUMBER)
def test_a_button_value_round_trips(case_id: int, version: int, message_id: int | None) -> None:
    assert parse_value(card_value(case_id, version, message_id)) == CardValue(case_id, version, message_id)


@given(st.sampled_from(OverflowChoice), NUMBER, NUMBER)
def test_a_menu_value_round_trips(what: OverflowChoice, case_id: int, version: int) -> None:
    value = overflow_value(what, case_id, version)
    assert parse_overflow(value) == (what, CardValue(case_id, version))
    assert len(value) <= 150


@given(NUMBER, NUMBER, st.sampled_from([None, "U0SAM", "W123ABC"]))
def test_a_confirmation_brings_the_assignee_back(case_id: int, version: int, assignee: str | None) -> None:
    assert parse_claim(claim_value(case_id, version, assignee)) == (
        CardValue(case_id, version),
        assignee or "",
    )


FORGED: list[object] = [
    "",
    "1",
    "1:",
    ":1",
    "1:2:3:4",
    "-1:2",
    "1:2 ",
    "١:٢",
    "9" * 19 + ":1",
    "1:2\n",
    None,
    12,
    [],
    {},
]


@pytest.mark.parametrize("value", FORGED)
def test_a_forged_value_is_refused_in_words_for_a_person(value: object) -> None:
    with pytest.raises(BadValue, match="nothing was done"):
        parse_value(value)


@pytest.mark.parametrize(
    "value", [*FORGED, "drop:1:2", "resolve:", "resolve:1", "resolve:1:2:x", "RESOLVE:1:2"]
)
def test_a_forged_choice_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        parse_overflow(value)


@pytest.mark.parametrize("value", [*FORGED, "1:2@<@U1>", "1@U0SAM", "1:2@U0SAM@U0SAM", "@U0SAM"])
def test_a_forged_confirmation_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        parse_claim(value)


#: Texts that are close to a value.
NEARLY = st.from_regex(r"(resolve:)?[0-9]{0,3}:?[0-9]{0,3}(:[0-9]{1,3})?(@[A-Z0-9]{0,4})?", fullmatch=True)


@given(st.text() | NEARLY)
def test_any_text_is_refused_or_means_what_we_would_write(text: str) -> None:
    with suppress(BadValue):
        value = parse_value(text)
        assert parse_value(card_value(value.case_id, value.version, value.message_id)) == value
    with suppress(BadValue):
        choice, value = parse_overflow(text)
        written = overflow_value(choice, value.case_id, value.version)
        assert parse_overflow(written) == (choice, replace(value, message_id=None))
    with suppress(BadValue):
        value, holder = parse_claim(text)
        assert parse_claim(claim_value(value.case_id, value.version, holder)) == (
            replace(value, message_id=None),
            holder,
        )
