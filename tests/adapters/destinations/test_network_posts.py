"""Publish notices as posts of a social network."""

from dataclasses import replace

from domain.delivery.outcomes import Done, Failed
from domain.outages.destinations import Languages
from tests.adapters.destinations.notices import ANNOUNCEMENT, receipt, update
from tests.adapters.destinations.stand_ins import a_town_square, an_x


async def test_a_post_that_is_too_long_never_leaves() -> None:
    async with an_x() as there:
        too_long = replace(ANNOUNCEMENT, texts={"en": "全" * 141})
        outcome = await there.client.publish(too_long, first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "282" in outcome.reason
        assert there.shown() == []
        fits = replace(ANNOUNCEMENT, texts={"en": "全" * 140})
        assert isinstance(await there.client.publish(fits, first=None, latest=None), Done)


async def test_each_language_has_its_own_thread_of_posts() -> None:
    async with a_town_square() as there:
        assert there.profile.languages is Languages.EACH
        told: list[str] = []
        for language, texts in (("en", ("It fails.", "Found.")), ("de", ("Es geht nicht.", "Gefunden."))):
            first = await there.client.publish(
                replace(ANNOUNCEMENT, texts={language: texts[0]}), first=None, latest=None
            )
            assert isinstance(first, Done)
            opened = receipt(first.result)
            done = await there.client.publish(update(text=texts[1]), first=opened, latest=opened)
            assert isinstance(done, Done)
            told += texts
        assert there.shown() == told


async def test_a_post_with_a_link_is_priced_as_such() -> None:
    async with an_x() as there:
        assert there.profile.price("It fails.") == 0.015
        assert there.profile.price("See https://status.acme.com") == 0.2
        assert there.profile.links("See https://status.acme.com") == ["https://status.acme.com"]
        preflight = await there.client.preflight()
        assert (preflight.audience, preflight.audience_unit) == (1200, "followers")
