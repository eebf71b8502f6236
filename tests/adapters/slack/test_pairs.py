"""Paired lists: whatever has a name is rendered somewhere, and whatever is rendered has a name."""

from collections.abc import Iterator
from typing import Any

from adapters.slack import modals
from adapters.slack.action_ids import ActionId, BlockId, CallbackId, answer_block
from adapters.slack.cards import render_card
from adapters.slack.home import render_home
from domain.cases import CaseState
from domain.messages import Delivery
from domain.posts import ReplyBlock
from domain.views import HomeView, Option
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.samples import BRAND, NOW, TEAM_URL, answered, case, count, form, view


def everything() -> Iterator[dict[str, Any]]:
    cards = [
        view(),
        view(case=case(claimed_by="U0SAM")),
        view(case=case(reply_block=ReplyBlock.RESTRICTED)),
        view(case=case(state=CaseState.RESOLVED)),
        *(answered(delivery) for delivery in Delivery),
    ]
    for shown in cards:
        yield dict(render_card(shown, now=NOW, brand=BRAND, count=count))
    yield modals.render_answer(form(options=[Option(name="a", title="A", text="a")]), brand=BRAND)
    yield modals.render_snooze(case())
    yield modals.render_assign(case())
    yield modals.render_take_over(case())
    yield modals.render_history(case(), [], team_url=TEAM_URL)
    yield modals.render_notice("No.")
    yield render_home(
        HomeView(user_id="U0SAM", mine=[], unclaimed=[], due_soon=[], waiting=[]), team_url=TEAM_URL
    )


def test_every_action_is_rendered_and_every_rendered_action_is_known() -> None:
    rendered = {one["action_id"] for drawn in everything() for _block, one in elements(drawn["blocks"])}
    assert rendered == set(ActionId)


def test_every_view_is_rendered_and_known() -> None:
    assert {drawn["callback_id"] for drawn in everything() if "callback_id" in drawn} == set(CallbackId)


def test_every_block_that_is_looked_into_is_rendered() -> None:
    rendered = {
        block["block_id"] for drawn in everything() for block in drawn["blocks"] if "block_id" in block
    }
    assert rendered == {*BlockId, answer_block(0)}
