import pytest

from domain.cases.search import folded
from domain.outages.policy import Component
from domain.surge.series import BUSIEST, Series, SeriesFinder, SeriesKind, hourly_counts
from domain.triage.situations import Situation
from tests.domain.surge.made import arrivals


def test_a_key_restores_its_series() -> None:
    series = Series(SeriesKind.COMPONENT, "Card: payments")
    assert Series.of(series.key) == series


@pytest.mark.parametrize(
    ("component", "text", "found"),
    [
        ("Payments", "my PAYMENT fails", True),
        ("Payments", "payments are down", True),
        ("Login", "cannot log in", False),
        ("Mobile app", "the app on my mobile is dead", True),
        ("Mobile app", "the app is dead", False),
        ("Access", "no access", True),
        ("Straße", "die STRASSE ist zu", True),
        ("", "anything", False),
    ],
)
def test_a_component_is_found_by_its_words(component: str, text: str, found: bool) -> None:
    assert bool(SeriesFinder([Component(name=component)]).components_in(folded(text))) is found


def test_the_words_of_a_component_stand_for_its_name() -> None:
    finder = SeriesFinder([Component(name="Payments", words=("checkout", "card declined"))])
    assert finder.components_in(folded("the CHECKOUT hangs")) == ["Payments"]
    assert finder.components_in(folded("my card was declined")) == ["Payments"]
    assert finder.components_in(folded("my card, my payments")) == []


def test_praise_and_spam_are_not_watched() -> None:
    finder = SeriesFinder(())
    for situation in (Situation.PRAISE, Situation.SPAM):
        [post] = arrivals(1, minutes=1, situation=situation)
        assert {series.kind for series in finder.find(post)} == {SeriesKind.NETWORK}


def test_each_hour_has_a_count_of_every_series() -> None:
    posts = [
        *arrivals(3, minutes=10, words="payment fails", conversations=("7",)),
        *arrivals(2, minutes=10, author="the same", conversations=("8",)),
        *arrivals(1, minutes=10, situation=Situation.SPAM),
    ]
    counts = hourly_counts(
        posts, SeriesFinder([Component(name="Payments"), Component(name="Login")]), ["net", "other"]
    )
    assert counts["situation:cannot_pay"] == 4
    assert counts["situation:rant"] == 0
    assert (counts["component:Payments"], counts["component:Login"]) == (3, 0)
    assert (counts["network:net"], counts["network:other"]) == (5, 0)
    assert counts[BUSIEST.key] == 3
    assert "situation:spam" not in counts
