"""Name causes, change them, and decide which posts belong to them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.causes.cause import (
    LOOK_BACK,
    MAX_NAME_LENGTH,
    MAX_PHRASES,
    BadCauseName,
    BadPhrases,
    Cause,
    CauseEdit,
    CauseState,
    FixedInFuture,
    checked_phrases,
    edited,
    new_cause,
)
from domain.causes.membership import CausePost, members_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_cause(*phrases: str) -> Cause:
    return new_cause("Voucher refused", phrases or ("voucher*",), by="U0SAM", now=NOW)


def an_edit(state: CauseState, *, fixed_at: datetime | None = None) -> CauseEdit:
    return CauseEdit(
        name="Voucher refused", owner=None, state=state, phrases=("voucher*",), fixed_at=fixed_at
    )


def a_post(
    number: int, text: str, *, case: int = 0, situation: str = "cannot_pay", days: int = 0
) -> CausePost:
    return CausePost(
        message_id=number, case_id=case or number, text=text, at=NOW + days * DAY, situation=situation
    )


def test_a_new_cause_looks_back() -> None:
    cause = a_cause()
    assert (cause.state, cause.owner, cause.since) == (CauseState.OPEN, None, NOW - LOOK_BACK)


@pytest.mark.parametrize("name", ["", " \n ", "x" * (MAX_NAME_LENGTH + 1)])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(BadCauseName):
        new_cause(name, ["voucher"], by="U0SAM", now=NOW)


@pytest.mark.parametrize(
    "phrases",
    [[], [" "], ["*"], ["https://a.example"], ["a", "b" * 61], [str(n) for n in range(MAX_PHRASES + 1)]],
)
def test_bad_phrases_are_refused(phrases: list[str]) -> None:
    with pytest.raises(BadPhrases):
        checked_phrases(phrases)


def test_when_it_was_fixed_is_kept_until_it_is_reopened() -> None:
    fixed = edited(a_cause(), an_edit(CauseState.FIXED), now=NOW)
    assert fixed.fixed_at == NOW
    assert edited(fixed, an_edit(CauseState.FIXED), now=NOW + DAY).fixed_at == NOW
    earlier = edited(fixed, an_edit(CauseState.FIXED, fixed_at=NOW - DAY), now=NOW)
    assert earlier.fixed_at == NOW - DAY
    assert edited(earlier, an_edit(CauseState.OPEN), now=NOW).fixed_at is None
    with pytest.raises(FixedInFuture):
        edited(a_cause(), an_edit(CauseState.FIXED, fixed_at=NOW + DAY), now=NOW)


@pytest.mark.parametrize(
    ("phrase", "text", "belongs"),
    [
        ("voucher*", "@acme the app refuses my VOUCHERS", True),
        ("voucher*", "@acme where is my parcel", False),
        ("app ... voucher", "the app will not take the voucher", True),
        ("クーポン", "アプリでクーポンが使えません", True),
        ("คูปอง", "แอปไม่รับคูปองของฉัน", True),
    ],
)
def test_a_post_belongs_by_a_phrase(phrase: str, text: str, belongs: bool) -> None:
    assert bool(members_of(a_cause(phrase), [a_post(1, text)])) is belongs


def test_a_case_belongs_once_for_its_earliest_post_and_praise_is_of_no_cause() -> None:
    posts = [
        a_post(3, "still the voucher", case=7, days=1),
        a_post(2, "my voucher is refused", case=7),
        a_post(4, "thank you for the voucher!", situation="praise"),
        a_post(5, "free voucher here", situation="spam"),
    ]
    assert [(one.case_id, one.message_id, one.at) for one in members_of(a_cause(), posts)] == [(7, 2, NOW)]
