"""What is wrong with a saved reply, before it is saved."""

from datetime import date
from typing import Any

import pytest

from domain.knowledge.reply_checks import FaultKind, ReplyFault, ReplyField
from domain.knowledge.saved_replies import ReplyChange, Wording
from tests.replies import CHECKER, ENGLISH, GERMAN, SHIPPED, a_reply

TODAY = date(2026, 11, 29)


def faults(**changes: Any) -> list[ReplyFault]:  # noqa: ANN401 - any of the fields
    return CHECKER.faults(a_reply(**changes).content, [], TODAY)


def of_text(text: str) -> list[FaultKind]:
    """Return what is wrong with a text as the third wording."""
    found = faults(wordings=(ENGLISH, GERMAN, Wording(language="en", text=text)))
    assert all((fault.field, fault.wording) == (ReplyField.WORDING, 2) for fault in found)
    return [fault.kind for fault in found]


def test_a_good_reply_has_no_fault() -> None:
    assert faults() == []
    assert faults(expires_on=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"title": ""}, ReplyField.TITLE, FaultKind.EMPTY),
        ({"title": "x" * 61}, ReplyField.TITLE, FaultKind.TITLE_TOO_LONG),
        ({"situations": frozenset()}, ReplyField.SITUATIONS, FaultKind.EMPTY),
        ({"wordings": ()}, ReplyField.WORDING, FaultKind.EMPTY),
        ({"examples": ()}, ReplyField.EXAMPLES, FaultKind.EMPTY),
        ({"expires_on": date(2026, 11, 28)}, ReplyField.EXPIRES_ON, FaultKind.EXPIRED),
    ],
)
def test_each_field_is_checked(changes: dict[str, Any], field: ReplyField, kind: FaultKind) -> None:
    [fault] = faults(**changes)
    assert (fault.field, fault.kind) == (field, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", FaultKind.EMPTY),
        ("Hi {{ frist_name }}", FaultKind.UNKNOWN_PLACEHOLDER),
        ("Hi {{ first_name", FaultKind.BROKEN_TEMPLATE),
        ("Hi [[ {{ first_name }}", FaultKind.BROKEN_TEMPLATE),
        ("See {{ help_url }}", FaultKind.VALUE_UNKNOWN),
        ("Hi\n## de\nHallo", FaultKind.SECTION_HEADING),
        ("x" * 281, FaultKind.TOO_LONG),
        ("That is your own fault.", FaultKind.RULE_BROKEN),
        ("hallo, dein gutschein  gilt zwei Jahre.", FaultKind.DUPLICATE),
    ],
)
def test_each_wording_is_checked(text: str, kind: FaultKind) -> None:
    assert of_text(text) == [kind]


def test_the_length_is_that_with_the_longest_first_name() -> None:
    assert of_text("Hi {{ first_name }}" + "x" * 257) == []
    assert of_text("Hi {{ first_name }}" + "x" * 258) == [FaultKind.TOO_LONG]


def test_a_name_or_a_wording_of_another_reply_is_refused_unless_that_is_retired() -> None:
    other = a_reply(name="other", title="voucher VALIDITY")
    found = CHECKER.faults(SHIPPED.content, [other], TODAY)
    assert [(fault.field, fault.kind, fault.detail) for fault in found] == [
        (ReplyField.TITLE, FaultKind.TITLE_TAKEN, ""),
        (ReplyField.WORDING, FaultKind.DUPLICATE, "voucher VALIDITY"),
        (ReplyField.WORDING, FaultKind.DUPLICATE, "voucher VALIDITY"),
    ]
    retired = a_reply(name="other", title="voucher VALIDITY", change=ReplyChange.RETIRED)
    assert CHECKER.faults(SHIPPED.content, [retired], TODAY) == []


def test_too_many_wordings_in_one_language_are_refused() -> None:
    many = tuple(Wording(language="en", text=f"Answer {n}.") for n in range(21))
    assert [fault.kind for fault in faults(wordings=many)] == [FaultKind.TOO_MANY_WORDINGS]
    assert faults(wordings=many[:20]) == []
