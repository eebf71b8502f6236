"""Whatever somebody is shown in Slack they may use: every button, choice, form and command, for each role."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, time
from typing import Any

import pytest

from adapters.slack.boards import render_outage_board
from adapters.slack.cards import render_card
from adapters.slack.surge.flood_board import render_board
from adapters.slack.surge.spike_alert import render_spike
from adapters.slack.thread import render_thread
from adapters.slack.trackers.news import render_issue_news
from domain.access import Role
from domain.causes.cause import CauseEdit, CauseState
from domain.intake.posts import Author
from domain.outages.policy import Component
from domain.reports.digests import Cadence, DigestPlan
from domain.trackers.issues import IssueState, IssueSubject
from domain.trackers.trackers import ConnectedTracker, TrackedIssue, Trackers
from handlers.access import permissions_of
from handlers.cases import assignment
from handlers.cases.promises import act_on_promises
from handlers.cases.views import view_thread
from handlers.causes.tracking import compare_posts, create_cause
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.outages.links import confirm_links
from handlers.outages.stopping import abort_bulk_answer
from handlers.outages.views import view_board
from handlers.replies.results import record_unsure
from handlers.slack import app as slack
from handlers.surge.flood_board import view_board as view_flood_board
from handlers.surge.views import view_spike
from handlers.trackers.following import view_news
from handlers.trackers.issues import link_issue
from storage.engine import Store
from tests.adapters.trackers.stand_ins import a_github
from tests.handlers.cases.test_promises import SOON, say
from tests.handlers.made import HOUR, MIA, NOW, SAM, a_stored_case, arrive, card_view, cases, do
from tests.handlers.outages.made import (
    SAM_MAY,
    ListDestination,
    an_outage,
    destinations,
    sent,
    submitted,
)
from tests.handlers.outages.test_bulk_answers import start
from tests.handlers.replies.test_results import answered, failed
from tests.handlers.slack.listening import a_slack_context
from tests.handlers.slack.test_roles import GROUPS, Registered, user_of, with_groups
from tests.handlers.slack.walker import Chat, Screen, Surface, Walk
from tests.handlers.surge.made import FINDER, customer_posts, detect, spikes_of, watch_of
from tests.handlers.surge.test_flood import crowd, floods

COMMANDS = [
    "/mentions",
    "/mentions next",
    "/mentions mine",
    "/mentions find payment",
    "/mentions promises",
    "/mentions words",
    "/mentions replies",
    "/mentions replies figures",
    "/mentions vip",
    "/mentions watch",
    "/mentions audit",
    "/mentions audit 1",
    "/mentions summary 7d",
    "/mentions topics 7d",
    "/mentions causes 7d",
    "/mentions fairness 7d",
    "/mentions agents 7d",
    "/mentions outlook",
    "/mentions digest",
    "/mentions completeness",
    "/mentions export 7d",
    "/outage",
    "/outage help",
    "/outage list",
    "/outage resume",
    "/outage rehearse",
    "/outage timeline",
    "/mentions help",
    "/mentions hold 1 court",
    "/outage pause",
    "/outage maintenance",
]
MANAGER = "U0RUTH"
TEAM_URL = "https://acme.slack.com/"
REFERENCE = "6a2f41c7-ae73-42c9-b4f3-bc516200c82b"
PLACES = destinations(page=ListDestination())
PLAN = DigestPlan(channel="C1", cadence=Cadence.WEEKLY, at=time(9), zone=UTC)
#: Whoever is on call may do all about outages, unless the settings tell the steps apart.
ON_CALL = (Role.DRAFTER, Role.APPROVER, Role.ANNOUNCER, Role.PAUSER)
PEOPLE: Mapping[str, tuple[Role, ...]] = {
    **{role.value: (role,) for role in Role},
    "on call": ON_CALL,
    "manager on call": (Role.MANAGER, *ON_CALL),
    "agent who leads": (Role.AGENT, Role.LEAD),
}


def author(number: int) -> Author:
    return Author(id=str(500 + number), handle=f"u{number}", name=f"U {number}", followers=1)


#: What a walk that found anything has reached.
REACHED: Mapping[str, set[str]] = {
    "viewer": {"/mentions find", "/mentions vip", "issue: action issue.waiting "},
    "lead": {"view assign", "/mentions vip"},
    "agent": {
        *("/mentions next", "view answer", "view issue_create", "view tags", "view saved_reply"),
        *(
            "card: action reply.try_again ::",
            "card: action reply.was_sent ::",
            "thread: action promise.kept ",
        ),
        *("flood: action flood.pull ", "spike: action spike.dismiss ", "issue: action case.answer :"),
    },
    "agent who leads": {"/mentions next", "view answer", "view take_over", "view assign"},
    "manager": {"view cause_form", "view issue_create_of_cause", "view issue_link_of_cause"},
    "records": {"/mentions audit", "/mentions hold"},
    "drafter": {"view outage_form", "/outage maintenance"},
    "approver": {"view outage_review", "outage_pick: action outage.pick "},
    "announcer": {"board: action outage.review ", "/outage rehearse"},
    "pauser": {"view outage_pause", "/outage resume"},
    "on call": {
        *("view outage_form", "view outage_review", "view outage_pause", "spike: action spike.open_outage "),
        *("board: action outage.results :", "board: action outage.stop_answers "),
    },
    "manager on call": {"view issue_create_of_cause", "view outage_form"},
}


@pytest.fixture
async def ctx(store: Store) -> AsyncIterator[AppContext]:
    """A desk with something of everything, in which each role has a group."""
    desk = Desk(store)
    async with a_github() as there:
        ctx = with_groups(
            a_slack_context(
                desk,
                trackers=Trackers([ConnectedTracker(profile=there.profile, client=there.client)]),
                modals=Screen(),
                team_chat=Chat(),
                destinations=PLACES,
            )
        )
        directory: Any = ctx.directory
        directory.channels = {"C0ONCALL": frozenset({SAM})}
        outages = replace(
            ctx.policy.outages, oncall_channel="C0ONCALL", components=(Component(name="Payments"),)
        )
        yield replace(ctx, policy=replace(ctx.policy, digests=(PLAN,), outages=outages))
    await asyncio.to_thread(desk.close)


def fill(store: Store, ctx: AppContext) -> list[Surface]:
    """Store cases in each state with all that can belong to them; return what channels show of it."""
    a_stored_case(store, "@acme card declined, again")
    say(store, f"{SOON}. Sorry!", 1)
    a_stored_case(store, "@acme the app eats my payment", author=author(1))
    failed(store, a_stored_case(store, "@acme you owe me money", author=author(4)), key="V2")
    doubtful = answered(store, a_stored_case(store, "@acme my order is gone", author=author(7)), key="V3")
    do(store, record_unsure, message_id=doubtful.id, reason="a timeout", now=NOW)
    mine = a_stored_case(store, "@acme where is my parcel", author=author(2))
    do(store, assignment.claim, case_id=mine.id, user_id=SAM, now=NOW)
    theirs = a_stored_case(store, "@acme the app eats my money", author=author(3))
    do(store, assignment.claim, case_id=theirs.id, user_id=MIA, now=NOW)
    edit = CauseEdit(name="Eaten", owner=SAM, state=CauseState.OPEN, phrases=("eats my",), fixed_at=None)
    cause = do(store, create_cause, edit=edit, user_id=SAM, now=NOW)
    do(store, compare_posts)
    found = TrackedIssue(
        id="1",
        key="acme/app#1",
        url="https://github.com/acme/app/issues/1",
        title="Eaten",
        project="acme/app",
        state=IssueState.FIXED,
        state_name="closed",
    )
    for subject in (IssueSubject(cause_id=cause.id), IssueSubject(case_id=mine.id)):
        do(
            store,
            link_issue,
            subject=subject,
            tracker="github",
            found=found,
            reference=REFERENCE,
            user_id=SAM,
            now=NOW,
        )
    do(store, act_on_promises, managers={MANAGER}, now=NOW + 4 * HOUR)
    drafted, _ = an_outage(store, "Login fails")
    open_now, notice = an_outage(store)
    sent(store, notice, PLACES)
    held_up, waiting = an_outage(store, "Parcels are late")
    submitted(store, waiting, PLACES)
    stopped = _bulk(store, open_now.id, 5)
    do(store, abort_bulk_answer, bulk_id=stopped, actor=SAM_MAY, now=NOW)
    _bulk(store, open_now.id, 6)
    arrive(store, *customer_posts(40))
    detect(store, watch_of(store))
    crowd(store, 130)
    boards = [
        Surface(
            "board",
            render_outage_board(do(store, view_board, outage_id=one.id, destinations=PLACES, now=NOW)),
            shared=True,
        )
        for one in (drafted, open_now, held_up)
    ]
    cards = [
        Surface("card", render_card(card_view(store, case), ours=ctx.our_account(case.network)), shared=True)
        for case in cases(store)
    ]
    threads = [
        Surface("thread", part.content, shared=True)
        for case in cases(store)[:6]
        for part in [
            render_thread(do(store, view_thread, case_id=case.id), ours=ctx.our_account(case.network))
        ]
        if part.content is not None
    ]
    return [*cards, *threads, *boards, *_spikes(store), *_floods(store), _news(store)]


def _bulk(store: Store, outage_id: int, number: int) -> int:
    """Link a case to an outage, and begin to answer it with those that are linked."""
    linked = a_stored_case(store, "@acme I cannot pay", author=author(number))
    do(store, confirm_links, outage_id=outage_id, case_ids=[linked.id], actor=SAM_MAY, now=NOW)
    return start(store, outage_id, key=f"k{number}")


def _spikes(store: Store) -> list[Surface]:
    views = [
        do(store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str, now=NOW)
        for spike in spikes_of(store)
    ]
    assert views
    return [
        Surface("spike", render_spike(view, team_url=TEAM_URL, picture=None), shared=True) for view in views
    ]


def _floods(store: Store) -> list[Surface]:
    boards = [do(store, view_flood_board, flood_id=flood.id, now=NOW) for flood in floods(store)]
    assert boards
    return [Surface("flood", render_board(board), shared=True) for board in boards if board is not None]


def _news(store: Store) -> Surface:
    """Return what a channel is told of the issue."""
    with store.unit_of_work() as uow:
        issue = uow.issues.at("github", "1")
    assert issue is not None
    news = do(store, view_news, issue_id=issue.id)
    assert news.waiting
    return Surface("issue", render_issue_news(news, label="GitHub", team_url=TEAM_URL), shared=True)


@pytest.mark.parametrize("person", PEOPLE)
async def test_nobody_is_refused_what_they_are_shown(
    store: Store, ctx: AppContext, monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    roles = PEOPLE[person]
    user = user_of(roles[0])
    directory: Any = ctx.directory
    for role in roles[1:]:
        directory.groups[GROUPS[role]].add(user)
    registered: Any = Registered()
    monkeypatch.setattr(slack, "bolt_app", lambda *_, **__: registered)
    shared = fill(store, ctx)
    slack.slack_app(ctx, registered, signing_secret=None)
    walk = Walk(ctx, registered.listeners, user, await permissions_of(ctx, user))
    await walk.begin(COMMANDS, shared)
    assert walk.refusals == []
    assert REACHED[person] <= walk.pressed
