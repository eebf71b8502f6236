"""Have one list of X's prices, with a date, behind the forms, the budget, the README and the sandbox."""

import re

import pytest

from adapters.networks.x import prices
from adapters.networks.x.profile import PROFILE
from adapters.settings.intake import Intake
from domain.surge.spending import Act
from sandbox.x.meter import DOLLARS
from tests.source import ROOT


def test_the_readme_has_the_list_and_its_date() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [section] = re.findall(r"^### What X costs\n(.*?)^### ", readme, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (.+) \| (\d\.\d{3}) \|$", section, re.MULTILINE)
    assert rows == [(price.act, f"{price.dollars:.3f}") for price in prices.ALL]
    assert f"{prices.AS_OF:%-d %B %Y}" in section


def test_what_is_metered_is_priced_by_it() -> None:
    unpriced = {Act.REPLIES, Act.NOTICES}  # by their text
    assert {act: PROFILE.prices.get(act) for act in Act if act not in unpriced} == {
        Act.MENTIONS: 0.001,
        Act.LOOK_BACK: 0.001,
        Act.SEARCH: 0.005,
        Act.PUSHED: 0.005,
        Act.RECHECK: 0.005,
        Act.DIRECT_MESSAGES_SENT: 0.015,
    }


def test_the_sandbox_charges_the_same() -> None:
    assert {
        "post read": prices.POST_READ.dollars,
        "own mention read": prices.MENTION_READ.dollars,
        "user read": prices.USER_READ.dollars,
        "post": prices.POST.dollars,
        "summoned reply": prices.REPLY.dollars,
        "post with url": prices.POST_WITH_LINK.dollars,
        "dm read": prices.MESSAGE_READ.dollars,
        "dm send": prices.MESSAGE_SENT.dollars,
    } == DOLLARS


def test_the_month_of_the_readme_is_computed_from_the_list() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]+) \|$", readme, re.MULTILINE)
    moved = prices.POST_WITH_LINK.dollars + 4 * prices.MESSAGE_READ.dollars + 3 * prices.MESSAGE_SENT.dollars
    per_mention = (
        prices.MENTION_READ.dollars + prices.USER_READ.dollars,
        prices.POST_READ.dollars * Intake().recheck_days,
        prices.REPLY.dollars / 2,
        moved / 10,
    )
    expected = [
        [many * dollars for many in (300, 3_000, 30_000)] for dollars in (*per_mention, sum(per_mention))
    ]
    told = [[float(cell.replace(",", "")) for cell in row] for row in rows]
    assert [cell for row in told for cell in row] == pytest.approx([cell for row in expected for cell in row])
