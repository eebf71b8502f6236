"""Posts about an outage are linked to it and answered in bulk, in Slack and on X."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.outages import link_pages
from tests.flows.outages import OutageStory, running_outages
from tests.flows.test_outages import announced, further
from tests.stories import KAI, ONCALL, SAM, SUPPORT, details, shown

CUSTOMERS = {
    "ana": "@acme paying by card fails for me, I cannot pay",
    "ben": "@acme why does paying with my card fail? I cannot pay",
    "zoe": "@acme my card payments fail all the time, cannot pay!",
}
LATE = "@acme my parcel is late, where is it?"


@pytest.fixture
async def at(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OutageStory]:
    async with running_outages(tmp_path, database_url, monkeypatch) as story:
        yield story


async def reported(at: OutageStory) -> dict[str, Any]:
    """Have customers write and an outage be announced; return its board once all were compared."""
    for who, text in CUSTOMERS.items():
        at.story.customer_writes(text, who=who)
    at.story.customer_writes(LATE, who="late")
    await at.story.card(CUSTOMERS["zoe"])
    board = await announced(at)
    return await at.board_shows(board["ts"], f"Link matching cases… ({len(CUSTOMERS)})")


async def linked(at: OutageStory) -> dict[str, Any]:
    """Link all that is proposed; return the board."""
    board = await reported(at)
    await at.press(KAI, board["ts"], "outage.proposed")
    view = await at.view(KAI, "outage_proposed")
    await press_in_view(at, KAI, view, "outage.all_shown")
    await at.view(KAI, "outage_link_preview")
    await at.submit(KAI)
    return await at.board_shows(board["ts"], f"*{len(CUSTOMERS)} linked cases*")


async def press_in_view(at: OutageStory, who: str, view: dict[str, Any], action: str) -> None:
    await at.slack.press_in_view(who, view["id"], action)


async def test_matching_cases_are_proposed_and_linked_in_bulk(at: OutageStory) -> None:
    board = await reported(at)
    await at.press(KAI, board["ts"], "outage.proposed")
    view = await at.view(KAI, "outage_proposed")
    assert "same words: " in str(view["blocks"])
    assert "parcel" not in shown(view)
    await press_in_view(at, KAI, view, "outage.all_shown")
    preview = await at.view(KAI, "outage_link_preview")
    assert f"Link {len(CUSTOMERS)} cases" in shown(preview)
    await at.submit(KAI)
    assert "3 cases linked" in at.seen(KAI)
    await at.board_shows(board["ts"], "*3 linked cases*")
    card = await at.story.card(CUSTOMERS["ana"])
    folded = await at.story.card_shows(card["ts"], "🔗 *Payments fail* · Investigating · Ana")
    assert CUSTOMERS["ana"] in shown(folded)
    assert "Answer…" not in shown(folded)
    await at.slack.press(SAM, SUPPORT, card["ts"], "case.details")
    assert CUSTOMERS["ana"] in shown(await at.view(SAM, "details"))
    await at.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await at.story.card_shows(card["ts"], "🔗 *Payments fail* · Investigating · next update")
    await at.story.card_shows(card["ts"], "approved wording of Payments fail")


async def test_many_matching_cases_are_linked_at_once_or_page_by_page(
    at: OutageStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_pages, "PAGE_SIZE", 1)
    board = await reported(at)
    await at.press(KAI, board["ts"], "outage.proposed")
    view = await at.view(KAI, "outage_proposed")
    await press_in_view(at, KAI, view, "outage.all_shown")
    await at.view(KAI, "outage_link_preview")
    await at.submit(KAI)
    view = await at.view(KAI, "outage_proposed")
    assert "✓ *1 case linked.*" in shown(view)
    assert "Link all 2…" in shown(view)
    await press_in_view(at, KAI, view, "outage.all_listed")
    assert "*Link all 2 cases* to *Payments fail*?" in shown(await at.view(KAI, "outage_link_preview"))
    await at.submit(KAI)
    assert "2 cases linked" in at.seen(KAI)
    shows = await at.board_shows(board["ts"], "*3 linked cases*")
    assert "Link matching cases…" not in shown(shows)
    await at.press(KAI, board["ts"], "outage.linked")
    await press_in_view(at, KAI, await at.view(KAI, "outage_linked"), "outage.all_listed")
    await at.view(KAI, "outage_link_preview")
    await at.submit(KAI)
    assert "3 links undone" in at.seen(KAI)


async def test_an_agent_links_and_undoes_a_single_case(at: OutageStory) -> None:
    await reported(at)
    card = await at.story.card(CUSTOMERS["ben"])
    view = await details(at.story, card["ts"])
    assert "Part of *Payments fail*?" in shown(view)
    await press_in_view(at, SAM, view, "outage.link")
    await at.story.card_shows(card["ts"], "🔗 *Payments fail*")
    await at.story.until(lambda: "Undo link" in at.seen(SAM), "Details of the linked case")
    await press_in_view(at, SAM, at.slack.open_view(SAM), "outage.unlink")
    await at.story.until(lambda: "🔗" not in shown(at.story.card_at(card["ts"])), "the card without the link")

    late = await at.story.card(LATE)
    view = await details(at.story, late["ts"])
    assert "Part of" not in shown(view)
    await press_in_view(at, SAM, view, "outage.link_to")
    await at.view(SAM, "outage_link_to")
    await at.submit(SAM)
    await at.story.card_shows(late["ts"], "🔗 *Payments fail*")


async def answering(at: OutageStory, ts: str, action: str = "outage.answer_linked") -> dict[str, Any]:
    """Have Kai open the form of a bulk answer."""
    await at.press(KAI, ts, action)
    return await at.view(KAI, "outage_answers")


def our_answers(at: OutageStory) -> list[str]:
    return at.story.our_posts()


@pytest.mark.long(10)
async def test_linked_customers_are_answered_once_and_told_when_it_is_solved(at: OutageStory) -> None:
    board = await linked(at)
    card = await at.story.card(CUSTOMERS["zoe"])
    await at.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await at.story.card_shows(card["ts"], "has it")
    form = await answering(at, board["ts"])
    assert "*2 people* will be answered" in shown(form)
    assert "1 claimed by a colleague" in shown(form)
    assert "Pay by bank transfer." in shown(form)

    ack = await at.submit(KAI, {"outage.wordings.en": "we know. {{ nonsense }}"})
    assert "cannot be filled" in str(ack.payload["errors"])
    ack = await at.submit(KAI, {"outage.wordings.en": "we know about it.\nwe are working on it."})
    assert "The wordings have changed" in str(ack.payload)
    assert our_answers(at) == []
    await at.submit(KAI)
    assert "on their way" in at.seen(KAI)
    await at.story.until(lambda: len(our_answers(at)) == 2, "two answers")
    await at.board_shows(board["ts"], "2 of 2 sent")
    texts = our_answers(at)
    assert len({text.partition(",")[2] for text in texts}) == 2
    assert {text.split()[1].rstrip(",") for text in texts} == {"Ana", "Ben"}

    again = await answering(at, board["ts"])
    assert "Nobody can be answered now" in shown(again)
    await at.press(KAI, board["ts"], "outage.results")
    results = await at.view(KAI, "outage_results")
    assert shown(results).count("✓ sent") == 2

    await further(at, board["ts"], "outage.resolve", "Paying works again.")
    await at.board_shows(board["ts"], "Nobody has written about it since it was resolved")
    form = await answering(at, board["ts"], "outage.tell_solved")
    assert "*2 people* will be answered" in shown(form)
    await at.submit(KAI)
    await at.story.until(lambda: len(our_answers(at)) == 4, "that it is solved")
    await at.board_shows(board["ts"], "*Told linked customers that it is solved:* 2 of 2 sent")
    assert len(set(our_answers(at))) == 4


@pytest.mark.long(10)
async def test_a_pause_holds_a_bulk_answer_and_a_claim_takes_its_customer_out(at: OutageStory) -> None:
    board = await linked(at)
    await at.press(KAI, board["ts"], "outage.pause")
    await at.view(KAI, "outage_pause")
    await at.submit(KAI)
    await at.board_shows(board["ts"], "All sending is paused")
    await answering(at, board["ts"])
    await at.submit(KAI)
    assert "This is held with it" in at.seen(KAI)
    await at.board_shows(board["ts"], "3 held")
    card = await at.story.card(CUSTOMERS["zoe"])
    await at.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await at.story.card_shows(card["ts"], "has it")
    assert our_answers(at) == []
    await at.press(KAI, board["ts"], "outage.resume")
    await at.story.until(lambda: len(our_answers(at)) == 2, "two answers")
    await at.board_shows(board["ts"], "2 of 3 sent · 1 skipped")
    await at.press(KAI, board["ts"], "outage.results")
    assert "claimed by a colleague" in shown(await at.view(KAI, "outage_results"))


async def test_whoever_was_not_answered_yet_is_not_once_it_is_stopped(at: OutageStory) -> None:
    board = await linked(at)
    await at.press(KAI, board["ts"], "outage.pause")
    await at.view(KAI, "outage_pause")
    await at.submit(KAI)
    await answering(at, board["ts"])
    await at.submit(KAI)
    await at.board_shows(board["ts"], "3 held")
    await at.press(KAI, board["ts"], "outage.stop_answers")
    await at.board_shows(board["ts"], "3 skipped · stopped by")
    await at.press(KAI, board["ts"], "outage.resume")
    await at.story.until(lambda: "paused" not in shown(at.story.card_at(board["ts"], ONCALL)), "no pause")
    assert our_answers(at) == []
