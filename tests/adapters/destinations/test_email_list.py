"""Hand notices to the mailing: who is reached is told, and nothing leaves by itself."""

from collections.abc import Mapping

from adapters.destinations.email_list import EmailList
from adapters.destinations.registry import connect_destinations
from domain.delivery.outcomes import Done, Failed
from domain.networks import Networks
from domain.outages.destinations import Languages
from tests.adapters.destinations.notices import ANNOUNCEMENT, NOW, receipt
from tests.adapters.destinations.stand_ins import a_context


def a_list(per_second: float = 10, **by_language: int) -> EmailList:
    async def count() -> Mapping[str, int]:
        return by_language

    return EmailList(count, mails_per_second=per_second)


async def test_the_preflight_counts_subscribers_by_language_and_says_how_long_it_takes() -> None:
    told = await a_list(en=40_000, de=10_000).preflight()
    assert (told.audience, told.audience_unit) == (50_000, "subscribers")
    assert told.audience_by_language == {"en": 40_000, "de": 10_000}
    assert told.warnings == ("The last of 50,000 mails leaves after 83 min, at 10 a second.",)
    assert (await a_list(en=3).preflight()).warnings == ()


async def test_a_notice_is_accepted_once_and_found_again() -> None:
    there = a_list(en=1)
    published = await there.publish(ANNOUNCEMENT, first=None, latest=None)
    assert published == Done({"id": ANNOUNCEMENT.reference, "url": None, "data": {}})
    assert await there.find(ANNOUNCEMENT, first=None, since=NOW) == published


async def test_a_mail_is_neither_changed_nor_taken_back() -> None:
    there = a_list(en=1)
    kept = receipt({"id": "1", "url": None, "data": {}})
    assert isinstance(await there.correct(ANNOUNCEMENT, receipt=kept), Failed)
    assert isinstance(await there.retract(kept, latest=kept), Failed)
    [line] = await there.probe()
    assert (line.ok, line.detail) == (True, "1 subscriber")


def test_it_is_connected_where_mail_can_be_sent() -> None:
    there = connect_destinations({"email_list": None}, a_context(), Networks({}))["email_list"]
    assert there.profile.languages is Languages.CHOSEN
    assert not there.profile.corrects
    assert not there.profile.retracts
    without = a_context(count_subscribers=None)
    assert "email_list" not in connect_destinations({"email_list": None}, without, Networks({}))
