"""Rendering of Slack's mrkdwn as DOM nodes, through a real message."""

import time

from playwright.async_api import Page, expect

from tests.browser import ON_PAGE, Visit
from tests.sandbox.page.conftest import Bot

pytestmark = ON_PAGE

CASES = {
    "*bold* and _slanted_ and ~struck~ and `code`": [
        ("strong", "bold"),
        ("em", "slanted"),
        ("s", "struck"),
        ("code", "code"),
    ],
    "*bold with _slanted_ inside*": [("strong", "bold with slanted inside"), ("em", "slanted")],
    "*not bold *": [],
    "2*3*4 snake_case_name ~/home": [],
    "`*only code*`": [("code", "*only code*")],
    "```block\nof *code*```": [("pre", "block\nof *code*")],
    "> quoted *well*\nnot quoted": [("blockquote", "quoted well"), ("strong", "well"), ("p", "not quoted")],
    "&gt; quoted too": [("blockquote", "quoted too")],
    "• one\n• two": [("li", "one"), ("li", "two")],
    "<https://example.com/a?b=1&amp;c=2|label &lt;b&gt;>": [("a", "label <b>")],
    "see https://example.com/x.": [("a", "https://example.com/x")],
    "<mailto:a@example.com|write>": [("a", "write")],
    "<javascript:alert(1)|press me>": [],
    "<data:text/html,x|press me>": [],
    "<@U0MIA> in <#C0ONCALL>": [(".mention", "@Mia Lindqvist"), (".mention", "#oncall")],
    "<!here> <!subteam^S0AGENTS|@support-agents>": [(".mention", "@here"), (".mention", "@support-agents")],
    "<!date^1700000000^{date_num} {nonsense}|then>": [("time", "2023-11-14 {nonsense}")],
    "<!date^soon^{ago}|later>": [],
    "<https://example.com|*bold* label>": [("a", "bold label"), ("strong", "bold")],
    "<!date^00000000^{_}|*>not bold<!date^00000000^{_}|*> <!date^00000000^{_}|:>tada:": [
        ("p", "*not bold* :tada:")
    ],
    "\u00ad&gt; no quote": [("p", "\u00ad> no quote")],
    ":tada: at 10:30:45 :no_such_emoji:": [(".emoji", "🎉")],
}
MARKED = "strong, em, s, code, pre, blockquote, li, a, .mention, time, .emoji"


async def test_mrkdwn(sam: Page, bot: Bot) -> None:
    wrong = []
    for text, expected in CASES.items():
        ts = await bot.post([{"type": "section", "text": {"type": "mrkdwn", "text": text}}])
        words = sam.locator(f'[data-ts="{ts}"] .text')
        await expect(words).to_have_count(1)
        for selector, shown in expected:
            if shown not in await words.locator(selector).all_text_contents():
                wrong.append((text, selector, await words.locator(selector).all_text_contents()))
        marked = await words.locator(MARKED).count()
        if marked != sum(selector != "p" for selector, _shown in expected):
            wrong.append((text, MARKED, await words.locator(MARKED).all_text_contents()))
    assert wrong == []


async def test_a_relative_time_has_the_exact_one_in_its_title(sam: Page, bot: Bot) -> None:
    for seconds, words in {0: "just now", -240: "4 minutes ago", 7200: "in 2 hours"}.items():
        ts = await bot.post(text=f"waiting <!date^{int(time.time()) + seconds}^{{ago}}|a while>")
        shown = sam.locator(f'[data-ts="{ts}"] .text time')
        await expect(shown).to_have_text(words)
        assert ":" in str(await shown.get_attribute("title"))


async def test_a_relative_time_is_kept_fresh(visit: Visit, address: str, bot: Bot) -> None:
    sam = await visit(address, kept=False)
    await sam.clock.install(time=time.time())
    ts = await bot.post(text=f"waiting <!date^{int(time.time())}^{{ago}}|a while>")
    await sam.reload()
    shown = sam.locator(f'[data-ts="{ts}"] .text time')
    await expect(shown).to_have_text("just now")
    await sam.clock.run_for(5 * 60 * 1000)
    await expect(shown).to_have_text("5 minutes ago")
