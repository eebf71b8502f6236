"""Topics and causes in Slack: facts in words, links to threads, nothing interpreted, forms that carry ids."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.action_ids import BadValue, pair_value, parse_pair
from adapters.slack.causes.causes import CauseExtra, cause_lines, render_causes, render_waiting
from adapters.slack.causes.form import render_cause_form, render_causes_of_case, render_new_cause
from adapters.slack.causes.ids import parse_topic, topic_value
from adapters.slack.causes.topics import render_topics, render_topics_failed
from adapters.slack.causes.wording import STATE_NAMES, cause_line, cause_refusal_text
from adapters.slack.records.audit_lines import describe
from domain.causes.cause import (
    BadCauseName,
    BadPhrases,
    CauseChanged,
    CauseNameTaken,
    CauseNotFound,
    CauseState,
    FixedInFuture,
    checked_phrases,
    new_cause,
)
from domain.causes.figures import CauseFigures, FixFigures
from domain.causes.reports import NamedTopic, TopicReport, WaitingCase, WaitingView
from domain.causes.topics import Topic, TopicPost
from domain.causes.trends import TopicFigures, Trend
from domain.records.audit import SYSTEM, Action, Entry
from domain.reports.filters import Filters
from domain.reports.periods import parse_period
from tests.adapters.slack.inspection import check_message, check_view, labels, said
from tests.adapters.slack.samples import case

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = parse_period("7d", now=NOW, zone=BERLIN)
BAD = "<!channel> *bold* `code` <@U0SAM>"
CAUSE = replace(new_cause("Voucher refused", ["voucher*"], by="U0SAM", now=NOW), id=7, version=3)
DAY = timedelta(days=1)
POST = TopicPost(
    case_id=1,
    message_id=1,
    author="x:1",
    text="my voucher is refused",
    language="en",
    situation="cannot_pay",
    at=NOW,
    url="https://x.example/1",
)
FIX = FixFigures(
    since=NOW - 41 * DAY, fixed_at=NOW - 13 * DAY, until=NOW, before=63, after=7, trend=Trend.FEWER
)


def no_mask(text: str) -> str:
    return text


def a_topic(**changes: Any) -> TopicFigures:  # noqa: ANN401 - any of the fields
    topic = Topic(
        phrases=("voucher", "gutschein"),
        words=("voucher", "WELCOME10"),
        language="en",
        situation="cannot_pay",
    )
    figures = TopicFigures(
        topic=topic,
        people=23,
        usual=9.2,
        trend=Trend.MORE,
        of_outages=0,
        posts=[POST],
        resolved=20,
        repeated=3,
    )
    return replace(figures, **changes)


def topics_said(*figures: TopicFigures, name: str = "", **changes: Any) -> str:  # noqa: ANN401
    report = TopicReport(
        period=WEEK,
        filters=Filters(),
        topics=[NamedTopic(figures=one, examples=((POST, case()),), name=name) for one in figures],
        posts=209,
        since=WEEK.since,
    )
    content = render_topics(replace(report, **changes), team_url="https://acme.slack.com/", mask=no_mask)
    check_message(content)
    return said(content)


def test_a_topic_says_who_names_it_and_what_changed() -> None:
    text = topics_said(a_topic())
    assert "What 209 posts are about" in text
    assert "voucher · WELCOME10" in text
    assert "▲ 23 people, more than before (usually 9) · 15 % of 20 resolved wrote again within 72 h" in text
    assert "my voucher is refused" in text
    assert "Make this a cause…" in text
    named = topics_said(a_topic(), name="Voucher refused in the app", named_by="small-model")
    assert "Voucher refused in the app  (voucher · WELCOME10)" in named
    assert "Names by small-model" in named


def test_a_row_of_handles_leaves_a_topics_example_its_words() -> None:
    post = replace(POST, text="@ben @acme @anaruiz @clairedvl @huda_r my voucher is refused")
    topic = NamedTopic(figures=a_topic(), examples=((post, case()),), name="")
    assert "and 4 others · my voucher is refused" in topics_said(topics=[topic])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"trend": Trend.FEWER, "usual": 40.0}, "▼ 23 people, fewer than before (usually 40)"),
        ({"trend": Trend.UNCLEAR}, "23 people, usually 9, which may be chance"),
        ({"trend": Trend.UNCLEAR, "usual": 0.3}, "23 people, usually hardly any, which may be chance"),
        ({"trend": Trend.UNCLEAR, "usual": 23.1}, "23 people, as before"),
        ({"trend": Trend.UNCLEAR, "usual": None, "resolved": 0}, "23 people\n"),
        ({"of_outages": 10}, "10 of them about an outage"),
        ({"repeated": 0}, "none of 20 resolved wrote again"),
    ],
)
def test_the_facts_of_a_topic_are_words(changes: dict[str, Any], expected: str) -> None:
    assert expected in topics_said(a_topic(**changes)) + "\n"


def test_without_a_topic_it_says_so() -> None:
    assert "No topic stands out in 209 posts" in topics_said()
    assert "Nobody wrote in this time" in topics_said(posts=0)
    cut = topics_said(a_topic(), since=NOW - DAY)
    assert "Only the newest 209 posts were looked at: those since 28 Nov 13:30." in cut
    check_message(render_topics_failed())


def test_what_customers_and_models_write_is_not_interpreted() -> None:
    bad = replace(a_topic().topic, words=(BAD,))
    topics_said(a_topic(topic=bad), name=BAD)  # checked there: text that Slack does not interpret
    cause = replace(CAUSE, name=BAD[:80])
    figures = CauseFigures(cause=cause, days=[1, 2], before=0, waiting=1, fix=FIX)
    content = render_causes([figures], WEEK, Filters())
    check_message(content)
    assert "<!channel>" not in said(content)
    view = WaitingView(cause=cause, cases=(WaitingCase(case=case(), words=BAD, proposed=BAD),), count=1)
    waiting = render_waiting(view, team_url="https://acme.slack.com/", mask=no_mask)
    check_message(waiting)
    assert "<!channel>" not in said(waiting)
    assert "<!channel>" not in cause_line([cause])[0]


def test_a_cause_says_its_owner_state_counts_and_what_came_since_the_fix() -> None:
    fixed = replace(CAUSE, state=CauseState.FIXED, owner="U0SAM", fixed_at=FIX.fixed_at)
    is_open = replace(CAUSE, id=8, name="Late parcels")
    figures = [
        CauseFigures(cause=is_open, days=[10, 21], before=12, waiting=3),
        CauseFigures(cause=fixed, days=[0, 2], before=4, waiting=0, fix=FIX),
    ]
    extra = CauseExtra(lines=["Issue ENG-7: closed"])
    content = render_causes(figures, WEEK, Filters(), extras={7: extra})
    check_message(content, people=frozenset({"U0SAM"}))
    text = said(content)
    assert "*Late parcels* · Open · nobody owns it" in text
    assert "31 cases, 2.6 times as many as the week before" in text
    assert "3 customers still wait for us" in text
    assert "*Voucher refused* · Fixed · <@U0SAM>" in text
    assert "Fewer since the fix on 16 Nov 13:30: 7 in 13 days, 63 in the 28 days before" in text
    assert "Issue ENG-7: closed" in text
    assert labels(content) == ["Edit…", "Who waits…", "Edit…"]
    assert cause_lines(figures, WEEK) == [
        "“Voucher refused”: fewer since the fix on 16 Nov 13:30 (7 in 13 days, 63 in the 28 days before)",
        "“Late parcels”: 31 cases (was 12)",
    ]
    without = replace(figures[1], days=[0, 0], fix=replace(FIX, before=0, after=0, trend=Trend.UNCLEAR))
    assert cause_lines([without], WEEK) == []
    just_now = replace(FIX, fixed_at=NOW - timedelta(minutes=2), since=NOW - timedelta(hours=3))
    [line] = cause_lines([replace(figures[1], fix=just_now)], WEEK)
    assert line.endswith("(7 in less than a day, 63 in less than a day before)")
    unclear = replace(figures[1], fix=replace(FIX, trend=Trend.UNCLEAR))
    assert "no clear change since the fix" in cause_lines([unclear], WEEK)[0]
    assert "No cause is tracked yet" in said(render_causes([], WEEK, Filters()))


@pytest.mark.parametrize(
    ("age", "told", "was"),
    [
        (13, "3 cases, nothing is known from before 16 Nov", ""),
        (8, "3 cases, nothing is known from before 21 Nov", ""),
        (7, "3 cases, nothing is known of the week before", ""),
        (6, "3 cases, nothing is known of the week before", ""),
        (14, "3 cases, none the week before", " (was 0)"),
    ],
)
def test_a_cause_is_compared_only_with_a_time_that_is_known(age: int, told: str, was: str) -> None:
    cause = replace(CAUSE, since=NOW - age * DAY, created_at=NOW - DAY)
    figures = CauseFigures(cause=cause, days=[1, 2], before=0, waiting=0)
    assert f"\n{told}  ▅█" in said(render_causes([figures], WEEK, Filters()))
    assert cause_lines([figures], WEEK) == [f"“Voucher refused”: 3 cases{was}"]


def test_a_cause_whose_posts_are_not_counted_yet_says_so() -> None:
    counted = replace(CAUSE, id=8, name="Late parcels", created_at=NOW - DAY)
    figures = [CauseFigures(cause=cause, days=[0, 0], before=0, waiting=0) for cause in (CAUSE, counted)]
    text = said(render_causes(figures, WEEK, Filters()))
    assert text.count("being counted: look again in a minute") == 1
    assert text.count("0 cases, as the week before") == 1


def test_who_waits_is_listed_with_what_is_proposed() -> None:
    fixed = replace(CAUSE, state=CauseState.FIXED)
    cases = (
        WaitingCase(case=case(), words="any news?", proposed="It works again"),
        WaitingCase(case=replace(case(), id=2), words=""),
    )
    content = render_waiting(
        WaitingView(cause=fixed, cases=cases, count=5), team_url="https://acme.slack.com/", mask=no_mask
    )
    check_message(content)
    text = said(content)
    assert "Voucher refused is fixed: 5 customers still wait for us" in text
    assert "Proposed answer: It works again" in text
    assert "No saved reply fits: the form is empty" in text
    assert "3 more wait" in text
    none = WaitingView(cause=CAUSE, cases=(), count=0)
    assert "Voucher refused: nobody waits for us" in said(
        render_waiting(none, team_url="https://acme.slack.com/", mask=no_mask)
    )


def test_forms_carry_what_they_showed() -> None:
    for view in (
        render_new_cause("voucher", ["voucher", "gutschein"], "U0SAM"),
        render_cause_form(replace(CAUSE, owner="U0SAM", state=CauseState.FIXED), "2026-11-16"),
        render_causes_of_case(case(), [CAUSE], [7]),
    ):
        check_view(view)
    none = render_causes_of_case(case(), [], [])
    check_view(none)
    assert "Nobody works on a cause" in said(none)
    assert "submit" not in none
    many_causes = [replace(CAUSE, id=number) for number in range(200, 0, -1)]
    chosen = render_causes_of_case(case(), many_causes, [7, 150])
    check_view(chosen)
    assert chosen["private_metadata"].endswith("#150")  # the other is not shown, so it stays
    assert parse_pair(pair_value(7, 3)) == (7, 3)
    assert parse_topic(topic_value("voucher", ["a", "b"])) == ("voucher", ["a", "b"])
    many = [f"{number:02} {'x' * 57}" for number in range(40)]
    value = topic_value("voucher", ["x" * 61, *many])
    assert len(value) <= 2_000
    assert checked_phrases(parse_topic(value)[1]) == tuple(many[:20])
    for broken in ("", "7", "7:x", None):
        with pytest.raises(BadValue):
            parse_pair(broken)
    for broken in ("", "[]", '["a"]', "[1, []]", '["a", "b"]'):
        with pytest.raises(BadValue):
            parse_topic(broken)


def test_refusals_and_audit_entries_have_words() -> None:
    errors = [
        CauseNotFound(),
        CauseChanged(CAUSE),
        BadCauseName(),
        CauseNameTaken("Voucher", CauseState.OPEN),
        BadPhrases(),
        BadPhrases("*"),
        FixedInFuture(),
    ]
    assert all(cause_refusal_text(error) for error in errors)
    assert cause_refusal_text(ValueError()) is None
    assert set(STATE_NAMES) == set(CauseState)

    def entry(action: Action, actor: str = "U0SAM", **detail: Any) -> str:  # noqa: ANN401
        made = Entry(at=NOW, actor=actor, action=action, case_id=None, version=1, detail=detail)
        return describe(made)

    assert entry(Action.CAUSE_CREATED, name="Voucher") == "<@U0SAM> made “Voucher” a cause"
    changed = entry(
        Action.CAUSE_CHANGED,
        SYSTEM,
        cause=7,
        state="fixed",
        fixed_at=NOW.isoformat(),
        reason="ENG-7 was closed",
    )
    assert changed.startswith("The bot changed the cause #7: it is fixed since ")
    assert changed.endswith("(ENG-7 was closed)")
    assert "<@U0SAM> owns it" in entry(Action.CAUSE_CHANGED, cause=7, owner="U0SAM")
    assert "nobody owns it" in entry(Action.CAUSE_CHANGED, cause=7, owner="", phrases=["a"], name="x")
    assert entry(Action.CAUSE_DECIDED, name="Voucher", belongs=False).endswith("is not the cause “Voucher”")
