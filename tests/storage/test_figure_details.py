"""What notices did, and example cases of what got worse, on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from domain.reports.changes import Change, ChangeKind
from domain.reports.figures import Reached
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from storage.engine import Store
from storage.outage_tables import notices, outages, publications
from storage.subscriber_tables import mailings
from tests.storage.golden_cases import moment, store_golden

MIDDLE, ZONE = datetime(2026, 7, 1, tzinfo=UTC).date(), ZoneInfo("UTC")
ALL = Filters()


@pytest.fixture
def golden(store: Store) -> Store:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
    return store


def period(now: datetime) -> Period:
    return parse_period(str(MIDDLE), now=now, zone=ZONE)


@pytest.mark.parametrize(
    ("kind", "key", "authors"),
    [
        (ChangeKind.SITUATION, "refund", ["dee", "cem"]),
        (ChangeKind.LATE_FIRST, "", ["fay"]),
        (ChangeKind.LATE_NEXT, "", []),
        (ChangeKind.STILL_BROKEN, "", ["fay", "dee"]),
        (ChangeKind.SENTIMENT, "", ["ida", "hal"]),
    ],
)
def test_examples_are_cases_that_show_what_got_worse(
    golden: Store, kind: ChangeKind, key: str, authors: list[str]
) -> None:
    change = Change(kind=kind, key=key, now=2, before=1)
    day = period(moment(MIDDLE, ZONE, 5, "12:00"))
    with golden.unit_of_work() as uow:
        ids = uow.figure_details.examples(change, day, ALL, limit=2)
        assert [uow.cases.get(case_id).author.id for case_id in ids] == authors
        nobody = Filters({FilterKey.LANGUAGE: ("fi",)})
        assert uow.figure_details.examples(change, day, nobody, limit=2) == []


def test_a_notice_has_the_mentions_of_the_hours_around_it(golden: Store) -> None:
    at = moment(MIDDLE, ZONE, 0, "10:30")
    _store_notice(golden, at, title="Checkout is down", mailed=5012)
    _store_notice(golden, at, title="A rehearsal", is_rehearsal=True)
    _store_notice(golden, at - timedelta(days=3), title="Older")
    with golden.unit_of_work() as uow:
        [notice] = uow.figure_details.notices(
            period(at + timedelta(hours=2)), ALL, now=at + timedelta(hours=2)
        )
        # Sent at 10:30. Before: eve at 10:00. After: dee at 09:00 + 90 minutes, at 11:00 fay and eve.
        assert (notice.title, notice.before, notice.after, notice.mailed) == ("Checkout is down", 1, 3, 5012)
        # In a second language to the same followers, and mails, which are counted by themselves.
        assert notice.reached == (Reached("x", 100, "followers"),)
        [early] = uow.figure_details.notices(
            period(at + timedelta(minutes=59)), ALL, now=at + timedelta(minutes=59)
        )
        assert early.after is None
        refunds = Filters({FilterKey.SITUATION: ("refund",)})
        [of_refunds] = uow.figure_details.notices(
            period(at + timedelta(hours=2)), refunds, now=at + timedelta(hours=2)
        )
        assert (of_refunds.before, of_refunds.after) == (0, 1)
        other = Filters({FilterKey.OUTAGE: ("99",)})
        assert uow.figure_details.notices(period(at + timedelta(hours=2)), other, now=at) == []


def _store_notice(
    store: Store, at: datetime, *, title: str, mailed: int | None = None, is_rehearsal: bool = False
) -> None:
    """Store an outage with a notice that was sent to two places, to one in two languages, a minute apart."""
    with store.engine.begin() as connection:
        outage = {
            "version": 1,
            "kind": "outage",
            "title": title,
            "severity": "minor",
            "components": [],
            "state": "announced",
            "phase": "investigating",
            "lead": "U1",
            "opened_by": "U1",
            "opened_at": at,
            "is_rehearsal": is_rehearsal,
        }
        outage_id = connection.execute(insert(outages).returning(outages.c.id), outage).scalar_one()
        notice = {
            "version": 1,
            "outage_id": outage_id,
            "kind": "announcement",
            "phase": "investigating",
            "state": "approved",
            "versions": [],
            "texts": [],
            "authors": [],
            "created_at": at,
        }
        notice_id = connection.execute(insert(notices).returning(notices.c.id), notice).scalar_one()
        for minute, (destination, language) in enumerate((("x", "en"), ("x", "es"), ("email_list", ""))):
            sent = {
                "notice_id": notice_id,
                "outage_id": outage_id,
                "destination": destination,
                "language": language,
                "state": "sent",
                "data": {},
                "attempt": 1,
                "sent_at": at + timedelta(minutes=minute),
                "audience": 100 if destination == "x" else 5_100,
                "audience_unit": "followers" if destination == "x" else "subscribers",
            }
            number = connection.execute(insert(publications).returning(publications.c.id), sent).scalar_one()
        if mailed is not None:
            mailing = {
                "publication_id": number,
                "outage_id": outage_id,
                "components": [],
                "total": mailed,
                "position": 0,
                "last_id": 0,
                "started_at": at,
            }
            connection.execute(insert(mailings), mailing)
