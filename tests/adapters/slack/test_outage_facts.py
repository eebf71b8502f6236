"""Tell beside a notice's text whom it reaches, by language, and what the destination says of it."""

from dataclasses import replace

import pytest

from adapters.slack.modals.outages.facts import fact_blocks
from adapters.slack.modals.outages.preview import render_preview
from adapters.slack.modals.outages.review import render_review
from domain.outages.destinations import Preflight
from domain.outages.notice_checks import Fault, NoticeWarning
from domain.outages.notices import NoticeKind, NoticeText
from tests.adapters.slack.inspection import said
from tests.adapters.slack.test_outages import KAI, RUTH, a_review

LASTS = "The last of 1,200 mails leaves after 2 min, at 10 a second."


@pytest.mark.parametrize(
    ("by_language", "words"),
    [
        ({"en": 1_000, "de": 200}, "reaches 1,200 subscribers (1,000 English, 200 German) · "),
        ({"en": 1_200}, "reaches 1,200 subscribers · "),
        ({}, "reaches 1,200 subscribers · "),
    ],
)
def test_the_reach_is_told_by_language(by_language: dict[str, int], words: str) -> None:
    preflight = Preflight(
        audience=1_200, audience_unit="subscribers", audience_by_language=by_language, warnings=(LASTS,)
    )
    review = a_review(preflights={"posts": preflight}, warnings=())
    [block] = fact_blocks(review, review.texts[0])
    text = str(block)
    assert words in text
    assert f"⚠️ {LASTS}" in text


def test_the_promised_time_says_whose_clock_it_is_by() -> None:
    """The texts below have it by the desk's, so that a colleague elsewhere reads two times of one update."""
    for view in (
        render_preview(a_review(), KAI, external_id="1"),
        render_review(a_review(), RUTH, external_id="1"),
    ):
        heading = str(view["blocks"][0])
        assert "⏰ Next update by <!date^" in heading
        assert "> (your clock)" in heading


def test_who_may_not_send_it_reads_why_and_what_else_they_can_do_above_the_texts() -> None:
    blocks = render_review(a_review("Payments fail " * 100), KAI, external_id="1")["blocks"]
    kinds = [block["type"] for block in blocks]
    assert "somebody else has to approve it" in blocks[1]["text"]["text"]
    assert [one["text"]["text"] for one in blocks[2]["elements"]] == ["Edit…", "Withdraw"]
    assert kinds.count("actions") == 1
    approver = render_review(a_review("Payments fail " * 100), RUTH, external_id="1")["blocks"]
    assert approver[-1]["type"] == "actions"


@pytest.mark.parametrize(
    ("corrects", "words"),
    [(True, "*edits what stands there*"), (False, "*follows what stands there, which stays*")],
)
def test_a_correction_says_what_becomes_of_the_text_that_stands_there(corrects: bool, words: str) -> None:
    review = a_review(warnings=())
    text = review.texts[0]
    profiles = {"posts": replace(review.profiles["posts"], corrects=corrects)}
    correction = replace(review.notice, kind=NoticeKind.CORRECTION)
    [block] = fact_blocks(replace(review, notice=correction, profiles=profiles), text)
    assert words in str(block)
    [block] = fact_blocks(replace(review, profiles=profiles), text)
    assert "what stands there" not in str(block)


@pytest.mark.parametrize("corrects", [True, False])
def test_a_correction_of_what_did_not_arrive_says_that_it_is_sent_anew(corrects: bool) -> None:
    review = a_review(warnings=())
    text = review.texts[0]
    profiles = {"posts": replace(review.profiles["posts"], corrects=corrects)}
    correction = replace(review.notice, kind=NoticeKind.CORRECTION)
    places = frozenset({(text.destination, text.language)})
    [block] = fact_blocks(replace(review, notice=correction, profiles=profiles, not_there=places), text)
    assert "*is sent as a notice of its own, as what it corrects did not arrive there*" in str(block)
    assert "what stands there" not in str(block)


def test_components_that_a_destination_does_not_know_are_told_there_alone() -> None:
    review = a_review(warnings=(), left_out={"posts": ("Search", "<!channel>"), "page": ("App",)})
    [block] = fact_blocks(review, review.texts[0])
    told = block["elements"][0]["text"]
    assert "⚠️ Left out there, as the settings have no id of Search, &lt;!channel&gt;" in told
    assert "App" not in told


def test_what_was_left_out_to_fit_is_told_at_length() -> None:
    missing = "“" + "Our engineers are moving payments. " * 14 + "”"
    cut = NoticeWarning(fault=Fault.SHORTENED, destination="posts", language="en", detail=missing)
    review = a_review(warnings=(cut,))
    [block] = fact_blocks(review, review.texts[0])
    assert f"⚠️ Shortened to fit. Left out: {missing}" in block["elements"][0]["text"]


def test_a_warning_of_every_text_is_told_once() -> None:
    texts = tuple(NoticeText(destination="posts", language=code, text="At 14:30") for code in ("en", "es"))
    times = tuple(
        NoticeWarning(fault=Fault.OTHER_TIME, destination="posts", language=one.language, detail="14:30")
        for one in texts
    )
    own = NoticeWarning(fault=Fault.BLAME, destination="posts", language="es", detail="human error")
    told = said(render_preview(a_review(texts=texts, warnings=times), KAI, external_id="e"))
    assert told.count("It says 14:30") == 1
    assert "in every text" in told
    both = said(render_preview(a_review(texts=texts, warnings=(*times, own)), KAI, external_id="e"))
    assert (both.count("It says 14:30"), both.count("human error")) == (1, 1)
    one = said(render_preview(a_review(texts=texts[:1], warnings=times[:1]), KAI, external_id="e"))
    assert one.count("It says 14:30") == 1
