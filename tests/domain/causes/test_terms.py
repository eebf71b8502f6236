"""Find the terms of posts, in scripts with and without spaces."""

import pytest

from domain.causes.terms import as_written, join_inflections, terms_of
from domain.triage.phrases import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@acme the VOUCHER code is refused", {"voucher", "code", "refused", "voucher code"}),
        ("the 2024 is 77", set()),
        ("アプリでクーポンが使えません", {"ア プ リ", "ク ー ポ ン"}),
        ("返金はまだですか", {"返 金"}),
        ("今日も返金なし", {"返 金"}),
    ],
)
def test_terms_are_words_pairs_and_runs(text: str, expected: set[str]) -> None:
    assert terms_of(tokens(text), frozenset({"the", "is", "今 日"})) == expected


def test_scripts_that_do_not_tell_where_words_end_have_runs_of_every_length() -> None:
    found = terms_of(tokens("คูปอง"), frozenset())
    assert "ค ู ป อ ง".replace(" ู", "").replace("  ", " ") in found or len(found) > 3


def test_inflections_are_one_term() -> None:
    postings = {
        term: {1} for term in ("refund", "refunds", "refunded", "card", "cards", "cash", "plan", "plane")
    }
    assert join_inflections(postings) == {
        "card": ("card", "cards"),
        "cash": ("cash",),
        "plan": ("plan",),
        "plane": ("plane",),
        "refund": ("refund", "refunds", "refunded"),
    }


def test_a_term_is_shown_as_most_write_it() -> None:
    assert as_written("cupon", ["mi Cupón", "el cupón", "un cupón"]) == "cupón"
    assert as_written("code welcome10", ["the code WELCOME10!"]) == "code WELCOME10"
    assert as_written("返 金", ["返金"]) == "返金"
    assert as_written("never", ["written"]) == "never"
