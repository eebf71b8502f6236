"""Encode in a summary's buttons what it was asked for, so that they show the same period."""

import json
import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.slack.action_ids import BadValue
from domain.errors import Refused
from domain.reports.digests import DigestPlan
from domain.reports.filters import Filters, filters_of, parse_question
from domain.reports.periods import Period, PeriodKind

_NONCE_BYTES = 8


def encode_report(period: Period, filters: Filters) -> str:
    """Encode a period and filters as the value of a button."""
    fields = (
        period.kind.value,
        period.count,
        period.since.timestamp(),
        period.until.timestamp(),
        str(period.zone),
        filters.words,
    )
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def decode_report(value: str) -> tuple[Period, Filters]:
    """Decode the value of a button; raises `BadValue`."""
    try:
        kind, count, since, until, zone, words = json.loads(value)
        period = Period(
            kind=PeriodKind(kind),
            count=int(count),
            since=datetime.fromtimestamp(since, UTC),
            until=datetime.fromtimestamp(until, UTC),
            zone=UTC if zone == "UTC" else ZoneInfo(zone),
        )
        return period, filters_of(parse_question(words).filters)
    except (ValueError, TypeError, OverflowError, RecursionError, ZoneInfoNotFoundError, Refused) as error:
        raise BadValue from error


def encode_digest(plan: DigestPlan) -> str:
    """Encode which digest a button is of, with a nonce of its own."""
    return json.dumps((plan.key, secrets.token_hex(_NONCE_BYTES)), separators=(",", ":"), ensure_ascii=False)


def decode_digest(value: str) -> tuple[str, str]:
    """Decode the key of the plan and the nonce; raises `BadValue`."""
    try:
        key, nonce = json.loads(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadValue from error
    return str(key), str(nonce)
