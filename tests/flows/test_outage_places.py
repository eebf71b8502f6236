"""Outages on App Home, in Details, on cards, as planned work, and with a lead who leaves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.outages.results import record_publication_unsure
from storage.unit_of_work import UnitOfWork
from tests.flows.outages import OutageStory, running_outages
from tests.flows.test_outages import announced, approved, drafted, outage_of, submitted
from tests.stories import KAI, LEO, ONCALL, RUTH, SAM, SUPPORT, Story, details, shown


@pytest.fixture
async def at(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OutageStory]:
    """A story with destinations that are lists, on each database in turn."""
    async with running_outages(tmp_path, database_url, monkeypatch) as story:
        yield story


def home_of(at: OutageStory, who: str) -> str:
    """Return what this person's App Home shows."""
    home = at.slack.home(who)
    return shown(home) if home is not None else ""


async def test_home_lists_open_outages_and_to_the_on_call_alone_no_case(at: OutageStory) -> None:
    story: Story = at.story
    await announced(at)
    story.customer_writes("@acme third time the app eats my payment and shows an error")
    await story.card("third time")
    at.slack.open_home(SAM)
    await story.until(lambda: "*Payments fail* · Investigating" in home_of(at, SAM), "the outage")
    assert "Open board" in home_of(at, SAM)
    assert "third time" in home_of(at, SAM)
    at.slack.join(LEO, ONCALL)
    story.bot.directory._cached_users.clear()  # type: ignore[union-attr] # members are kept for a minute
    at.slack.open_home(LEO)
    await story.until(lambda: "*Payments fail* · Investigating" in home_of(at, LEO), "the outage")
    home = at.slack.home(LEO)
    await at.slack.press_in_view(LEO, home["id"], "outage.show_board")
    assert "third time" not in home_of(at, LEO)
    assert home_of(at, LEO).index("Payments fail") < home_of(at, LEO).index("Open an outage…")
    assert "The queue is shown to those who may act on it" in home_of(at, LEO)


async def test_details_open_the_form_with_the_customers_words_to_look_at(at: OutageStory) -> None:
    at.story.customer_writes("@acme third time the app eats my payment and shows an error")
    card = await at.story.card("third time")
    found = await details(at.story, card["ts"], KAI)
    await at.slack.press_in_view(KAI, found["id"], "outage.report")
    form = await at.view(KAI, "outage_form")
    assert "it is not sent" in shown(form)
    assert "third time the app eats my payment" in shown(form)
    inputs = [block["element"] for block in form["blocks"] if block["type"] == "input"]
    assert not any("eats my payment" in str(element.get("initial_value")) for element in inputs)
    await at.slack.close_view(KAI, form["id"])
    await at.slack.use_shortcut(KAI, "outage_report", SUPPORT, card["ts"])
    form = await at.view(KAI, "outage_form")
    assert "third time the app eats my payment" in shown(form), "the menu of a card knows its case"
    await at.slack.close_view(KAI, form["id"])
    await at.slack.use_shortcut(KAI, "outage_open")
    form = await at.view(KAI, "outage_form")
    assert "it is not sent" not in shown(form)
    await at.slack.close_view(KAI, form["id"])
    await at.slack.use_shortcut(SAM, "outage_open")
    assert "outages are for members of the on-call channel" in at.seen(SAM)
    found = await details(at.story, card["ts"], SAM)
    with pytest.raises(LookupError, match=r"outage\.report"):
        await at.slack.press_in_view(SAM, found["id"], "outage.report")


async def test_a_card_says_who_paused_while_its_answer_is_held(at: OutageStory) -> None:
    story = at.story
    story.customer_writes("@acme third time the app eats my payment and shows an error")
    card = await story.card("third time")
    await at.slack.command(KAI, ONCALL, "/outage pause")
    await at.view(KAI, "outage_pause")
    await at.submit(KAI, {"outage.let_answers": []})
    await story.answer(SAM, card["ts"], "Hi Ana, we are looking into it.")
    shows = await story.card_shows(card["ts"], "All sending is paused")
    assert f"by <@{KAI}>" in shown(shows)
    assert "Answers of agents are held too" in shown(shows)
    assert story.our_posts() == []
    ack = await at.slack.command(RUTH, ONCALL, "/outage resume")
    assert "Sending goes on" in shown(ack.payload)
    shows = await story.card_shows(card["ts"], "Sent")
    assert "All sending is paused" not in shown(shows)


async def test_planned_work_has_a_start_and_an_end(at: OutageStory) -> None:
    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
    await at.slack.command(KAI, ONCALL, "/outage maintenance")
    form = await at.view(KAI, "outage_form")
    assert form["title"]["text"] == "Announce planned work"
    values = {
        "outage.title": "New database",
        "outage.problem.0.en": "We move to a new database.",
        "outage.starts": int(start.timestamp()),
        "outage.ends": int(start.timestamp()) - 60,
    }
    ack = await at.submit(KAI, values)
    assert "The end has to be after the start" in ack.payload["errors"]["outage.ends"]
    await at.submit(KAI, values | {"outage.ends": int(start.timestamp()) + 3600})
    preview = await at.view(KAI, "outage_preview")
    assert "Planned work: We move to a new database." in shown(preview)
    assert f"From {start:%H:%M} UTC to" in shown(preview) or f"{start:%H:%M} UTC to" in shown(preview)
    board = await at.board("New database")
    assert "🗓️ From" in shown(board)
    await at.submit(KAI)
    await at.board_shows(board["ts"], "waits for approval")
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], "✓ *Posts*")
    later = start + timedelta(hours=5)
    await at.press(KAI, board["ts"], "outage.update")
    await at.view(KAI, "outage_form")
    longer = {"outage.problem.0.en": "It takes longer."}
    ack = await at.submit(KAI, longer | {"outage.ends": int(start.timestamp()) - 60})
    assert "The end has to be after the start" in ack.payload["errors"]["outage.ends"]
    await at.submit(KAI, longer | {"outage.ends": int(later.timestamp())})
    assert "Changes the planned end" in shown(await at.view(KAI, "outage_preview"))
    await at.submit(KAI)
    await at.board_shows(board["ts"], "waits for approval")
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], f"until <!date^{int(later.timestamp())}")
    await at.story.until(lambda: "It takes longer." in at.page.published[-1][0], "the update on the page")
    assert f"{later:%H:%M} UTC" in at.page.published[-1][0]


@pytest.mark.long(20)
async def test_a_lead_who_was_deactivated_has_no_rights_and_the_board_says_so(at: OutageStory) -> None:
    board = await announced(at)
    at.slack.users[KAI].deleted = True
    at.story.bot.directory._users.clear()  # type: ignore[union-attr] # kept for a minute
    await at.press(KAI, board["ts"], "outage.update")
    assert "your account is deactivated in Slack" in at.story.ephemeral_text(KAI)
    await at.press(RUTH, board["ts"], "outage.more", f"lead:{outage_of(board)}")
    await at.view(RUTH, "outage_lead")
    ack = await at.submit(RUTH, {"outage.lead": KAI})
    assert "may not act on outages" in ack.payload["errors"]["outage.lead"]
    alert = await at.story.card("who is no longer in Slack", channel=ONCALL)
    assert "Hand over the lead…" in shown(alert)
    await at.board_shows(board["ts"], "leads this and is no longer in Slack")
    await at.submit(RUTH, {"outage.lead": RUTH})
    await at.board_shows(board["ts"], f"Led by <@{RUTH}>")


async def test_what_waits_for_approval_is_sent_though_its_author_was_deactivated(at: OutageStory) -> None:
    board = await submitted(at)
    at.slack.users[KAI].deleted = True
    at.story.bot.directory._users.clear()  # type: ignore[union-attr] # kept for a minute
    await at.press(KAI, board["ts"], "outage.review")
    assert "your account is deactivated in Slack" in at.story.ephemeral_text(KAI)
    await approved(at, board["ts"])
    await at.board_shows(board["ts"], "✓ *Posts*")
    await at.board_shows(board["ts"], "leads this and is no longer in Slack")
    assert len(at.page.published) == 1


async def test_an_unsure_line_is_settled_by_who_looked(at: OutageStory) -> None:
    board = await announced(at)
    bot = at.story.bot
    assert bot is not None

    def unsure(uow: UnitOfWork) -> None:
        [page, _] = uow.publications.of_outage(int(outage_of(board)))
        record_publication_unsure(uow, publication_id=page.id, reason="no answer", now=bot.clock.now())

    await bot.desk.run(unsure)
    await at.board_shows(board["ts"], "*not sure that it was sent:* no answer")
    await at.press(KAI, board["ts"], "outage.is_there")
    await at.board_shows(board["ts"], "✓ *Page*")


async def test_groups_of_the_settings_decide_who_may_what(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = '\n[outages]\napprove_group = "@support-agents"\n'
    async with running_outages(tmp_path, database_url, monkeypatch, choices=choices) as at:
        board = await submitted(at)
        await at.press(RUTH, board["ts"], "outage.review")
        review = await at.view(RUTH, "outage_review")
        assert review["submit"] is None
        assert "You may not approve notices" in shown(review)
        at.slack.join(SAM, ONCALL)
        await approved(at, board["ts"], SAM)
        await at.board_shows(board["ts"], "✓ *Posts*")
        ack = await at.slack.command(LEO, "C0GENERAL", "/outage list")
        assert "for members of the on-call channel or @support-agents" in shown(ack.payload)


async def test_without_approval_a_notice_is_sent_at_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = "\n[outages]\napproval = false\n"
    async with running_outages(tmp_path, database_url, monkeypatch, choices=choices) as at:
        board = await drafted(at)
        preview = await at.view(KAI, "outage_preview")
        assert preview["submit"]["text"] == "Send now"
        await at.submit(KAI)
        assert "It is being sent" in at.seen(KAI)
        await at.board_shows(board["ts"], "✓ *Posts*")
        assert len(at.posts.published) == 1


async def test_a_model_proposes_a_translation_that_is_marked(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_outages(tmp_path, database_url, monkeypatch, model=True) as at:
        await at.slack.command(KAI, ONCALL, "/outage")
        form = await at.view(KAI, "outage_form")
        await at.slack.press_in_view(KAI, form["id"], "outage.add_language", "de")
        await at.slack.press_in_view(KAI, form["id"], "outage.translate")
        assert "write first what is wrong" in at.seen(KAI)
        typed = {"outage.title": "Payments fail", "outage.problem.0.en": "Paying by card fails."}
        await at.slack.press_in_view(KAI, form["id"], "outage.translate", values=typed)
        await at.story.until(lambda: "Translated by a machine" in at.seen(KAI), "the translation")
        form = await at.view(KAI, "outage_form")
        assert "Paying by card fails." in str(form["state"])
        german = form["state"]["values"]["outage.problem.1.de"]["outage.problem"]["value"]
        assert german
        await at.submit(KAI)
        await at.view(KAI, "outage_preview")
        assert german in at.seen(KAI)
