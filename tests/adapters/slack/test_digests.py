"""Render digests and the list of them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from adapters.slack.message_content import Content
from adapters.slack.reports.chart import with_picture
from adapters.slack.reports.digest import render_digest, render_digest_list
from adapters.slack.reports.values import decode_digest
from domain.causes.figures import CauseFigures
from domain.reports.changes import Change, ChangeKind
from domain.reports.digests import Cadence, Digest, DigestPlan
from domain.reports.figures import Backlog, Figures, NoticeEffect, PeriodReport
from domain.reports.filters import FilterKey, Filters
from domain.reports.summaries import Example, Summary
from tests.adapters.slack.inspection import breakable, check_message, said
from tests.adapters.slack.samples import TEAM_URL
from tests.adapters.slack.samples import case as a_case
from tests.adapters.slack.test_causes import CAUSE
from tests.adapters.slack.test_reports import BEFORE, FIGURES, REPORT

PLAN = DigestPlan(channel="C0SUPPORT", cadence=Cadence.WEEKLY, at=time(9), zone=UTC)
DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST = Digest(
    id=1,
    key=PLAN.key,
    day=date(2026, 11, 23),
    channel="C0SUPPORT",
    cadence=Cadence.WEEKLY,
    period=PLAN.period(date(2026, 11, 23)),
    filters=Filters(),
    due_at=DUE,
    booked_at=DUE + timedelta(seconds=20),
)


def shown(
    *changes: tuple[Change, tuple[Example, ...]],
    digest: Digest | None = DIGEST,
    report: PeriodReport = REPORT,
) -> Content:
    return render_digest(
        Summary(report=replace(report, period=DIGEST.period), changes=changes),
        cadence=Cadence.WEEKLY,
        digest=digest,
        team_url=TEAM_URL,
    )


def texts(content: Content) -> str:
    return json.dumps(content["blocks"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            Change(kind=ChangeKind.SITUATION, key="refund", now=38, before=12),
            "Look into “Refund or cancel”: 38 cases, 12 the week before",
        ),
        (
            Change(kind=ChangeKind.LATE_FIRST, now=0.31, before=0.12),
            "Answer sooner: 31 % of first answers came late, 12 % the week before",
        ),
        (
            Change(kind=ChangeKind.STILL_BROKEN, now=0.22, before=0.1),
            "Check the answers: after 22 % of them customers asked again, 10 % the week before",
        ),
        (
            Change(kind=ChangeKind.SENTIMENT, now=-0.3, before=0.1),
            "Read the unhappiest posts: the mood fell from +0.10 to -0.30",
        ),
    ],
)
def test_the_first_sentence_says_what_to_do(change: Change, said: str) -> None:
    content = shown((change, ()), report=replace(REPORT, backlog=Backlog()))
    assert breakable(content["blocks"][0]["text"]["text"]) == f"*{said}*"
    assert breakable(content["text"]) == f"Weekly digest: {said}"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((), "Nothing to do: nobody waits, and nothing got worse"),
        ((3,), "Nothing got worse: 1 case waits, the oldest for 3 h"),
        ((25, 3), "Answer the one that waits for more than a day"),
        ((50, 25, 3), "Answer the 2 that wait for more than a day"),
    ],
)
def test_the_first_sentence_says_who_waits(hours: tuple[int, ...], said: str) -> None:
    waiting = [REPORT.made_at - timedelta(hours=one) for one in hours]
    content = shown(
        report=replace(REPORT, backlog=Backlog(waiting=waiting), figures=Figures(), before=Figures())
    )
    assert breakable(content["text"]) == f"Weekly digest: {said}"


def test_the_first_sentence_does_not_say_that_nothing_got_worse_where_that_is_not_so() -> None:
    waiting = Backlog(waiting=[REPORT.made_at - timedelta(hours=3)])
    new = replace(REPORT, backlog=waiting, known_since=DIGEST.period.since)
    assert breakable(shown(report=new)["text"]) == "Weekly digest: 1 case waits, the oldest for 3 h"
    nobody = replace(new, backlog=Backlog())
    assert breakable(shown(report=nobody)["text"]) == "Weekly digest: Nothing to do: nobody waits"
    more = replace(REPORT, backlog=waiting, figures=FIGURES, before=BEFORE)
    assert breakable(shown(report=more)["text"]) == (
        "Weekly digest: 62 cases came, 38 % more than the week before, but nothing else got worse: "
        "1 case waits, the oldest for 3 h"
    )
    fewer = replace(REPORT, backlog=waiting, figures=BEFORE, before=FIGURES)
    assert "Nothing got worse: 1 case waits" in breakable(shown(report=fewer)["text"])


def test_examples_are_links_and_nobody_is_quoted() -> None:
    case = replace(a_case(), id=120)
    change = Change(kind=ChangeKind.SITUATION, key="refund", now=38, before=12)
    said = texts(shown((change, (Example(case=case, words="my card 4111"), Example(case=case, words="")))))
    assert "case 120" in said
    assert "4111" not in said
    assert case.author.handle not in said


def test_a_digest_says_what_became_of_causes() -> None:
    causes = [
        CauseFigures(cause=replace(CAUSE, name="<!here> & " * 30), days=[10, 21], before=12, waiting=3)
    ] * 9
    summary = Summary(report=replace(REPORT, period=DIGEST.period), changes=(), causes=causes)
    content = render_digest(summary, cadence=Cadence.WEEKLY, digest=None, team_url=TEAM_URL)
    check_message(content)
    assert said(content).count("31 cases (was 12)") == 3


def test_a_late_digest_says_so_and_one_that_was_asked_for_says_by_whom() -> None:
    assert "late" not in texts(shown())
    assert "late: it was due" in texts(shown(digest=replace(DIGEST, booked_at=DUE + timedelta(hours=2))))
    asked = replace(DIGEST, booked_at=DUE + timedelta(hours=2), asked_by="U0SAM")
    assert "sent by <@U0SAM>" in texts(shown(digest=asked))
    assert "only you see" in texts(shown(digest=None))


def test_the_longest_digest_fits_and_is_escaped() -> None:
    title = "<!channel> & " * 60
    notices = [NoticeEffect(title=title, sent_at=DUE, before=1, after=None)] * 5
    filters = Filters(dict.fromkeys(FilterKey, (f"<{'x' * 190}&",) * 4))
    change = Change(kind=ChangeKind.SITUATION, key="<!here>" * 100, now=10**9, before=10**8)
    case = replace(a_case(), id=10**12)
    report = replace(REPORT, figures=replace(FIGURES, notices=notices), filters=filters, backlog=Backlog())
    content = shown(*[(change, (Example(case=case, words="w" * 9_000),) * 2)] * 3, report=report)
    with_chart: Any = with_picture(content, "F1", "x" * 1_000)
    for message in (content, with_chart):
        check_message(message, people=frozenset({"U0SAM"}))
    assert "<!channel>" not in json.dumps(content["blocks"][:2])
    assert "<!here>" not in json.dumps(content["blocks"][:2])


def test_the_list_says_when_the_next_ones_come() -> None:
    plans = [
        PLAN,
        replace(
            PLAN, channel="C0LEADS", cadence=Cadence.DAILY, filters=Filters({FilterKey.LANGUAGE: ("es",)})
        ),
    ]
    content = render_digest_list(plans, now=DUE)
    first, buttons, second, _, _ = content["blocks"]
    assert first["text"]["text"].startswith(
        "*Weekly digest* in <#C0SUPPORT>\nMondays at 09:00 (UTC) · next <!date^1796029200^"
    )
    assert first["text"]["text"].endswith(" by your clock")
    assert "*Daily digest* in <#C0LEADS> · only language:es\nEvery day at " in second["text"]["text"]
    key, nonce = decode_digest(buttons["elements"][1]["value"])
    assert (key, len(nonce)) == (PLAN.key, 16)
    assert "Add `[[reports.digests]]`" in render_digest_list([], now=DUE)["text"]
    longest = replace(PLAN, filters=Filters(dict.fromkeys(FilterKey, ("y" * 150,))))
    check_message(render_digest_list([longest] * 40, now=DUE), people=frozenset({"C0SUPPORT"}))
