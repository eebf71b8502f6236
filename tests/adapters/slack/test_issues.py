"""Render issues in Details and threads, and what is said when one changed."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.modals import render_details
from adapters.slack.modals.issues import cause_extra, proposed_text, proposed_title
from adapters.slack.records.audit_lines import describe
from adapters.slack.trackers.news import MAX_LISTED, MAX_SHOWN, render_issue_news, render_waiting
from domain.cases.next_step import ListedCase
from domain.intake.posts import ReplyBlock
from domain.records.audit import Action, Entry
from domain.trackers.issues import Creation, Issue, IssueState
from domain.trackers.waiting import IssueNews, WaitingCase
from domain.venues import Venue
from tests.adapters.slack.inspection import check_message, check_view, said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, case, post, view

PEOPLE = frozenset({"U0SAM"})
HOSTILE = "<!channel> *now* <https://evil.example|here> & @everyone"


def an_issue(**changes: Any) -> Issue:  # noqa: ANN401 - any of the fields
    usual: dict[str, Any] = {
        "id": 3,
        "tracker": "github",
        "project": "acme/app",
        "reference": "r",
        "title": HOSTILE,
        "text": "",
        "creation": Creation.CREATED,
        "state": IssueState.FIXED,
        "state_name": "completed",
        "external_id": "acme/app#1",
        "key": "acme/app#1",
        "url": "https://github.example/acme/app/issues/1",
        "created_by": "U0SAM",
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Issue(**usual | changes)


def news(state: IssueState, count: int = 2, *, proposed: str = "It is fixed", name: str = "") -> IssueNews:
    listed = ListedCase(case=case(), messages=[post(text=HOSTILE)])
    return IssueNews(
        issue=an_issue(state=state, state_name=name),
        waiting=(WaitingCase(listed=listed, proposed=proposed),) * count,
        count=count,
        people=count,
        thanked=0,
        closed_cases=1,
    )


@pytest.mark.parametrize(
    ("state", "name", "words"),
    [
        (IssueState.FIXED, "completed", "FIXED:"),
        (IssueState.DROPPED, "Duplicate", "Closed without a fix"),
        (IssueState.OPEN, "open", "Opened again"),
        (IssueState.GONE, "", "Not found any more"),
    ],
)
def test_a_change_says_who_still_waits_and_never_that_a_dropped_one_is_fixed(
    state: IssueState, name: str, words: str
) -> None:
    message = render_issue_news(news(state, 30, name=name), label="GitHub", team_url=TEAM_URL)
    check_message(message, people=PEOPLE)
    text = said(message)
    assert words in message["text"]
    assert words in text
    assert "30 people still wait" in text
    assert ("FIXED" in text) is (state is IssueState.FIXED)
    if state is IssueState.DROPPED:
        assert "Duplicate" in text
    answers = [block for block in message["blocks"] if "accessory" in block]
    assert len(answers) == MAX_SHOWN
    assert {block["accessory"]["action_id"] for block in answers} == {"case.answer"}


def test_an_issue_that_is_gone_says_what_to_do_also_where_nobody_waits() -> None:
    message = render_issue_news(news(IssueState.GONE, 0), label="GitHub", team_url=TEAM_URL)
    check_message(message, people=PEOPLE)
    assert "Unlink it" in said(message)
    extra = cause_extra(7, [an_issue(state=IssueState.GONE, state_name="")], can_create=True)
    assert "not found there any more" in extra.lines[0]
    buttons = [one["text"]["text"] for one in extra.buttons]
    assert buttons == ["Create issue…", "Link an issue…", "Unlink acme/app#1"]


@pytest.mark.parametrize(
    ("changes", "row", "words"),
    [
        ({}, {"venue": Venue.DM, "opted_out": True}, "They asked for no direct messages"),
        ({"reply_block": ReplyBlock.GONE}, {}, "No public answer can be sent"),
    ],
)
def test_who_cannot_be_answered_has_the_reason_in_place_of_the_button(
    changes: dict[str, Any], row: dict[str, Any], words: str
) -> None:
    one = WaitingCase(listed=ListedCase(case=case(**changes), messages=[post()], **row), proposed="")
    shown = replace(news(IssueState.FIXED, 1), waiting=(one,), thanked=2)
    modal = render_waiting(shown, team_url=TEAM_URL)
    assert words in said(modal)
    assert "2 customers thanked us" in said(modal)
    assert not [block for block in modal["blocks"] if "accessory" in block]


def test_who_has_a_waiting_case_is_named() -> None:
    one = WaitingCase(listed=ListedCase(case=case(claimed_by="U0SAM"), messages=[post()]), proposed="")
    shown = replace(news(IssueState.FIXED, 1), waiting=(one,))
    assert "(<@U0SAM> has it)" in said(render_waiting(shown, team_url=TEAM_URL))


def test_nobody_waits_and_all_who_wait_are_listed() -> None:
    message = render_issue_news(news(IssueState.FIXED, 0), label="GitHub", team_url=TEAM_URL)
    check_message(message, people=PEOPLE)
    assert "nobody waits" in said(message)
    assert "Answer" not in said(message)
    many = replace(news(IssueState.FIXED, 90), count=5_000)
    listed = render_waiting(many, team_url=TEAM_URL)
    check_view(listed)
    assert f"{5_000 - MAX_LISTED:,} more cases not shown" in said(listed)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "· fixed"),
        ({"state": IssueState.DROPPED, "state_name": "Won't Do"}, "closed without a fix (Won't Do)"),
        ({"creation": Creation.QUEUED}, "being created"),
        ({"creation": Creation.UNSURE}, "not sure that it was created"),
        ({"creation": Creation.FAILED, "error": f"no {HOSTILE}"}, "not created: no"),
    ],
)
def test_details_show_each_issue_with_its_state(changes: dict[str, Any], words: str) -> None:
    shown = render_details(
        view(issues=[an_issue(**changes)]),
        [],
        now=NOW,
        ours=OURS,
        team_url=TEAM_URL,
        reader="U0SAM",
        can_create_issues=True,
    )
    check_view(shown, people=PEOPLE)
    text = said(shown)
    assert words in text
    assert ("Try again" in text) is (changes.get("creation") is Creation.FAILED)
    assert "Create issue…" in text
    without = render_details(view(), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")
    assert "issue…" not in said(without)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.ISSUE_REQUESTED, "<@U0SAM> asked for an issue in"),
        (Action.ISSUE_CREATED, "<@U0SAM> created the issue <https://github.example/1|"),
        (Action.ISSUE_FAILED, "was not created"),
        (Action.ISSUE_LINKED, "<@U0SAM> linked the issue"),
        (Action.ISSUE_UNLINKED, "<@U0SAM> took back the link"),
        (Action.ISSUE_CHANGED, "was closed without a fix (not planned)"),
    ],
)
def test_the_audit_trail_says_who_did_what_to_an_issue(action: Action, words: str) -> None:
    detail = {
        "issue": "acme/app#1<!channel>",
        "url": "https://github.example/1",
        "state": "dropped",
        "state_name": "not planned",
        "reason": HOSTILE,
    }
    line = describe(Entry(at=NOW, actor="U0SAM", action=action, case_id=1, version=1, detail=detail))
    assert words in line
    assert "<!channel>" not in line


def test_an_issue_is_proposed_in_the_customers_words() -> None:
    words = ["The app eats my payment! Why?\nIt is the third time", "hello"]
    assert proposed_title(words) == "The app eats my payment!"
    assert proposed_title(["x" * 300])[-1] == "…"
    assert proposed_title([]) == ""
    text = proposed_text(words, "X")
    assert text.splitlines()[:2] == ["A customer wrote on X:", "> The app eats my payment! Why?"]
    assert "> hello" in text


def test_the_list_of_causes_shows_their_issues_and_offers_one_where_none_is_open() -> None:
    for issues, offered in (
        ([], True),
        ([an_issue(state=IssueState.OPEN)], False),
        ([an_issue()], True),
        ([an_issue(state=IssueState.OPEN, creation=Creation.FAILED)], True),
    ):
        extra = cause_extra(7, issues, can_create=True)
        names = [one["text"]["text"] for one in extra.buttons]
        assert (names[:2] == ["Create issue…", "Link an issue…"], len(extra.lines)) == (offered, len(issues))
        unlinked = [f"Unlink {one.key}" for one in issues if one.creation.exists]
        retried = ["Try again" for one in issues if one.creation is Creation.FAILED]
        assert names[2 * offered :] == [*retried, *unlinked]
        without = cause_extra(7, issues, can_create=False).buttons
        assert [one["text"]["text"] for one in without] == unlinked


def test_what_was_not_created_is_left_out_of_a_cause_once_another_issue_followed() -> None:
    failed = [an_issue(id=number, creation=Creation.FAILED, title=f"no. {number}") for number in (1, 2)]
    [line] = cause_extra(7, failed, can_create=True).lines
    assert "no. 2" in line
    there = an_issue(id=3, state=IssueState.OPEN, title="there")
    extra = cause_extra(7, [*failed, there], can_create=True)
    assert [("there" in line) for line in extra.lines] == [True]
    assert [one["text"]["text"] for one in extra.buttons] == ["Unlink acme/app#1"]
    erased = cause_extra(7, [an_issue(creation=Creation.FAILED, title="")], can_create=True)
    assert "Try again" not in [one["text"]["text"] for one in erased.buttons]


def test_words_of_several_customers_are_told_apart() -> None:
    text = proposed_text(["one", "two"], "X", of_one=False)
    assert text.splitlines()[:5] == [
        "A customer wrote on X:",
        "> one",
        "",
        "Another customer wrote:",
        "> two",
    ]
