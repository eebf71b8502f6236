"""Dates in headers of HTTP: one that is no moment is none, never an error."""

from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from adapters.http_dates import http_date
from adapters.networks.x.call_failures import Response

MOMENT = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
HUGE = "Mon, 1 Jan 99999999999999999999 00:00:00 GMT"


@pytest.mark.parametrize(
    "value",
    [
        "Sun, 29 Nov 2026 12:30:00 GMT",
        "Sun, 29 Nov 2026 12:30:00 -0000",
        "Sun, 29 Nov 2026 12:30:00",
        "29 Nov 2026 13:30:00 +0100",
    ],
)
def test_a_date_is_the_moment_that_it_names(value: str) -> None:
    assert http_date(value) == MOMENT


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        HUGE,
        "Mon, 1 Jan 2026 00:00:00 +99999999999999",
        "Mon, 1 Jan 2026 00:00:00 +9999",
        "Thu, 30 Feb 2026 00:00:00 GMT",
    ],
)
def test_what_is_no_moment_is_none(value: str | None) -> None:
    assert http_date(value) is None


def test_a_rate_limit_of_x_without_a_moment_to_compare_with_has_no_end() -> None:
    answer = Response(status=429, body=b"", headers=CIMultiDictProxy(CIMultiDict({"Date": HUGE})))
    assert answer.wait_until(MOMENT) is None
