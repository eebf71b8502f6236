"""Render any case within Slack's limits and without live markup of others."""

from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.slack import ephemerals, modals
from adapters.slack.cards import render_card
from adapters.slack.home import render_home
from adapters.slack.message_content import digest
from adapters.slack.notifications import NOTIFICATION_TEMPLATES
from adapters.slack.thread import render_thread
from domain.cases.case import Case
from domain.cases.search import FoundCase, excerpt, folded
from domain.cases.views import CaseView, HomeView, ThreadView
from domain.errors import AlreadyClosed, AssignedToAnother, ChangedSince, DeskError
from domain.handoffs.forms import HandoffForm
from domain.records.audit import Action, Entry
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from tests.adapters.slack.inspection import check_message, check_view
from tests.adapters.slack.samples import NOW, TEAM_URL, our_account
from tests.adapters.slack.strategies import (
    CASES,
    ENTRIES,
    FORMS,
    HOMES,
    MAYBE_WHO,
    MOVES,
    PEOPLE,
    PRIVATES,
    TEXT,
    VIEWS,
    WHEN,
    threads,
)

# Generating a case takes hypothesis longer than rendering it takes us, and shrinking one takes
# minutes; the assertion shows the block that is wrong anyway.
thoroughly = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(VIEWS, TEXT)
@thoroughly
def test_any_card(view: CaseView, brand: str) -> None:
    card = render_card(view, ours=our_account(brand))
    check_message(card, people=PEOPLE)
    assert digest(card) == digest(render_card(view, ours=our_account(brand)))


@given(VIEWS, st.lists(CASES, max_size=60), TEXT, st.sampled_from(sorted(PEOPLE)))
@thoroughly
def test_any_details(view: CaseView, earlier: Sequence[Case], brand: str, reader: str) -> None:
    drawn = modals.render_details(
        view, earlier, now=NOW, ours=our_account(brand), team_url=TEAM_URL, reader=reader
    )
    check_view(drawn, people=PEOPLE)


@given(threads(), TEXT)
@thoroughly
def test_any_thread(view: ThreadView, brand: str) -> None:
    part = render_thread(view, ours=our_account(brand))
    if part.content is not None:
        check_message(part.content, people=PEOPLE)
    assert part.more == bool(view.entries and part.seen < view.entries[-1].id)


@given(HOMES)
@thoroughly
def test_any_home(view: HomeView) -> None:
    check_view(render_home(view, team_url=TEAM_URL, account_of=our_account), people=PEOPLE)


@given(FORMS, TEXT)
@thoroughly
def test_any_answer_form(form: PublicReplyForm, brand: str) -> None:
    check_view(modals.render_public_reply(form, ours=our_account(brand)), people=PEOPLE)


@given(MOVES, PRIVATES, TEXT)
@thoroughly
def test_any_form_about_a_move(move: HandoffForm, private: PrivateReplyForm, brand: str) -> None:
    check_view(modals.render_handoff(move, ours=our_account(brand)), people=PEOPLE)
    check_view(modals.render_private_reply(private), people=PEOPLE)
    check_view(modals.render_verification(private.view.case, private.handoff), people=PEOPLE)
    for message in private.view.messages:
        check_view(modals.render_original(private.view.case, message), people=PEOPLE)


@given(CASES, st.lists(CASES, max_size=60), TEXT)
@thoroughly
def test_any_small_modal(case: Case, earlier: Sequence[Case], text: str) -> None:
    drawn = [
        modals.render_snooze(case),
        modals.render_assign(case),
        modals.render_take_over(case),
        modals.render_release(case),
        modals.render_notice(text, title=text),
        modals.render_notice(DeskError(text)),
    ]
    for view in drawn:
        check_view(view, people=PEOPLE)


@given(CASES, st.lists(CASES, max_size=25), TEXT)
@thoroughly
def test_any_answer_to_a_command(case: Case, cases: Sequence[Case], text: str) -> None:
    drawn = [
        ephemerals.render_case_list(text, cases, team_url=TEAM_URL, empty=text, now=NOW),
        ephemerals.render_found_cases(
            text,
            [FoundCase(found, excerpt([folded(text[:3] or "a")], text)) for found in cases],
            team_url=TEAM_URL,
            empty=text,
            now=NOW,
        ),
        ephemerals.render_claimed(case, team_url=TEAM_URL, now=NOW),
        ephemerals.render_alert(text),
        *(
            ephemerals.render_notification(
                case, action=action.value, actor="U0SAM", to="U0MIA", team_url=TEAM_URL
            )
            for action in (Action.TAKEN_OVER, Action.ASSIGNED, *map(Action, NOTIFICATION_TEMPLATES))
        ),
    ]
    for content in drawn:
        check_message(content, people=PEOPLE)


@given(st.lists(ENTRIES, max_size=20), MAYBE_WHO, st.none() | WHEN, TEXT)
@thoroughly
def test_any_refusal(entries: list[Entry], who: str | None, at: object, text: str) -> None:
    since = NOW if at is not None else None
    drawn = [
        AssignedToAnother(who or "U0SAM", since),
        AlreadyClosed("resolved", who, since),
        ChangedSince(entries),
        DeskError(text),
    ]
    for error in drawn:
        check_message(ephemerals.render_refusal(error), people=PEOPLE)
