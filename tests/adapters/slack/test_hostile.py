"""Render every hostile fragment in every field, in every state of a card; complements `test_limits`."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from adapters.slack import ephemerals, modals
from adapters.slack.cards import render_card
from adapters.slack.home import render_home
from adapters.slack.thread import render_thread
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery
from domain.cases.next_step import ListedCase
from domain.cases.search import FoundCase, excerpt, folded
from domain.cases.views import CaseView, HomeView, ThreadView
from domain.errors import DeskError
from domain.intake.posts import Author, ReplyBlock
from domain.records.audit import Action, Entry
from domain.replies.forms import Option, PublicReplyForm
from domain.replies.rules_of_engagement import RuleViolation
from domain.triage.assessment import Assessment, Urgency
from domain.triage.drafts import Source
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import check_message, check_view
from tests.adapters.slack.samples import NOW, TEAM_URL, case, our_account, post, reply, suggestion
from tests.adapters.slack.strategies import HOSTILE

PEOPLE = frozenset({"U0SAM", "U0MIA"})
WORDS = [fragment for fragment in HOSTILE if fragment.strip()]

pytestmark = pytest.mark.parametrize("bad", WORDS, ids=range(len(WORDS)))


def hostile_case(bad: str, **changes: object) -> Case:
    author = Author(id="501", handle=bad, name=bad, followers=1)
    reading = Assessment(bad, Situation.CANNOT_PAY, Urgency.URGENT, (bad,), 0.0)
    return replace(case(), author=author, assessment=reading, claimed_by="U0SAM", reply_to_id=bad, **changes)  # type: ignore[arg-type]  # any field of a case


def hostile_views(bad: str) -> Iterator[CaseView]:
    url = f"https://x.com/{bad}"
    theirs = post(text=bad, author_name=bad, url=url)
    drafts = [
        suggestion(text=bad, title=bad, version=bad, name=bad),
        suggestion(text=bad, source=Source.MODEL, model=bad, version=bad, missing=(bad, bad)),
    ]
    for state in CaseState:
        for block in (None, *ReplyBlock):
            shown = hostile_case(bad, state=state, reply_block=block, closed_by="U0MIA", closed_at=NOW)
            for draft in drafts:
                yield CaseView(case=shown, messages=[theirs], suggestion=draft, contacts=2)
            for delivery in Delivery:
                ours = reply(delivery, text=bad, error=bad, url=url)
                yield CaseView(
                    case=shown, messages=[theirs, ours], suggestion=drafts[0], contacts=2, latest_reply=ours
                )


def test_cards(bad: str) -> None:
    for view in hostile_views(bad):
        check_message(render_card(view, ours=our_account(bad)), people=PEOPLE)


def test_details(bad: str) -> None:
    for view in hostile_views(bad):
        earlier = [view.case, hostile_case(bad, state=CaseState.DISMISSED)]
        drawn = modals.render_details(
            view, earlier, now=NOW, ours=our_account(bad), team_url=TEAM_URL, reader="U0MIA"
        )
        check_view(drawn, people=PEOPLE)


def test_threads(bad: str) -> None:
    theirs, ours = post(text=bad, url=bad), reply(Delivery.SENT, text=bad, url=f"https://x.com/{bad}")
    detail = {"reason": bad, "before": bad, "to": bad, "from": bad, "until": bad}
    for action in Action:
        for message_id in (None, theirs.id, ours.id):
            entry = Entry(
                at=NOW,
                actor=bad,
                action=action,
                case_id=12,
                version=1,
                message_id=message_id,
                detail=detail,
                id=1,
            )
            messages = {theirs.id: theirs, ours.id: ours}
            view = ThreadView(case=hostile_case(bad), entries=[entry], messages=messages)
            content = render_thread(view, ours=our_account(bad)).content
            assert content is not None
            check_message(content, people=PEOPLE)


def test_modals(bad: str) -> None:
    theirs = post(text=bad, author_name=bad)
    view = CaseView(case=hostile_case(bad), messages=[theirs], suggestion=None, contacts=1)
    form = PublicReplyForm(
        view=view,
        text=bad,
        length=1,
        limit=280,
        seen=1,
        options=[Option(name="a", title=bad, text=bad)],
        new_messages=[replace(theirs, id=99)],
        violations=[
            RuleViolation(rule="r", reason=bad, hard=True),
            RuleViolation(rule="s", reason=bad, hard=False),
        ],
        assigned_to="U0MIA",
    )
    shown = hostile_case(bad)
    for drawn in (
        modals.render_public_reply(form, ours=our_account(bad)),
        modals.render_assign(shown),
        modals.render_take_over(shown),
        modals.render_take_over(replace(shown, claimed_by=None)),
        modals.render_release(shown),
        modals.render_notice(bad, title=bad),
        modals.render_notice(DeskError(bad)),
    ):
        check_view(drawn, people=PEOPLE)


def test_home_and_answers(bad: str) -> None:
    shown = [hostile_case(bad)]
    rows = [ListedCase(case=shown[0], messages=[post(text=bad, url=bad)])]
    home = HomeView(
        user_id="U0SAM",
        made_at=NOW,
        mine=rows,
        unclaimed=rows,
        due_soon=rows,
        waiting=rows,
        problems=(bad,),
        counts={"open": 1},
    )
    check_view(render_home(home, team_url=TEAM_URL, account_of=our_account), people=PEOPLE)
    for content in (
        ephemerals.render_case_list(bad, shown, team_url=TEAM_URL, empty=bad, now=NOW),
        ephemerals.render_case_list(bad, [], team_url=TEAM_URL, empty=bad, now=NOW),
        ephemerals.render_found_cases(
            bad, [FoundCase(shown[0], excerpt([folded(bad)], bad))], team_url=TEAM_URL, empty=bad, now=NOW
        ),
        ephemerals.render_claimed(shown[0], team_url=TEAM_URL, now=NOW),
        ephemerals.render_refusal(DeskError(bad)),
        ephemerals.render_alert(bad),
        ephemerals.render_notification(
            shown[0], action=Action.TAKEN_OVER.value, actor=bad, to="U0MIA", team_url=TEAM_URL
        ),
    ):
        check_message(content, people=PEOPLE)
