"""Filters of reports that name nothing, or choose nothing: each answer says why, and what to do."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from domain.cases.routes import Route
from handlers.context import AppContext
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.made import MIA, SAM
from tests.handlers.slack.listening import Directory, a_slack_context
from tests.handlers.slack.test_reports import MANAGER, WHOLE, TeamChat, answer, golden, responses

__all__ = ["golden"]


@dataclass
class Channels(Directory):
    """A directory with two channels that the settings name."""

    async def channel_id(self, name: str) -> str:
        return {"#support": "C0SUPPORT", "#press": "C0PRESS"}.get(name, name)


@pytest.fixture
def ctx(golden: Store, desk: Desk) -> AppContext:
    known = {SAM: "Sam Okafor", MIA: "Mia Lindqvist"}
    directory = Channels(known=known, groups={"@managers": {MANAGER}}, channels={"C0PRESS": {MANAGER}})
    chat = TeamChat()
    ctx = a_slack_context(desk, reports_group="@managers", directory=directory, team_chat=chat)
    policy = replace(
        ctx.policy, routes=(Route(name="press", channel="C0PRESS"),), proposed_tags=("delivery",)
    )
    return replace(ctx, policy=policy)


async def said(ctx: AppContext, typed: str) -> str:
    """Type a report; return all that it says, in the answer to the command or behind it."""
    given = await answer(ctx, typed, user=MANAGER)
    contents = [content for _, content, _ in responses(ctx)[-1:]] or [given]
    return json.dumps(contents, ensure_ascii=False)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tag:biling", "has the tag “biling”, so there is nothing to count. Did you mean `tag:billing`?"),
        ("tag:biling", "It can be `tag:billing`, `tag:vip`."),
        ("tag:billing tag:gold", "No case and no customer has the tag “gold”"),
        (
            "channel:#pres",
            "There is no channel “#pres” that Switchboard can see. Did you mean `channel:#press`?",
        ),
        ("agent:okafr", 'There is no agent “okafr”. Did you mean `agent:"Sam Okafor"`?'),
        ("agent:@mai", 'Did you mean `agent:"Mia Lindqvist"`?'),
        ("situation:cant_pay", "There is no situation “cant_pay”. Did you mean `situation:cannot_pay`?"),
        ("network:emial", "There is no network “emial”. Did you mean `network:email`?"),
        ("language:xx", "There is no language “xx”. It can be `language:ar`"),
    ],
)
@pytest.mark.parametrize("report", ["summary", "export", "topics", "causes", "fairness", "agents"])
async def test_a_value_that_nothing_has_is_refused_with_what_was_meant(
    ctx: AppContext, report: str, typed: str, expected: str
) -> None:
    assert expected in (await answer(ctx, f"{report} 7d {typed}", user=MANAGER))["text"]
    assert responses(ctx) == []


async def test_no_channel_is_proposed_to_who_is_not_in_it(ctx: AppContext) -> None:
    answered = (await answer(ctx, "agents 7d channel:#pres", user=SAM))["text"]
    assert "There is no channel “#pres” that Switchboard can see." in answered
    assert "#press" not in answered


@pytest.mark.parametrize("typed", ["language:spanish", "language:Spanish", "language:es", "language:es-MX"])
async def test_a_language_may_be_named_in_english(ctx: AppContext, typed: str) -> None:
    assert "only language:es" in await said(ctx, f"summary {WHOLE} {typed}")


@pytest.mark.parametrize("typed", ["tag:delivery", "tag:vip", "tag:billing"])
async def test_tags_that_are_used_or_proposed_are_counted_by(ctx: AppContext, typed: str) -> None:
    assert f"only {typed}" in await said(ctx, f"summary {WHOLE} {typed}")


_NONE = "12 cases were opened in this time, none of them with language:ja. Leave that filter out"
_APART = (
    "12 cases were opened in this time: 2 with situation:refund, 2 with language:es, and none with both. "
    "Leave one of them out, or ask for a longer time."
)


@pytest.mark.parametrize("report", ["summary", "topics", "agents", "fairness"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("language:ja situation:refund", _NONE),
        ("situation:refund language:es", _APART),
        ("language:ja", _NONE),
    ],
)
async def test_a_report_that_filters_leave_empty_says_which_one_does(
    ctx: AppContext, report: str, typed: str, expected: str
) -> None:
    told = await said(ctx, f"{report} {WHOLE} {typed}")
    assert expected in told
    assert "🎉" not in told


async def test_an_export_without_a_row_says_so(ctx: AppContext) -> None:
    await answer(ctx, f"export {WHOLE} language:ja", user=MANAGER)
    chat: Any = ctx.team_chat
    assert "no row. The file below has the names of the columns alone." in chat.progress[-1]
    assert _NONE in json.dumps(chat.shown[-1], ensure_ascii=False)


async def test_without_any_case_no_filter_is_blamed(ctx: AppContext) -> None:
    told = await said(ctx, "summary 2026-03-01 language:es")
    assert "No case was opened in this time, with these filters or without. Ask for a longer time." in told
    assert "No case was opened" not in await said(ctx, "summary 2026-03-01")
