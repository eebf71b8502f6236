"""Propose the title of an outage from the alert of a spike, where most posts say the same."""

from dataclasses import replace

import pytest

from domain.outages.forms import MAX_TITLE_LENGTH
from domain.outages.policy import Component
from domain.surge.outage_title import prevailing, proposed_title
from domain.surge.series import Arrival, Series, SeriesFinder, SeriesKind
from domain.triage.situations import Situation
from tests.domain.outages.test_drafts import WORDS
from tests.domain.surge.made import arrivals

COMPONENTS = (
    Component(name="Payments", words=("payment", "pago", "Zahlung")),
    Component(name="App", words=("app",)),
)
FINDER = SeriesFinder(COMPONENTS)
PAY, LOGIN, DELIVERY, REFUND, REPORT = (
    Series(SeriesKind.SITUATION, one.value)
    for one in (
        Situation.CANNOT_PAY,
        Situation.ACCOUNT_ACCESS,
        Situation.DELIVERY,
        Situation.REFUND,
        Situation.OUTAGE_REPORT,
    )
)
PAYMENTS, APP = (Series(SeriesKind.COMPONENT, name) for name in ("Payments", "App"))


def title(*series: Series, language: str = "en") -> str:
    return proposed_title(series, WORDS.of(language), FINDER)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ((PAY,), "Problems with payments"),
        ((PAY, PAYMENTS), "Problems with payments"),  # it names the component already
        ((PAY, PAYMENTS, APP), "Problems with payments (App)"),
        ((LOGIN,), "Problems with logging in"),
        ((REPORT, APP), "Problems with App"),
        ((APP, PAYMENTS), "Problems with App, Payments"),
        ((REFUND, APP), "Problems with App"),
        # Nothing of these says what is wrong: who wants their money back may do so because of an outage.
        ((REPORT,), ""),
        ((REFUND,), ""),
        ((), ""),
    ],
)
def test_the_title_says_what_most_posts_say(series: tuple[Series, ...], expected: str) -> None:
    assert title(*series) == expected


@pytest.mark.parametrize("language", sorted(WORDS.sentences))
def test_every_language_has_titles_of_its_own(language: str) -> None:
    titles = {title(one, language=language) for one in (PAY, LOGIN, DELIVERY, APP)}
    assert len(titles - {""}) == 4
    assert "App" in title(APP, language=language)
    assert "App" in title(PAY, APP, language=language)


def test_a_language_without_words_has_no_title() -> None:
    assert title(PAY, APP, language="tlh") == ""


def test_names_that_are_too_long_are_left_out() -> None:
    long = Series(SeriesKind.COMPONENT, "A" * MAX_TITLE_LENGTH)
    assert title(PAY, long) == "Problems with payments"
    assert title(long) == ""


def posts(**many: int) -> list[Arrival]:
    """Return posts by their words, as many of each, by another author each."""
    made = arrivals(sum(many.values()), minutes=5, situation=Situation.OTHER)
    words = [word for word, number in many.items() for _ in range(number)]
    return [replace(one, words=word) for one, word in zip(made, words, strict=True)]


def test_only_what_more_than_half_of_the_people_say_prevails() -> None:
    assert prevailing(posts(payment=6, app=5), (PAYMENTS, APP), FINDER) == (PAYMENTS,)
    assert prevailing(posts(payment=5, app=5), (PAYMENTS, APP), FINDER) == ()
    assert prevailing([], (PAYMENTS, APP), FINDER) == ()
