"""Filters: what is typed, and what is refused."""

import pytest

from domain.reports.filters import (
    FilterKey,
    TwoPeriods,
    UnknownFilter,
    UnknownValue,
    checked_value,
    filters_of,
    parse_question,
)


def test_a_question_is_a_period_and_filters_in_any_order() -> None:
    question = parse_question(" language:es  7d Situation:cannot-pay ")
    assert question.period == "7d"
    assert question.filters == ((FilterKey.LANGUAGE, "es"), (FilterKey.SITUATION, "cannot-pay"))


def test_values_of_one_key_are_gathered_once_each() -> None:
    pairs = [
        (FilterKey.LANGUAGE, "es"),
        (FilterKey.NETWORK, "x"),
        (FilterKey.LANGUAGE, "de"),
        (FilterKey.LANGUAGE, "es"),
    ]
    assert filters_of(pairs).words == "network:x language:es language:de"


@pytest.mark.parametrize("word", ["colour:red", "language:", ":es", f"agent:{'x' * 201}"])
def test_an_unknown_filter_is_refused(word: str) -> None:
    with pytest.raises(UnknownFilter):
        parse_question(f"7d {word}")


@pytest.mark.parametrize("words", ["last week", "THIS month", "7 days", "last 24 hours", "1 day"])
def test_a_period_may_have_several_words(words: str) -> None:
    assert parse_question(f"language:es {words}").period == words
    assert parse_question(f"{words} language:es").period == words


@pytest.mark.parametrize("words", ["last year", "week last", "0 days", "next week", "last week today"])
def test_other_words_are_two_periods(words: str) -> None:
    with pytest.raises(TwoPeriods):
        parse_question(words)


def test_two_periods_are_refused() -> None:
    with pytest.raises(TwoPeriods) as refused:
        parse_question("7d today")
    assert (refused.value.first, refused.value.second) == ("7d", "today")


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        (FilterKey.SITUATION, "Cannot-Pay", "cannot_pay"),
        (FilterKey.NETWORK, "Town", "town"),
        (FilterKey.OUTAGE, "#12", "12"),
        (FilterKey.LANGUAGE, "ES", "es"),
        (FilterKey.LANGUAGE, "pt-BR", "pt"),
        (FilterKey.TAG, "#Billing", "billing"),
    ],
)
def test_values_are_read_as_they_are_stored(key: FilterKey, value: str, stored: str) -> None:
    assert checked_value(key, value, networks=["town"]) == stored


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (FilterKey.SITUATION, "sad"),
        (FilterKey.NETWORK, "myspace"),
        (FilterKey.OUTAGE, "all"),
        (FilterKey.OUTAGE, "²"),
        (FilterKey.OUTAGE, "9" * 19),  # more than a column holds
        (FilterKey.LANGUAGE, "spanish"),
        (FilterKey.TAG, "a,b"),
    ],
)
def test_values_that_nothing_can_have_are_refused_with_some_that_it_can(key: FilterKey, value: str) -> None:
    with pytest.raises(UnknownValue) as refused:
        checked_value(key, value, networks=["town"])
    assert refused.value.known
