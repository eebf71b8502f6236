"""The pages of the stand-ins for issue trackers, on which a visitor of the demo closes an issue."""

import aiohttp
import pytest

from sandbox.app import new_app, serving
from sandbox.clock import WorldClock
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers import add_routes, boards
from sandbox.world import World, running

WORDS = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "From a customer:"}]},
        {
            "type": "blockquote",
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": "<i>no"}]}],
        },
    ],
}


@pytest.mark.parametrize(
    ("name", "project", "all_issues", "path", "key", "dropped", "state"),
    [
        (
            "linear",
            "ENG",
            "/linear/acme/team/ENG/all",
            "/linear/acme/issue/ENG-1",
            "ENG-1",
            "Canceled",
            "Canceled",
        ),
        (
            "jira",
            "SUP",
            "/jira/projects/SUP/issues",
            "/jira/browse/SUP-1",
            "SUP-1",
            "Won't Do",
            "Won&#x27;t Do",
        ),
        (
            "github",
            "acme/app",
            "/github/acme/app/issues",
            "/github/acme/app/issues/1",
            "acme/app#1",
            "not_planned",
            "not planned",
        ),
    ],
)
async def test_an_issue_is_listed_closed_and_opened_again(
    name: str, project: str, all_issues: str, path: str, key: str, dropped: str, state: str
) -> None:
    trackers, app = boards(Ledger(), Faults(), WorldClock().now), new_app()
    add_routes(app, trackers)
    issue = trackers[name].create(project, "<b>It fails</b>", "> words <script>")
    async with serving(app) as where, aiohttp.ClientSession() as browser:
        async with browser.get(f"{where}{all_issues}") as listed:
            text = await listed.text()
        assert f"<a href='{path}'>{key} &lt;b&gt;It fails&lt;/b&gt;</a> · open" in text
        for outcome, shown_as in ((dropped, f"closed as {state}"), ("", "open")):
            async with browser.post(f"{where}{path}", data={"outcome": outcome}) as shown:
                text = await shown.text()
            assert f"<p>{shown_as}</p>" in text
            assert "&lt;script&gt;" in text
            assert issue.outcome == outcome
        for given in trackers[name].outcomes:
            assert f"Close as {given.replace('_', ' ')}".replace("'", "&#x27;") in text
        async with browser.post(f"{where}{path}", data={"outcome": "eaten"}) as refused:
            assert refused.status == 400
        async with browser.get(f"{where}{all_issues.replace(project, 'OTHER')}") as missing:
            assert missing.status == 404
        async with browser.get(f"{where}{path[:-1]}77") as missing:
            assert missing.status == 404


async def test_a_document_is_shown_as_text() -> None:
    trackers, app = boards(Ledger(), Faults(), WorldClock().now), new_app()
    add_routes(app, trackers)
    trackers["jira"].create("SUP", "It fails", WORDS)
    async with (
        serving(app) as where,
        aiohttp.ClientSession() as browser,
        browser.get(f"{where}/jira/browse/SUP-1") as shown,
    ):
        assert "<pre>From a customer:\n\n&gt; &lt;i&gt;no</pre>" in await shown.text()


async def test_the_issues_of_all_trackers_are_listed_together() -> None:
    world = World.create()
    world.trackers["jira"].create("SUP", "First", WORDS)
    world.trackers["linear"].create("ENG", "Second", "words")
    world.trackers["github"].create("acme/app", "Third", "words")
    async with running(world) as address, aiohttp.ClientSession() as browser:
        async with browser.get(f"{address}/ui/notices") as answer:
            told = (await answer.json())["issues"]
        assert [(one["tracker"], one["key"], one["title"], one["state"]) for one in told] == [
            ("GitHub", "acme/app#1", "Third", "open"),
            ("Linear", "ENG-1", "Second", "open"),
            ("Jira", "SUP-1", "First", "open"),
        ]
        for one in told:
            async with browser.get(one["url"]) as page:
                assert one["title"] in await page.text()
