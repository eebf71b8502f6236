"""Build the time line of an outage from its audit trail, and word it as Markdown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack.outages.timeline import render_timeline, timeline_name
from domain.delivery.pause import Pause
from domain.outages.destinations import Destinations
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText, Version
from domain.outages.outage import OutageState, Phase
from domain.outages.timeline import timeline_of
from domain.records.audit import SYSTEM, Action, Entry
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike
from tests.outages import an_outage

NOW = datetime(2026, 11, 29, 2, 40, tzinfo=UTC)
OUTAGE = an_outage(
    NOW,
    title="Payments # fail\n",
    components=("Payments",),
    state=OutageState.RESOLVED,
    phase=Phase.RESOLVED,
    announced_at=NOW + timedelta(minutes=4),
    resolved_at=NOW + timedelta(minutes=64),
)
NOTICE = Notice(
    id=3,
    outage_id=7,
    kind=NoticeKind.ANNOUNCEMENT,
    phase=Phase.INVESTIGATING,
    state=NoticeState.APPROVED,
    versions=(Version(language="en", problem="Paying fails.\nWe look."),),
    texts=(),
    authors=("U0KAI",),
    created_at=NOW,
)


def entry(minutes: int, actor: str, action: Action, **detail: object) -> Entry:
    at = NOW + timedelta(minutes=minutes)
    return Entry(at=at, actor=actor, action=action, case_id=None, version=1, detail=detail, outage_id=7)


def test_edits_in_a_row_are_one_and_links_are_left_out() -> None:
    events = timeline_of(
        [
            entry(0, "U0KAI", Action.NOTICE_EDITED, notice=3),
            entry(1, "U0KAI", Action.NOTICE_EDITED, notice=3),
            entry(2, "U0RUTH", Action.NOTICE_EDITED, notice=3),
            entry(3, "U0RUTH", Action.OUTAGE_LINKED),
        ],
        [NOTICE],
    )
    assert [(event.actor, event.times, event.at) for event in events] == [
        ("U0KAI", 2, NOW),
        ("U0RUTH", 1, NOW + timedelta(minutes=2)),
    ]


def test_the_markdown_says_who_did_what_when_and_what_was_sent() -> None:
    entries = [
        entry(0, "U0KAI", Action.OUTAGE_OPENED, title="Payments fail"),
        entry(4, "U0RUTH", Action.NOTICE_APPROVED, notice=3),
        entry(4, SYSTEM, Action.NOTICE_FAILED, notice=3, destination="page", reason="it is\nlocked"),
        entry(5, "U0RUTH", Action.OUTAGE_LED, to="U0GONE"),
    ]
    told = render_timeline(
        OUTAGE,
        timeline_of(entries, [NOTICE]),
        names={"U0KAI": "Kai Tanaka", "U0RUTH": "Ruth Adeyemi"},
        destinations=Destinations(),
        zone=UTC,
    )
    assert told.startswith("# Payments # fail\n\n- State: Resolved\n")
    assert "- Announced for: 60 minutes\n" in told
    assert "- **02:40** Kai Tanaka opened the outage.\n" in told
    assert "sent the announcement out (Investigating):\n  > Paying fails.\n  > We look.\n" in told
    assert "- **02:44** The announcement was not sent to page: it is locked.\n" in told
    assert "Ruth Adeyemi handed the lead over to U0GONE." in told
    assert timeline_name(OUTAGE) == "outage-7-timeline.md"


def in_markdown(entries: Sequence[Entry], *, notice: Notice = NOTICE, **more: Any) -> str:  # noqa: ANN401
    names = {"U0KAI": "Kai Tanaka", "U0RUTH": "Ruth Adeyemi"}
    events = timeline_of(entries, [notice], **more)
    return render_timeline(OUTAGE, events, names=names, destinations=Destinations(), zone=UTC)


def test_pauses_and_the_spike_stand_between_the_entries() -> None:
    series = Series(SeriesKind.COMPONENT, "Payments")
    spike = Spike(
        series=series,
        since=NOW - timedelta(minutes=6),
        found_at=NOW - timedelta(minutes=4),
        window=timedelta(minutes=2),
        count=50,
        expected=0.0,
        log_p=-9.0,
    )
    pause = Pause(id=1, paused_by="U0RUTH", paused_at=NOW + timedelta(minutes=2))
    ended = replace(pause, resumed_by="U0KAI", resumed_at=NOW + timedelta(minutes=3))
    entries = [
        entry(0, "U0KAI", Action.OUTAGE_OPENED),
        entry(0, "U0KAI", Action.SPIKE_ATTRIBUTED, spike=1),
        entry(4, "U0RUTH", Action.NOTICE_APPROVED, notice=3),
    ]
    told = in_markdown(entries, pauses=[ended, pause], spikes=[spike])
    expected = [
        "**02:34** Unusually many posts about Payments began.",
        "**02:36** The alert of unusually many posts about Payments was raised.",
        "Kai Tanaka opened the outage.",
        "Kai Tanaka said that the unusually many posts come from it.",
        "**02:42** Ruth Adeyemi paused all sending.",
        "**02:43** Kai Tanaka resumed sending.",
        "Ruth Adeyemi sent the announcement out",
    ]
    assert [told.index(words) for words in expected] == sorted(told.index(words) for words in expected)
    assert told.count("resumed sending") == 1


def test_a_destination_in_several_languages_is_named_with_each() -> None:
    told = in_markdown(
        [
            entry(1, SYSTEM, Action.NOTICE_SENT, notice=3, destination="posts", language="en"),
            entry(1, SYSTEM, Action.NOTICE_SENT, notice=3, destination="posts", language="de"),
            entry(2, SYSTEM, Action.NOTICE_SENT, notice=3, destination="wall", language="en"),
            entry(3, "U0KAI", Action.NOTICE_RETRACTED, destination="posts", language="de", asked=True),
            entry(3, SYSTEM, Action.NOTICE_RETRACTED, destination="posts", language="de"),
        ]
    )
    assert "The announcement reached posts (English)." in told
    assert "The announcement reached posts (German)." in told
    assert "The announcement reached wall." in told
    assert "Kai Tanaka had a notice deleted at posts (German)." in told
    assert "A notice was deleted at posts (German)." in told


def test_what_was_changed_by_hand_before_it_left_is_quoted_as_it_was_sent() -> None:
    changed = NoticeText(destination="posts", language="en", text="Paying may fail. We look.")
    sent = [entry(4, "U0RUTH", Action.NOTICE_APPROVED, notice=3)]
    assert "> Paying may fail. We look." in in_markdown(sent, notice=replace(NOTICE, texts=(changed,)))
    as_written = NoticeText(
        destination="page", language="", text="Paying fails.\nWe look.\n\nNext update soon."
    )
    told = in_markdown(sent, notice=replace(NOTICE, texts=(changed, as_written)))
    assert "> Paying fails." in told
    assert "Next update soon" not in told


def test_who_changed_what_from_what_is_told() -> None:
    changes = {"severity": {"from": "major", "to": "minor"}, "components": {"from": "", "to": "Cards"}}
    by_ruth = entry(4, "U0RUTH", Action.OUTAGE_CHANGED, changes=changes, authors=["U0KAI", "U0SAM"])
    before = entry(5, "U0RUTH", Action.OUTAGE_CHANGED, title="Payments fail")  # by an earlier version
    told = render_timeline(
        OUTAGE,
        timeline_of([by_ruth, before], [NOTICE]),
        names={"U0KAI": "Kai Tanaka", "U0RUTH": "Ruth Adeyemi", "U0SAM": "Sam Okafor"},
        destinations=Destinations(),
        zone=UTC,
    )
    assert (
        "Kai Tanaka and Sam Okafor changed the severity from “major” to “minor” "
        "and the components from “none” to “Cards”." in told
    )
    assert "Ruth Adeyemi changed title, severity or components." in told


def test_how_many_linked_customers_are_told_what_and_how_many_are_not() -> None:
    told = in_markdown(
        [
            entry(5, "U0KAI", Action.BULK_ANSWER_STARTED, bulk=1, purpose="answer", customers=396),
            entry(6, "U0RUTH", Action.BULK_ANSWER_ABORTED, bulk=1, left=349),
            entry(64, "U0KAI", Action.BULK_ANSWER_STARTED, bulk=2, purpose="solved", customers=1),
            entry(65, SYSTEM, Action.BULK_ANSWER_ABORTED, bulk=2, left=1),
        ]
    )
    assert "Kai Tanaka began to tell 396 linked customers that it is known." in told
    assert "Ruth Adeyemi stopped answering linked cases: 349 customers got no answer." in told
    assert "Kai Tanaka began to tell 1 linked customer that it is solved." in told
    assert "Switchboard stopped answering linked cases: 1 customer got no answer." in told


@pytest.mark.parametrize("action", Action)
def test_every_action_of_an_outage_has_words(action: Action) -> None:
    """Any other is shown by its name, and fails nothing."""
    event = replace(timeline_of([entry(0, "U0KAI", Action.NOTICE_SENT)], [])[0], action=action)
    shown = render_timeline(OUTAGE, [event], names={}, destinations=Destinations(), zone=UTC)
    is_left_out = action in {Action.OUTAGE_LINKED, Action.OUTAGE_UNLINKED}
    is_of_outages = action.value.startswith(("outage_", "notice_", "bulk_answer_", "sending_"))
    by_name = f"{action.value.replace('_', ' ')}." in shown
    assert not (is_of_outages and by_name and not is_left_out)
    assert "## Time line" in shown
