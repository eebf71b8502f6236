"""Who is no member of the workspace does nothing, in Socket Mode and over HTTP; lines count once."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from adapters.networks.registry import NETWORKS, settings_of
from adapters.settings import load_settings
from bot import SystemClock, build
from sandbox.slack import Channel, payloads
from sandbox.slack.entities import User
from tests.flows.test_http_mode import by_http
from tests.handoff_stories import (
    AT_ONCE,
    OFTEN,
    claimed,
    customer_says,
    inbox,
    offer,
    say,
    wait_until_delivered,
)
from tests.stories import (
    KAI,
    LEO,
    MIA,
    ONCALL,
    RUTH,
    SAM,
    SUPPORT,
    Story,
    button,
    has_it,
    old_release,
    running_story,
    shown,
)

COMPLAINT = "@acme third time the app eats my payment"
EVE, TOM, FLOW = "U0EVE", "U0TOM", "U0FLOW"
OUTSIDERS = {
    EVE: "you belong to another organisation",
    TOM: "you belong to another organisation",
    MIA: "you are a guest",
    KAI: "your account is deactivated",
    FLOW: "bots, apps and workflows",
}


def with_outsiders(story: Story) -> None:
    """Share the support channel with another organisation, and have a guest, a bot and a leaver in it."""
    slack = story.world.slack
    slack.add_user(User(EVE, "eve", "Eve Stranger", "T0OTHER", is_stranger=True))
    slack.add_user(User(TOM, "tom", "Tom Partner", "T0OTHER"))  # whom Slack does not call a stranger
    slack.add_user(User(FLOW, "flow", "Flow", "T0SWITCH", is_bot=True))
    slack.users[MIA].is_ultra_restricted = True
    slack.users[KAI].deleted = True
    slack.channel(SUPPORT).is_ext_shared = True
    for user in (EVE, TOM, FLOW):
        slack.join(user, SUPPORT)
        slack.join(user, ONCALL)


async def outsiders_are_refused(story: Story, ts: str) -> None:
    """Try everything as each of them, and as somebody of another workspace."""
    slack = story.world.slack
    for user, words in OUTSIDERS.items():
        await slack.press(user, SUPPORT, ts, "case.claim")
        await hears(story, user, words)
        await slack.press(user, SUPPORT, ts, "case.answer")
        assert slack.open_view(user) is None
        heard = len(slack.ephemerals(user))
        ack = await slack.command(user, SUPPORT, "/mentions next")
        assert ack.answered, ack
        assert words in shown(slack.ephemerals(user)[heard])
        await slack.use_shortcut(user, "outage_report", SUPPORT, ts)
        view = slack.open_view(user)
        assert view is None or words in shown(view)
        for channel, command in ((ONCALL, "/outage"), (SUPPORT, "/mentions find payment")):
            ack = await slack.command(user, channel, command)
            assert words in str(ack.payload)
        home = await shown_home(story, user)
        assert "third time" not in shown(home)
        assert words in shown(home)
        heard = len(slack.ephemerals(user))
        await slack.say(user, SUPPORT, "@Switchboard we pay you 100 €", ts)
        await hears(story, user, "Nothing was sent to the customer", after=heard)
    form = await opened_form(story, ts)
    for user, words in OUTSIDERS.items():
        ack = await interact(story, {**submission(story, form), "user": who(story, user)})
        assert words in str(ack.payload)
    for change in ({"team": {"id": "T0OTHER"}}, {"api_app_id": "A0OTHER"}, {"enterprise": {"id": "E0OTHER"}}):
        ack = await interact(story, {**submission(story, form), **change})
        assert "comes from another Slack workspace" in str(ack.payload)
    await story.world.slack.close_view(SAM, form.id)
    assert story.our_posts() == []
    assert "has it" not in shown(story.card_at(ts))


async def hears(story: Story, user: str, words: str, *, after: int = 0) -> None:
    """Wait until a message to this person alone, but for the first ones, says this."""
    await story.until(
        lambda: any(words in shown(one) for one in story.world.slack.ephemerals(user)[after:]), words
    )


async def shown_home(story: Story, user: str) -> dict[str, Any]:
    """Open somebody's App Home and wait for it."""
    story.world.slack.open_home(user)
    return await story.until(lambda: story.world.slack.home(user), "App Home")


async def opened_form(story: Story, ts: str) -> Any:  # noqa: ANN401 - the sandbox's view
    """Open Sam's answer form, and have him write in it."""
    await story.world.slack.press(SAM, SUPPORT, ts, "case.answer")
    view = story.world.slack.view_store.get((await story.form(SAM))["id"])
    block = next(one["block_id"] for one in view.body["blocks"] if "answer.text" in str(one))
    view.values = {block: {"answer.text": {"type": "plain_text_input", "value": "We are on it."}}}
    return view


def submission(story: Story, form: Any) -> dict[str, Any]:  # noqa: ANN401 - the sandbox's view
    return payloads.view_submission(story.world.slack, form)


def who(story: Story, user: str) -> dict[str, Any]:
    return {"id": user, "name": user, "team_id": story.world.slack.user(user).team_id}


async def interact(story: Story, payload: dict[str, Any]) -> Any:  # noqa: ANN401 - the sandbox's ack
    """Send a payload as it is, even one that Slack would not send."""
    return await story.world.slack.delivery.interact("interactive", payload)


async def a_replay_does_nothing(story: Story, ts: str) -> None:
    """Claim, release, and have the claim come again."""
    slack = story.world.slack
    card = story.card_at(ts)
    action = {**button(card, "case.claim"), "action_ts": "1.1"}
    claim = payloads.message_action(slack, SAM, slack.channel(SUPPORT), card, action, {})
    await interact(story, claim)
    await story.card_shows(ts, has_it(SAM))
    await interact(story, claim)
    assert "changed" not in story.ephemeral_text(SAM)
    await slack.act(SAM, old_release(story.card_at(ts)), channel=SUPPORT, ts=ts)
    await story.until(lambda: "has it" not in shown(story.card_at(ts)), "the release")
    before = len(slack.ephemerals(SAM))
    await interact(story, claim)
    await slack.command(SAM, SUPPORT, "/mentions mine")
    assert "has it" not in shown(story.card_at(ts))
    assert len(slack.ephemerals(SAM)) == before + 1


async def overhear_claim(story: Story, ts: str) -> tuple[str, dict[str, str]]:
    """Claim a case; return the body and the headers of that request, which changes of the card follow."""
    http: Any = story.world.slack.delivery.transport
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    body, headers = http.last
    assert "case.claim" in unquote_plus(body)
    await story.card_shows(ts, has_it(SAM))
    return body, headers


async def test_outsiders_and_replays_do_nothing_in_socket_mode(tmp_path: Path) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as story:
        with_outsiders(story)
        story.customer_writes(COMPLAINT)
        ts = str((await story.card("third time"))["ts"])
        await outsiders_are_refused(story, ts)
        await a_replay_does_nothing(story, ts)


async def test_outsiders_and_replays_do_nothing_over_http(tmp_path: Path) -> None:
    async with by_http(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as endpoint:
        story, ts, slack = endpoint.story, endpoint.ts, endpoint.story.world.slack
        with_outsiders(story)
        await outsiders_are_refused(story, ts)
        await a_replay_does_nothing(story, ts)
        http: Any = slack.delivery.transport
        overheard = await overhear_claim(story, ts)
        await slack.act(SAM, old_release(story.card_at(ts)), channel=SUPPORT, ts=ts)
        await story.until(lambda: "has it" not in shown(story.card_at(ts)), "the release")
        before = endpoint.state()
        assert await http.replay(overheard) == 200
        assert endpoint.state() == before


async def test_a_press_that_one_copy_handled_does_nothing_in_another_nor_after_a_restart(
    tmp_path: Path, fresh_postgres: str
) -> None:
    async with by_http(tmp_path, fresh_postgres) as endpoint:
        story, slack = endpoint.story, endpoint.story.world.slack
        overheard = await overhear_claim(story, endpoint.ts)
        await slack.act(SAM, old_release(story.card_at(endpoint.ts)), channel=SUPPORT, ts=endpoint.ts)
        await story.until(lambda: "has it" not in shown(story.card_at(endpoint.ts)), "the release")
        before = endpoint.state()
        elsewhere = {**story.environment, "HTTP_PORT": "0"}
        settings = load_settings(tmp_path, elsewhere, networks=settings_of(NETWORKS))
        for _ in ("another copy", "the same after a restart"):
            copy = build(settings, SystemClock())
            try:
                edges = await copy.start()
                body, headers = overheard
                there = replace(endpoint, url=f"{edges.web.address}/slack/events")
                assert (await there.send(body, headers))[0] == 200
            finally:
                await copy.stop()
            assert endpoint.state() == before
            assert slack.ephemerals(SAM) == []


async def test_a_new_channel_under_an_old_name_gets_no_card(tmp_path: Path) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as story:
        slack = story.world.slack
        await story.stop()
        slack.rename(SUPPORT, "help")
        slack.add_channel(Channel("C0SECOND", "support", "", [slack.app.bot_user_id, LEO]))
        await story.start()
        await story.card("is called #help today", channel=ONCALL)
        story.customer_writes(COMPLAINT)
        ts = str((await story.card("third time"))["ts"])
        assert slack.messages("C0SECOND") == []
        await slack.press(RUTH, SUPPORT, ts, "case.claim")
        await story.card_shows(ts, has_it(RUTH))
        await slack.command(LEO, "C0SECOND", "/mentions next")
        assert "Nothing was done" in story.ephemeral_text(LEO)


async def test_members_of_a_new_channel_under_the_old_name_of_on_call_announce_nothing(
    tmp_path: Path,
) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as story:
        slack = story.world.slack
        await story.stop()
        slack.rename(ONCALL, "incidents")
        slack.add_channel(Channel("C0SECOND", "oncall", "", [slack.app.bot_user_id, LEO]))
        await story.start()
        await story.card("is called #incidents today", channel=ONCALL)
        ack = await slack.command(LEO, "C0SECOND", "/outage")
        assert "you are not one of them" in str(ack.payload)
        assert slack.open_view(LEO) is None
        await slack.command(RUTH, ONCALL, "/outage")
        await story.form(RUTH)
        assert slack.messages("C0SECOND") == []


async def test_a_line_that_is_edited_or_deleted_goes_out_once_and_can_be_corrected(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'switchboard.db'}"
    async with running_story(tmp_path, database, choices=AT_ONCE, x_limits=OFTEN) as story:
        slack = story.world.slack
        story.customer_writes(COMPLAINT)
        ts = await claimed(story, "third time")
        await offer(story, ts, "dm")
        await story.until(story.our_posts, "the offer")
        customer_says(story, "Here I am")
        await story.card_shows(ts, "Verified")
        said = await say(story, ts, "Your refund is 49 €")
        await wait_until_delivered(story, ts, said)
        slack.edit(SAM, SUPPORT, said, "@Switchboard Your refund is 94 €")
        told = await story.until(
            lambda: next((m for m in slack.ephemerals(SAM) if "first wording" in shown(m)), None), "a word"
        )
        await slack.settled()
        assert sum("first wording" in shown(m) for m in slack.ephemerals(SAM)) == 1
        await story.thread_shows(ts, "changed a line here that had gone out")
        await slack.press(SAM, SUPPORT, told["ts"], "line.correction")
        form = await story.form(SAM)
        await slack.submit(SAM, form["id"])
        await story.until(lambda: "Your refund is 94 €" in inbox(story), "the correction")
        bare = await slack.say(SAM, SUPPORT, "It is on its way", ts, also_to_channel=True)
        slack.edit(SAM, SUPPORT, bare["ts"], "@Switchboard It is on its way")
        await wait_until_delivered(story, ts, bare["ts"])
        slack.delete_message(SUPPORT, bare["ts"])
        await story.until(lambda: "Deleting your line here" in story.ephemeral_text(SAM), "a word")
        assert inbox(story).count("It is on its way") == 1
        assert inbox(story).count("Your refund is 49 €") == 1
