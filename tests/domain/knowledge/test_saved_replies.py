"""Which version of a saved reply counts, what of it is suggested, and how it is found and compared."""

from datetime import date

import pytest

from domain.knowledge.reply_forms import PAGE_SIZE, form_of, page_of
from domain.knowledge.saved_replies import (
    Difference,
    ReplyChange,
    Wording,
    current_versions,
    differences,
    find_replies,
    new_name,
    suggestible,
)
from domain.triage.saved_replies import TemplateError, fill
from domain.triage.situations import Situation
from tests.replies import CONTENT, ENGLISH, FORMAL, GERMAN, INFORMAL, SHIPPED, a_reply

TODAY = date(2026, 11, 29)
TOMORROW, YESTERDAY = date(2026, 11, 30), date(2026, 11, 28)


def test_a_desks_version_precedes_the_shipped_one() -> None:
    own = a_reply(title="Ours", version=3, change=ReplyChange.EDITED)
    other = a_reply(name="other")
    assert current_versions([SHIPPED, other], [own]) == {"voucher_validity": own, "other": other}


def test_neither_a_retired_nor_an_expired_reply_is_suggested() -> None:
    replies = [
        a_reply(name="c", expires_on=TODAY),
        a_reply(name="b", change=ReplyChange.RETIRED),
        a_reply(name="d", expires_on=YESTERDAY),
        a_reply(name="a"),
    ]
    assert [reply.name for reply in suggestible(replies, {}, TODAY)] == ["a", "c"]
    assert [reply.name for reply in suggestible(replies, {}, TOMORROW)] == ["a"]


def test_only_wordings_in_the_desks_form_of_address_are_suggested() -> None:
    formal = Wording(language="de", text="Guten Tag, Ihr Gutschein gilt zwei Jahre.", form=FORMAL)
    either = Wording(language="de", text="Alle Gutscheine gelten zwei Jahre.")
    reply = a_reply(wordings=(ENGLISH, GERMAN, formal, either))

    def german(**forms: object) -> list[str]:
        [suggested] = suggestible([reply], forms, TODAY)  # type: ignore[arg-type]
        return list(fill(suggested, "de", first_name="", brand="Acme"))

    assert german() == [GERMAN.text, formal.text, either.text]
    assert german(de=FORMAL) == [formal.text, either.text]
    assert german(de=INFORMAL) == [GERMAN.text, either.text]
    assert german(fr=FORMAL) == german()


def test_nothing_is_suggested_where_there_is_only_the_other_form_of_address() -> None:
    [suggested] = suggestible([SHIPPED], {"de": FORMAL}, TODAY)
    with pytest.raises(TemplateError):
        next(fill(suggested, "de", first_name="", brand="Acme"))
    in_english = fill(suggested, "fr", first_name="", brand="Acme")
    assert list(in_english) == ["Hi, vouchers are valid for two years."]


def test_a_reply_expires_soon_within_a_week() -> None:
    assert a_reply(expires_on=TODAY).expires_soon(TODAY)
    assert a_reply(expires_on=date(2026, 12, 6)).expires_soon(TODAY)
    assert not a_reply(expires_on=date(2026, 12, 7)).expires_soon(TODAY)
    assert not a_reply(expires_on=YESTERDAY).expires_soon(TODAY)
    assert not SHIPPED.expires_soon(TODAY)


def test_a_new_reply_gets_a_name_of_its_title_that_is_free() -> None:
    assert new_name("Gift wrapping, à la carte!", []) == "gift_wrapping_a_la_carte"
    assert new_name("Late parcel", ["late_parcel", "late_parcel_2"]) == "late_parcel_3"
    assert new_name("返品について", ["reply"]) == "reply_2"
    assert len(new_name("x" * 100, [])) <= 60


def test_differences_name_each_field_and_the_wordings_by_language() -> None:
    changed = a_reply(
        title="Vouchers",
        situations=frozenset({Situation.REFUND, Situation.QUESTION}),
        expires_on=TODAY,
        public_only=True,
        wordings=(ENGLISH, Wording(language="de", text="Neu.")),
    ).content
    assert differences(CONTENT, CONTENT) == []
    assert differences(CONTENT, changed) == [
        Difference(field="title", before="Voucher validity", after="Vouchers"),
        Difference(field="situations", before="question", after="question, refund"),
        Difference(field="expires_on", before="", after="2026-11-29"),
        Difference(field="public_only", before="", after="yes"),
        Difference(field="wordings", language="de", before=GERMAN.text, after="Neu."),
    ]


def test_a_reply_is_found_by_all_words_in_its_name_texts_and_examples() -> None:
    other = a_reply(name="other", title="Another", wordings=(ENGLISH,), examples=("where is it",))
    for words in ("VOUCHER valid", "gutschein", "how long", "question voucher_"):
        assert SHIPPED in find_replies([SHIPPED, other], words), words
    assert find_replies([SHIPPED, other], "gutschein another") == []
    assert find_replies([SHIPPED, other], "") == [other, SHIPPED]


def test_retired_replies_come_last() -> None:
    retired = a_reply(name="a", title="A", change=ReplyChange.RETIRED)
    assert find_replies([retired, SHIPPED], "") == [SHIPPED, retired]


def test_pages_hold_all_and_one_too_far_is_the_last() -> None:
    replies = [a_reply(name=f"r{n}", title=f"R{n:02}") for n in range(2 * PAGE_SIZE + 1)]
    pages = [page_of(replies, "", page, TODAY) for page in range(3)]
    assert [reply for page in pages for reply in page.replies] == replies
    assert {(page.pages, page.found) for page in pages} == {(3, 17)}
    assert page_of(replies, "", 9, TODAY) == pages[2]
    assert page_of([], "", 1, TODAY).pages == 1


def test_a_form_begins_in_english_or_else_in_the_replys_first_language() -> None:
    assert form_of(SHIPPED).wordings == (ENGLISH,)
    german = a_reply(wordings=(GERMAN,))
    assert (form_of(german).language, form_of(german).counts) == ("de", (("de", 1),))
    assert form_of(SHIPPED, "fr").wordings == ()
