"""A case is routed, given to who is there, tagged and noted; whoever takes it over reads the note."""

from pathlib import Path

from tests.stories import KAI, MIA, QUICK, SAM, SUPPORT, Story, details, has_it, running_story, shown

CHOICES = (
    QUICK
    + """
[rota]
mode = "round_robin"
[tags]
proposed = ["billing"]
[[slack.routes]]
name = "money"
words = ["payment"]
mention = "@support-agents"
rank = "raise"
"""
)
NOTE = "She called <b>twice</b>"


async def opened(story: Story, ts: str, action: str) -> str:
    """Press a button of Sam's Details; return the id of the form that takes their place."""
    found = await details(story, ts)
    await story.world.slack.press_in_view(SAM, found["id"], action)
    return str((story.world.slack.open_view(SAM) or {})["id"])


async def test_a_case_is_routed_given_out_tagged_and_handed_on_with_a_note(tmp_path: Path) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", choices=CHOICES) as story:
        slack = story.world.slack
        for person in slack.users.values():
            person.is_present = person.id == SAM
        story.customer_writes("@acme your app eats my payment")
        ts = str((await story.card("eats my payment"))["ts"])
        await story.card_shows(ts, has_it(SAM))
        await story.thread_shows(ts, "assigned it")
        assert "“money” (“payment” in the text): ranked higher" in shown(await details(story, ts))

        form = await opened(story, ts, "case.tags")
        refused = await slack.submit(SAM, form, {"tags.of_customer": "vip"})
        assert "needs a reason" in str(refused.payload)
        typed = {"tags.of_case": "App", "tags.of_customer": "vip", "tags.reason": "400 seats"}
        await slack.submit(SAM, form, typed)
        await story.card_shows(ts, "🏷️ VIP, app")
        await slack.command(SAM, SUPPORT, "/mentions find tag:app")
        await story.until(lambda: "Cases with “tag:app”" in story.ephemeral_text(SAM), "what was found")

        form = await opened(story, ts, "case.note")
        await slack.submit(SAM, form, {"note.text": NOTE})
        await story.thread_shows(ts, "added a note")
        await slack.press(MIA, SUPPORT, ts, "case.take_over")
        assert NOTE in shown(await story.form(MIA))
        assert story.our_posts() == []

        slack.open_home(KAI)
        home = await story.until(lambda: slack.home(KAI), "a Home for Kai")
        await slack.press_in_view(KAI, home["id"], "home.away", "4h")
        await story.until(lambda: "You are away until" in shown(slack.home(KAI) or {}), "that Kai is away")
        home = slack.home(KAI) or {}
        await slack.press_in_view(KAI, home["id"], "home.back")
        await story.until(lambda: "you are given cases" in shown(slack.home(KAI) or {}), "that Kai is back")
