"""Build the time line of an outage from its audit trail, and word it as Markdown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.slack.outage_timeline import render_timeline, timeline_name
from domain.outages.destinations import Destinations
from domain.outages.notices import Notice, NoticeKind, NoticeState, Version
from domain.outages.outage import OutageState, Phase
from domain.outages.timeline import timeline_of
from domain.records.audit import SYSTEM, Action, Entry
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


def test_every_action_of_an_outage_has_words() -> None:
    for action in Action:
        event = replace(timeline_of([entry(0, "U0KAI", Action.NOTICE_SENT)], [])[0], action=action)
        assert render_timeline(OUTAGE, [event], names={}, destinations=Destinations(), zone=UTC)
