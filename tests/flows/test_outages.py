"""An outage from nothing to resolved, in Slack, with two people on call."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.delivery.outcomes import Failed, Unknown
from tests.flows.outages import OutageStory, running_outages
from tests.stories import KAI, LEO, ONCALL, RUTH, SUPPORT, shown

FORM = {
    "outage.title": "Payments fail",
    "outage.problem.0.en": "Paying by card fails for everyone.",
    "outage.workaround.0.en": "Pay by bank transfer.",
    "outage.components": ["Payments"],
    "outage.severity": "critical",
    "outage.due": "30",
}


@pytest.fixture
async def at(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OutageStory]:
    """A story with destinations that are lists, on each database in turn."""
    async with running_outages(tmp_path, database_url, monkeypatch) as story:
        yield story


def outage_of(board: dict[str, Any]) -> str:
    """Return the id of the outage that a board is of."""
    elements = next(block["elements"] for block in board["blocks"] if block["type"] == "actions")
    menu = next(element for element in elements if element["type"] == "overflow")
    return str(menu["options"][0]["value"].partition(":")[2])


async def drafted(at: OutageStory, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of any input
    """Have Kai type /outage, fill in the form and see the preview; return the board."""
    await at.slack.command(KAI, ONCALL, "/outage")
    await at.view(KAI, "outage_form")
    ack = await at.submit(KAI, FORM | changes)
    assert ack.payload["response_action"] == "update", ack
    return await at.board("Payments fail")


async def submitted(at: OutageStory, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of any input
    """Have Kai write an announcement and send it for approval; return the board."""
    board = await drafted(at, **changes)
    await at.submit(KAI)
    return await at.board_shows(board["ts"], "waits for approval")


async def approved(at: OutageStory, ts: str, who: str = RUTH, *, is_paused: bool = False) -> None:
    """Review what waits and approve it; during a pause, read that it is held."""
    await at.press(who, ts, "outage.review")
    view = await at.view(who, "outage_review")
    assert view["submit"]["text"] == "Approve and send", shown(view)
    ack = await at.submit(who)
    if is_paused:
        assert "This is held with it" in shown(ack.payload["view"]), ack
    else:
        assert ack.payload is None, ack


async def announced(at: OutageStory) -> dict[str, Any]:
    """Announce an outage everywhere; return the board."""
    board = await submitted(at)
    await approved(at, board["ts"])
    return await at.board_shows(board["ts"], "✓ *Posts*")


async def further(at: OutageStory, ts: str, action: str, words: str) -> None:
    """Have Kai write a further notice, send it for approval, and have Ruth approve it."""
    await at.board_shows(ts, "Resolve…")  # both buttons come back once the notice before has left
    await at.press(KAI, ts, action)
    await at.view(KAI, "outage_form")
    await at.submit(KAI, {"outage.problem.0.en": words})
    await at.view(KAI, "outage_preview")
    await at.submit(KAI)
    await at.board_shows(ts, "waits for approval")
    await approved(at, ts)


async def test_an_outage_from_nothing_to_resolved(at: OutageStory) -> None:
    board = await drafted(at)
    assert "Announcement is a draft" in shown(board)
    preview = await at.view(KAI, "outage_preview")
    assert "Paying by card fails for everyone." in shown(preview)
    assert "Meanwhile: Pay by bank transfer." in shown(preview)
    assert preview["submit"]["text"] == "Send for approval"
    await at.story.until(lambda: "reaches 3 readers" in at.seen(KAI), "whom it reaches")
    assert "costs $0.01" in at.seen(KAI)
    await at.submit(KAI)
    assert "It waits for approval" in at.seen(KAI)
    board = await at.board_shows(board["ts"], "waits for approval")
    asked = await at.story.thread_shows(board["ts"], "Approval is wanted", channel=ONCALL)
    assert at.page.published == []

    await at.slack.press(RUTH, ONCALL, asked["ts"], "outage.review")
    review = await at.view(RUTH, "outage_review")
    assert "Critical: nothing works" in shown(review)
    await at.submit(RUTH)
    shows = await at.board_shows(board["ts"], "✓ *Posts*")
    assert "*Payments fail* · Investigating" in shown(shows)
    told = await at.story.thread_shows(board["ts"], "Approved by", channel=ONCALL)
    assert told["ts"] == asked["ts"], "the request itself says so"
    assert "outage.review" not in str(told["blocks"])
    assert "Next update due" in shown(shows)
    [(text, first, latest)] = at.posts.published
    assert text.startswith("Paying by card fails for everyone.")
    assert "Next update by" in text
    assert (first, latest) == (None, None)

    await further(at, board["ts"], "outage.update", "We found the cause.")
    await at.story.until(lambda: len(at.posts.published) == 2, "the update")
    assert at.posts.published[1][0].startswith("Update: We found the cause.")
    assert at.posts.published[1][1] == "p1"
    await further(at, board["ts"], "outage.resolve", "Paying works again.")
    shows = await at.board_shows(board["ts"], "✅ *Payments fail* · Resolved")
    await at.story.until(lambda: len(at.page.published) == 3, "the resolution")
    assert at.page.published[2][0] == "Solved: Paying works again."
    assert "Post update…" not in shown(shows)
    assert "Next update due" not in shown(shows)
    assert "Reopen…" in shown(shows)


async def test_nobody_approves_their_own_and_of_two_approvers_one_is_first(at: OutageStory) -> None:
    board = await submitted(at)
    await at.press(KAI, board["ts"], "outage.review")
    review = await at.view(KAI, "outage_review")
    assert review["submit"] is None
    assert "somebody else has to approve it" in shown(review)
    await at.slack.close_view(KAI, review["id"])
    at.slack.join("U0MIA", ONCALL)
    at.story.bot.directory._cached_users.clear()  # type: ignore[union-attr] # members are kept for a minute
    for who in (RUTH, "U0MIA"):
        await at.press(who, board["ts"], "outage.review")
        await at.view(who, "outage_review")
    await asyncio.gather(at.submit(RUTH), at.submit("U0MIA"))
    await at.board_shows(board["ts"], "✓ *Posts*")
    told = at.seen(RUTH) + at.seen("U0MIA")
    assert told.count("has approved this announcement") == 1, told
    assert len(at.posts.published) == 1


async def test_whoever_has_nobody_left_to_approve_is_told(at: OutageStory) -> None:
    at.slack.user(RUTH).deleted = True
    await drafted(at)
    await at.view(KAI, "outage_preview")
    await at.submit(KAI)
    assert "nobody is left to approve it" in at.seen(KAI)
    assert "the on-call channel has nobody else" in at.seen(KAI)


async def test_an_edit_after_the_request_needs_a_new_approval(at: OutageStory) -> None:
    board = await submitted(at)
    await at.press(RUTH, board["ts"], "outage.review")
    await at.view(RUTH, "outage_review")
    await at.press(KAI, board["ts"], "outage.review")
    review = await at.view(KAI, "outage_review")
    await at.slack.press_in_view(KAI, review["id"], "outage.edit")
    preview = await at.view(KAI, "outage_preview")
    await at.slack.press_in_view(
        KAI,
        preview["id"],
        "outage.save_draft",
        values={"outage.text.0.1": "Paying fails. We are on it."},
    )
    assert "Saved as a draft" in at.seen(KAI)
    await at.submit(RUTH)
    assert "was changed after you looked at it" in at.seen(RUTH)
    assert at.posts.published == []
    again = await at.view(RUTH, "outage_review")
    assert "Paying fails. We are on it." in shown(again)
    assert again["submit"]["text"] == "Send for approval", "it is a draft again"
    await at.submit(KAI)
    await at.board_shows(board["ts"], "waits for approval")
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], "✓ *Posts*")
    assert at.posts.published[0][0] == "Paying fails. We are on it."
    assert at.page.published[0][0].startswith("Paying by card fails")


async def test_a_stale_approval_shows_what_the_notice_says_now_and_can_be_given_there(
    at: OutageStory,
) -> None:
    board = await submitted(at)
    await at.press(RUTH, board["ts"], "outage.review")
    await at.view(RUTH, "outage_review")
    await at.press(KAI, board["ts"], "outage.review")
    review = await at.view(KAI, "outage_review")
    await at.slack.press_in_view(KAI, review["id"], "outage.edit")
    await at.view(KAI, "outage_preview")
    await at.submit(KAI, {"outage.text.0.1": "Paying fails. We are on it."})
    assert "waits for approval" in at.seen(KAI)
    await at.submit(RUTH)
    again = await at.view(RUTH, "outage_review")
    assert "Nothing was sent: the notice was changed after you looked at it" in shown(again)
    assert "Paying fails. We are on it." in shown(again)
    assert again["submit"]["text"] == "Approve and send"
    assert at.posts.published == []
    await at.submit(RUTH)
    await at.board_shows(board["ts"], "✓ *Posts*")
    assert [text for text, *_ in at.posts.published] == ["Paying fails. We are on it."]


async def test_the_form_tells_faults_at_their_inputs_and_keeps_what_was_typed(at: OutageStory) -> None:
    await at.slack.command(KAI, ONCALL, "/outage")
    form = await at.view(KAI, "outage_form")
    ack = await at.submit(KAI)
    assert ack.failure == "not_sent", "Slack itself asks for what is missing"
    await at.slack.press_in_view(
        KAI,
        form["id"],
        "outage.add_language",
        "de",
        values={"outage.title": "Payments fail", "outage.problem.0.en": "Paying fails."},
    )
    form = await at.view(KAI, "outage_form")
    assert "Paying fails." in str(form["state"])
    ack = await at.submit(KAI, {"outage.workaround.0.de": "Bitte per Überweisung."})
    assert "Write something here" in ack.payload["errors"]["outage.problem.0.de"]
    ack = await at.submit(KAI, {"outage.problem.0.de": "Kartenzahlung geht nicht."})
    preview = await at.view(KAI, "outage_preview")
    assert "Posts (German)" in shown(preview)
    long = "Kartenzahlung geht nicht. " * 20
    ack = await at.submit(KAI, {"outage.text.0.2": long})
    assert "Too long" in ack.payload["errors"]["outage.text.0.2"]
    ack = await at.submit(KAI, {"outage.text.0.2": "Kartenzahlung geht bis 17:30 nicht."})
    assert "Nothing was sent yet" in at.seen(KAI)
    assert "17:30" in at.seen(KAI)
    await at.slack.press_in_view(KAI, preview["id"], "outage.back")
    form = await at.view(KAI, "outage_form")
    assert "Bitte per Überweisung." in shown(form)
    board = await at.board("Payments fail")
    assert "Announcement is a draft" in shown(board)


async def test_a_failed_line_is_retried_alone_and_an_unsure_one_is_settled(at: OutageStory) -> None:
    at.page.outcomes = [Failed("the page is locked")]
    at.posts.outcomes = [Unknown("no answer came")]
    at.posts.findings = []
    board = await submitted(at)
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], "*not sent:* the page is locked")
    await at.press(KAI, board["ts"], "outage.try_again")
    await at.board_shows(board["ts"], "✓ *Page*")
    assert len(at.page.published) == 1


async def test_sending_is_paused_and_resumed(at: OutageStory) -> None:
    board = await submitted(at)
    await at.press(KAI, board["ts"], "outage.pause")
    await at.view(KAI, "outage_pause")
    await at.submit(KAI)
    assert "All sending is paused" in at.seen(KAI)
    await at.board_shows(board["ts"], "All sending is paused")
    await at.press(RUTH, board["ts"], "outage.review")
    assert "This waits until somebody resumes" in shown(await at.view(RUTH, "outage_review"))
    await approved(at, board["ts"], is_paused=True)
    await at.board_shows(board["ts"], "⏸️ *Posts* · held until sending is resumed")
    ack = await at.slack.command(RUTH, ONCALL, "/outage pause")
    assert "paused already" in shown(ack.payload)
    assert "type `/outage pause answers`" in shown(ack.payload)
    ack = await at.slack.command(RUTH, ONCALL, "/outage pause answers")
    assert f"<@{KAI}>" in shown(ack.payload)
    assert "Answers of agents are held too" in shown(ack.payload)
    await at.board_shows(board["ts"], "Answers of agents are held too")
    assert at.posts.published == []
    await at.press(RUTH, board["ts"], "outage.resume")
    await at.board_shows(board["ts"], "✓ *Posts*")
    assert len(at.posts.published) == 1


async def test_a_board_that_was_deleted_is_posted_again(at: OutageStory) -> None:
    board = await submitted(at)
    at.slack.delete_message(ONCALL, board["ts"])
    await at.slack.command(RUTH, ONCALL, "/outage pause")
    await at.view(RUTH, "outage_pause")
    await at.submit(RUTH)
    again = await at.board("All sending is paused")
    assert again["ts"] != board["ts"]
    await approved(at, again["ts"], is_paused=True)
    await at.press(RUTH, again["ts"], "outage.resume")
    await at.board_shows(again["ts"], "✓ *Posts*")


async def test_others_are_told_who_may(at: OutageStory) -> None:
    ack = await at.slack.command(LEO, "C0GENERAL", "/outage")
    assert "outages are for members of the on-call channel" in shown(ack.payload)
    assert at.slack.open_view(LEO) is None
    ack = await at.slack.command(KAI, ONCALL, "/outage list")
    assert "no outage yet" in shown(ack.payload)
    board = await announced(at)
    ack = await at.slack.command(KAI, ONCALL, "/outage list")
    number = outage_of(board)
    assert f"{number}. 🔴 *Payments fail*" in shown(ack.payload)
    await at.slack.command(KAI, SUPPORT, "/outage")
    form = await at.view(KAI, "outage_form")
    assert form["title"]["text"] == "Post an update"
    await at.slack.press_in_view(KAI, form["id"], "outage.open")
    form = await at.view(KAI, "outage_form")
    assert form["title"]["text"] == "Announce an outage"
    await at.slack.close_view(KAI, form["id"])
    await at.press(KAI, board["ts"], "outage.more", f"lead:{number}")
    await at.view(KAI, "outage_lead")
    ack = await at.submit(KAI, {"outage.lead": LEO})
    assert "may not act on outages" in ack.payload["errors"]["outage.lead"]
    await at.submit(KAI, {"outage.lead": RUTH})
    await at.board_shows(board["ts"], f"Led by <@{RUTH}>")
    await at.press(RUTH, board["ts"], "outage.more", f"retract:{number}")
    form = await at.view(RUTH, "outage_retract")
    select = next(block["element"] for block in form["blocks"] if block["type"] == "input")
    await at.submit(RUTH, {"outage.retract": select["options"][0]["value"]})
    await at.board_shows(board["ts"], "*Page* · deleted")
    assert at.page.retracted == ["p1"]


async def test_an_update_changes_the_title_and_the_older_notice_is_corrected(at: OutageStory) -> None:
    board = await announced(at)
    number = outage_of(board)
    await at.press(KAI, board["ts"], "outage.update")
    form = await at.view(KAI, "outage_form")
    assert "initial_value': 'Payments fail'" in str(form["blocks"]), "the title is prefilled"
    typed = {"outage.problem.0.en": "Only cards.", "outage.title": "Cards fail", "outage.severity": "minor"}
    await at.submit(KAI, typed)
    assert "Changes the title:* Payments fail → Cards fail" in at.seen(KAI).replace("\u2068", "").replace(
        "\u2069", ""
    )
    await at.submit(KAI)
    await at.board_shows(board["ts"], "waits for approval")
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], "*Cards fail*")
    await at.press(KAI, board["ts"], "outage.more", f"correct:{number}")
    choice = await at.view(KAI, "outage_correct")
    radios = next(block["element"] for block in choice["blocks"] if block["type"] == "input")
    assert "Only cards." in radios["options"][0]["description"]["text"]
    await at.submit(KAI, {"outage.correct": radios["options"][1]["value"]})
    form = await at.view(KAI, "outage_form")
    assert form["title"]["text"] == "Correct the notice"
    assert "Paying by card fails for everyone." in str(form["blocks"])
    await at.submit(KAI, {"outage.problem.0.en": "Paying by card fails for some."})
    await at.submit(KAI)
    await at.board_shows(board["ts"], "Correction waits for approval")
    await approved(at, board["ts"])
    await at.story.until(lambda: at.page.corrected, "the correction")
    assert at.page.corrected[0][1] == "p1", "by the receipt of the notice that it corrects"


async def test_the_time_line_comes_as_a_file(at: OutageStory) -> None:
    board = await announced(at)
    ack = await at.slack.command(KAI, ONCALL, "/outage timeline")
    assert "comes to your direct messages" in shown(ack.payload)
    uploads = at.story.world.ledger
    await at.story.until(lambda: uploads.of("slack", "files.completeUploadExternal"), "the file")
    [sent] = uploads.of("slack", "files.completeUploadExternal")
    number = outage_of(board)
    assert sent.detail["files"] == [f"outage-{number}-timeline.md"]
    await at.press(RUTH, board["ts"], "outage.more", f"timeline:{number}")
    assert "comes to your direct messages" in at.story.ephemeral_text(RUTH)
    ack = await at.slack.command(KAI, ONCALL, "/outage timeline nine")
    assert "Write the number" in shown(ack.payload)
