"""Answer `/mentions`: search words are unescaped once, a busy case is reported."""

from typing import Any

import pytest

from domain.cases.case import Case
from domain.errors import (
    StaleCase,
)
from handlers.cases import assignment
from handlers.context import AppContext
from handlers.slack.commands import run_command
from handlers.slack.listeners import on_command
from handlers.slack.outage_command import run_outage_command
from handlers.slack.roles import require_nothing, require_viewer
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    SAM,
    a_stored_case,
)
from tests.handlers.slack.listening import Ack


async def answer(ctx: AppContext, command: dict[str, str]) -> dict[str, Any]:
    """Run the command as Bolt does; return its only acknowledgement."""
    ack: Any = Ack()
    await on_command(ctx, run_command, authorize=require_viewer)(ack=ack, command=command)
    [given] = ack.given
    assert given["response_type"] == "ephemeral"
    return given  # type: ignore[no-any-return]


@pytest.mark.parametrize("typed", ["R&D <team>", "R&amp;D &lt;team&gt;"])
async def test_what_slack_has_escaped_is_found_as_it_was_typed(
    store: Store, ctx: AppContext, typed: str
) -> None:
    a_stored_case(store, "@acme is your R&D <team> asleep?")
    found = await answer(ctx, {"user_id": SAM, "text": f"find {typed}"})
    assert "Cases with “R&D <team>”" in str(found["blocks"])


async def test_what_was_escaped_by_the_customer_is_found_too(store: Store, ctx: AppContext) -> None:
    a_stored_case(store, "@acme your page shows &lt; instead of a sign")
    found = await answer(ctx, {"user_id": SAM, "text": "find &amp;lt;"})
    assert "Cases with" in str(found["blocks"])


async def test_where_nothing_is_found_no_example_has_a_letter_that_looks_like_the_star(
    ctx: AppContext,
) -> None:
    """Marks of formatting are shown as letters that look alike: whoever copies one finds nothing."""
    said = (await answer(ctx, {"user_id": SAM, "text": "find nowhere"}))["text"]
    assert "with a star after it" in said
    assert "∗" not in said


async def test_a_command_that_meets_others_says_so(ctx: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "claim_next", _always_stale)
    answered = await answer(ctx, {"user_id": SAM, "text": "next"})
    assert "others were changing this case at the same moment" in answered["text"]


async def test_mine_lists_the_cases_that_the_user_has_claimed(store: Store, ctx: AppContext) -> None:
    assert "You have claimed no case." in (await answer(ctx, {"user_id": SAM, "text": "mine"}))["text"]
    a_stored_case(store)
    await answer(ctx, {"user_id": SAM, "text": "next"})
    assert "Cases you have claimed" in str(await answer(ctx, {"user_id": SAM, "text": "mine"}))


async def test_a_command_without_a_user_gets_the_help(ctx: AppContext) -> None:
    assert await answer(ctx, {"text": "next"}) == await answer(ctx, {"user_id": SAM, "text": "help"})


async def test_a_user_who_may_not_act_is_refused(ctx: AppContext) -> None:
    answered = await answer(ctx, {"user_id": "U0LEO", "text": "mine"})
    assert "only members of #support may act here" in answered["text"]


def _always_stale(uow: UnitOfWork, **_: object) -> Case:
    assert uow.cases.counts()
    raise StaleCase


@pytest.mark.parametrize("text", ["", "help", "find"])
async def test_help_that_was_asked_for_complains_of_nothing(ctx: AppContext, text: str) -> None:
    assert "Nothing was done" not in str(await answer(ctx, {"user_id": SAM, "text": text}))


async def test_a_command_that_is_not_known_is_named(ctx: AppContext) -> None:
    shown = str(await answer(ctx, {"user_id": SAM, "text": "Nxt please"}))
    assert "there is no `/mentions nxt`. Did you mean `/mentions next`?" in shown


async def test_a_word_behind_outage_that_is_not_known_is_named(ctx: AppContext) -> None:
    async def outage(text: str) -> str:
        ack: Any = Ack()
        run = on_command(ctx, run_outage_command, authorize=require_nothing)
        await run(ack=ack, command={"user_id": SAM, "text": text, "trigger_id": "1.2"})
        return str(ack.given[0])

    assert "there is no `/outage Lst please`." in await outage("Lst please")
    assert "Nothing was done" not in await outage("help")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("find " + "y" * 2_000, f"No case has “{'y' * 39}…” in it."),
        ("audit " + "y" * 2_000, f"No case has “{'y' * 39}…” in it."),
        ("hold", "Nothing was done: say which case, by the link of its card or its number."),
        ("unhold  ", "Nothing was done: say which case, by the link of its card or its number."),
    ],
)
async def test_an_answer_does_not_repeat_all_that_was_typed(ctx: AppContext, text: str, told: str) -> None:
    assert told in str(await answer(ctx, {"user_id": SAM, "text": text}))
