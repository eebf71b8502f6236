"""Filters: what is typed, and what is refused."""

import time

import pytest

from domain.reports.filters import (
    FilterFault,
    FilterKey,
    TwoPeriods,
    UnknownFilter,
    UnknownValue,
    UnknownWord,
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


@pytest.mark.parametrize(
    "words", ["last year", "week last", "0 days", "next week", "lasst week", "la semana pasada"]
)
def test_words_that_are_no_period_stay_together_so_that_they_are_refused_as_one(words: str) -> None:
    assert parse_question(f"language:es {words}").period == words


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("last week today", "last week", "today"),
        ("7d and 30d", "7d", "30d"),
        ("this week vs last week", "this week", "last week"),
        ("2026-11-01 2026-11-07", "2026-11-01", "2026-11-07"),
    ],
)
def test_the_two_periods_are_named(words: str, first: str, second: str) -> None:
    with pytest.raises(TwoPeriods) as refused:
        parse_question(words)
    assert (refused.value.first, refused.value.second) == (first, second)


@pytest.mark.parametrize(
    ("typed", "period", "filters"),
    [
        ("7d, language:es", "7d,", [("language", "es")]),
        ("language:es, 7d", "7d", [("language", "es")]),
        ("last week please", "last week", []),
        ("“last week” language:es", "last week", [("language", "es")]),
        ("language: es 7d", "7d", [("language", "es")]),
        ('agent:"Kai Tanaka" 7d', "7d", [("agent", "Kai Tanaka")]),
        ("agent:“Kai Tanaka”", "", [("agent", "Kai Tanaka")]),
        ("2026-11-01 .. 2026-11-07 tag:billing", "2026-11-01 .. 2026-11-07", [("tag", "billing")]),
    ],
)
def test_what_people_type_around_words_is_no_part_of_them(
    typed: str, period: str, filters: list[tuple[str, str]]
) -> None:
    question = parse_question(typed)
    assert (question.period.rstrip(","), list(question.filters)) == (period.rstrip(","), filters)


@pytest.mark.parametrize(
    ("typed", "words", "instead"),
    [
        ("#support 7d", "#support", "channel:#support"),
        ("@Kai", "@Kai", "agent:@Kai"),
        ("es 7d", "es", "language:es"),
        ("cannot-pay", "cannot-pay", "situation:cannot-pay"),
        ("language es 7d", "language", "language:es"),
        ("agent:Kai Tanaka 7d", "Tanaka", 'agent:"Kai Tanaka"'),
        ("xlsx 7d", "xlsx", ""),
        ("7d of everything", "of everything", ""),
        ("🔥 yesterday", "🔥", ""),
    ],
)
def test_words_that_are_neither_are_refused_with_what_was_likely_meant(
    typed: str, words: str, instead: str
) -> None:
    with pytest.raises(UnknownWord) as refused:
        parse_question(typed)
    assert (refused.value.words, refused.value.instead) == (words, instead)


@pytest.mark.parametrize(
    ("word", "fault", "instead"),
    [
        ("lang:es", FilterFault.NAME, "language:es"),
        ("situaton:delivery", FilterFault.NAME, "situation:delivery"),
        ("user:Kai", FilterFault.NAME, "agent:Kai"),
        ("colour:red", FilterFault.NAME, ""),
        (":fire:", FilterFault.NAME, ""),
        ("language:", FilterFault.NO_VALUE, ""),
        (f"agent:{'x' * 201}", FilterFault.TOO_LONG, ""),
        ("https://acme.example/archives/C1/p1", FilterFault.LINK, ""),
        ("14:00", FilterFault.TIME_OF_DAY, ""),
        ("from:2026-11-01", FilterFault.PERIOD, ""),
    ],
)
def test_why_a_word_is_no_filter_is_told(word: str, fault: FilterFault, instead: str) -> None:
    with pytest.raises(UnknownFilter) as refused:
        parse_question(f"7d {word}")
    assert (refused.value.words, refused.value.fault, refused.value.instead) == (word, fault, instead)


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


@pytest.mark.parametrize("word", ["a", "for", "7d", "en"])
def test_what_was_pasted_by_mistake_is_refused_at_once(word: str) -> None:
    """Slack takes 40,000 characters: to look for periods among so many words would hold everybody up."""
    started = time.process_time()
    with pytest.raises(UnknownWord) as refused:
        parse_question(f"{word} " * 13_000)
    assert time.process_time() - started < 0.2
    assert refused.value.words.startswith(f"{word} {word}")
