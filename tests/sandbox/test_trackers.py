"""The pages of the stand-in for GitHub, where a visitor of the demo closes an issue."""

import aiohttp

from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers import github


async def test_an_issue_is_listed_closed_and_opened_again() -> None:
    board, app = github.a_board(Ledger(), Faults()), new_app()
    github.add_routes(app, board)
    issue = board.create("acme/app", "<b>It fails</b>", "> words <script>")
    async with serving(app) as where, aiohttp.ClientSession() as browser:
        async with browser.get(f"{where}/github/acme/app/issues") as listed:
            assert "#1 &lt;b&gt;It fails&lt;/b&gt;</a> · open" in await listed.text()
        page = f"{where}/github/acme/app/issues/1"
        for outcome, state in (("not_planned", "closed as not planned"), ("", "open")):
            async with browser.post(page, data={"outcome": outcome}) as shown:
                text = await shown.text()
            assert f"<p>{state}</p>" in text
            assert "&lt;script&gt;" in text
            assert issue.outcome == outcome
        async with browser.post(page, data={"outcome": "eaten"}) as refused:
            assert refused.status == 400
        async with browser.get(f"{where}/github/acme/other/issues") as missing:
            assert missing.status == 404
