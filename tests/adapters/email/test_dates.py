"""Write moments in mails as people of a language do."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.email.compose import compose
from adapters.email.dates import in_words
from tests.adapters.email.made import US, an_outgoing_mail, theirs, words


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Nov 21, 2026, 09:05 UTC"),
        ("de", "21. Nov. 2026, 09:05 UTC"),
        ("ja", "2026年11月21日, 9:05 UTC"),
        ("xx", "Nov 21, 2026, 09:05 UTC"),
        ("no language", "Nov 21, 2026, 09:05 UTC"),
    ],
)
def test_it_is_written_in_the_language_and_in_utc(language: str, written: str) -> None:
    in_madrid = timezone(timedelta(hours=1))
    assert in_words(datetime(2026, 11, 21, 10, 5, tzinfo=in_madrid), language) == written


@pytest.mark.parametrize(
    ("time_zone", "written"),
    [
        ("Europe/Madrid", "21. Nov. 2026, 23:30 UTC+1"),
        ("America/New_York", "21. Nov. 2026, 17:30 UTC-5"),
        ("Asia/Kolkata", "22. Nov. 2026, 04:00 UTC+5:30"),
        ("America/St_Johns", "21. Nov. 2026, 19:00 UTC-3:30"),
        ("Europe/London", "21. Nov. 2026, 22:30 UTC"),
        *(
            (wrong, "21. Nov. 2026, 22:30 UTC")
            for wrong in ("", "Mars/Base", "../../etc/passwd", "/etc", "America")
        ),
    ],
)
def test_it_is_written_in_the_readers_zone_where_that_is_known(time_zone: str, written: str) -> None:
    assert in_words(datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "de", time_zone) == written


def test_what_a_mail_quotes_has_it() -> None:
    outgoing = an_outgoing_mail(earlier=[theirs("Es klappt nicht")], language="de")
    body = compose(outgoing, US, words()).get_body(("plain",))
    assert body is not None
    assert "> Du · 21. Nov. 2026, 11:55 UTC" in body.get_content()
