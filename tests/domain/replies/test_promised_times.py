"""Find what an answer promises for a time, and until when that is to be kept."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from domain.office_hours import office_hours
from domain.replies.checks.promised_times import promised_times
from domain.replies.due_times import due_at
from domain.replies.time_words import LANGUAGES
from tests.source import ROOT

HOURS = office_hours(["mon-fri 09:00-17:00"], "Europe/Madrid", {date(2026, 12, 8)})
ALWAYS = office_hours([], "Europe/Madrid")
#: A Wednesday, 11:00 in Madrid.
SAID = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


#: Answers in each language that we answer in: half of them promise nothing, and many of these look so.
ANSWERS = [
    json.loads(line)
    for line in (ROOT / "tests/answers/promises.jsonl").read_text(encoding="utf-8").splitlines()
]


def dues(text: str) -> list[str]:
    """Return until when the text is to be kept, in Madrid's time."""
    found = [due_at(promised.term, SAID, HOURS) for promised in promised_times(text)]
    return [due.astimezone(HOURS.zone).strftime("%m-%d %H:%M") for due in found if due is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We will reply within 24 hours.", "12-03 11:00"),
        ("We'll call you in 30 minutes", "12-02 11:30"),
        ("Please send us your number, we will reply by Friday.", "12-04 17:00"),
        ("Please note that we will reply by Friday.", "12-04 17:00"),
        ("You'll have an answer by Friday.", "12-04 17:00"),
        ("By Friday, you will have your refund.", "12-04 17:00"),
        ("We'll get back to you tomorrow morning.", "12-03 12:00"),
        ("We'll send it today", "12-02 17:00"),
        ("You will hear from us in 3 working days.", "12-07 17:00"),
        ("You will hear from us in 3-4 working days.", "12-09 17:00"),
        ("We'll reply within 4 business hours", "12-02 15:00"),
        ("We will be back to you by Saturday", "12-05 23:59"),
        ("We'll write by Wednesday", "12-09 17:00"),
        ("We'll write by 5pm", "12-02 17:00"),
        ("We'll write by 9am", "12-03 09:00"),
        ("We'll write by 4 December at 16:30 UTC", "12-04 17:30"),
        ("We'll write by the end of the week", "12-04 17:00"),
        ("We'll fix it next week", "12-11 17:00"),
        ("You'll have it in 2 weeks", "12-16 17:00"),
        ("You'll have it in a month", "01-02 23:59"),
        ("Ihr bekommt bis Freitag Bescheid.", "12-04 17:00"),
        ("Wir melden uns bis zum 4. Dezember um 16 Uhr.", "12-04 16:00"),
        ("Wir antworten binnen zwei Werktagen", "12-04 17:00"),
        ("Wir melden uns am Freitagvormittag", "12-04 12:00"),
        ("Vous aurez une réponse sous 48 h.", "12-04 11:00"),
        ("Nous vous rappellerons demain matin", "12-03 12:00"),
        ("Te responderemos mañana.", "12-03 17:00"),
        ("Lo tendrás antes del viernes", "12-04 17:00"),
        ("Responderemos em até 24 horas.", "12-03 11:00"),
        ("Você receberá até sexta-feira", "12-04 17:00"),
        ("Ti risponderemo entro venerdì.", "12-04 17:00"),
        ("Je krijgt uiterlijk vrijdag antwoord.", "12-04 17:00"),
        ("We zullen je binnen 24 uur antwoorden.", "12-03 11:00"),
        ("Odpowiemy w ciągu 24 godzin.", "12-03 11:00"),
        ("Odpiszemy do piątku", "12-04 17:00"),
        ("24 saat içinde size dönüş yapacağız.", "12-03 11:00"),
        ("24時間以内にご連絡いたします。", "12-03 11:00"),
        ("12月4日までにご連絡いたします。", "12-04 17:00"),
        ("سنرد عليك خلال 24 ساعة.", "12-03 11:00"),
        ("سنرد خلال ساعتين", "12-02 13:00"),
    ],
)
def test_a_promised_time_is_due(text: str, expected: str) -> None:
    assert dues(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "If it has not arrived by Friday, write to us.",
        "We'll reply by Friday if you send us the number.",
        "Once we have your number, we'll reply within 24 hours.",
        "Will it be there by Friday?",
        "You wrote: “we will refund it by Friday”. Sorry about that.",
        "> We will refund it by Friday\nSorry about that.",
        "We'll find out what happened on Friday.",
        "Sorry it did not come on Friday, we'll look into it.",
        "We're open until Friday.",
        "We will be closed on Monday.",
        "We usually reply within 24 hours.",
        "We aim to reply within 24 hours.",
        "We won't be able to answer before Monday.",
        "You can return it within 30 days.",
        "You'll need to send it back within 14 days.",
        "It was fixed within 2 hours.",
        "The offer will be valid until Friday.",
        "We'll look into it. Have a nice day today!",
        "We will keep it for 400 days, and answer within 999 days",
        "Please call us by Friday and someone will help you.",
        "Call us by Friday and we will help you.",
        "We will check the payment you made on Monday.",
        "We'll be off tomorrow.",
        "We will see you on Monday!",
        "Bitte antworten Sie bis Freitag.",
        "Rufen Sie uns gern morgen an.",
        "Kommen Sie gern morgen vorbei.",
        "Wir werden das prüfen, was am Montag passiert ist.",
        "Guten Morgen! Wir melden uns.",
        "Wenn es bis Freitag nicht da ist, melde dich bitte.",
        "Si no te llega antes del viernes, escríbenos.",
        "Si vous ne recevez rien d'ici vendredi, écrivez-nous.",
        "明日までに届かない場合、ご連絡をお願いいたします。",
    ],
)
def test_conditions_questions_quotations_and_wishes_promise_nothing(text: str) -> None:
    assert dues(text) == []


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt", "it", "nl", "pl", "tr", "ja", "ar"])
def test_promises_are_found_in_each_language_and_nothing_else_is(language: str) -> None:
    answers = [row for row in ANSWERS if row["language"] == language]
    assert len([row for row in answers if row["due"]]) >= 20
    assert len([row for row in answers if not row["due"]]) >= 20
    for row in answers:
        assert dues(row["text"]) == ([row["due"]] if row["due"] else []), row["text"]


def test_a_day_until_whose_evening_somebody_is_there_promises_nothing() -> None:
    assert dues("Today we are happy to help you on the phone until 8pm, and we'll try.") == []
    assert dues("We'll call you today, we are there until 8pm.") == ["12-02 17:00"]


def test_an_answer_may_promise_several_times() -> None:
    text = "Sorry for the wait, we'll send it tomorrow and call you by Friday 3pm. You'll have it in 2 weeks."
    assert dues(text) == ["12-03 17:00", "12-04 15:00", "12-16 17:00"]
    assert [promised.words for promised in promised_times(text)][:2] == ["tomorrow", "by Friday 3pm"]


def test_an_office_that_is_always_open_ends_its_day_with_its_last_minute_and_its_week_on_friday() -> None:
    [friday] = promised_times("We'll write by Friday")
    [days] = promised_times("We'll write in 3 working days")
    [week] = promised_times("We'll write next week")
    assert due_at(friday.term, SAID, ALWAYS) == datetime(2026, 12, 4, 22, 59, tzinfo=UTC)
    assert due_at(days.term, SAID, ALWAYS) == datetime(2026, 12, 7, 22, 59, tzinfo=UTC)
    assert due_at(week.term, SAID, ALWAYS) == datetime(2026, 12, 11, 22, 59, tzinfo=UTC)


def test_a_day_that_the_clock_changes_on_ends_at_its_local_time() -> None:
    said = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    [tomorrow] = promised_times("We'll write tomorrow")
    assert due_at(tomorrow.term, said, ALWAYS) == datetime(2027, 3, 28, 21, 59, tzinfo=UTC)


def test_what_follows_a_commitment_is_looked_for_in_a_bounded_stretch() -> None:
    """Unbounded, an answer without a full stop would be read once for each of its words."""
    unbounded = re.compile(r"\[\^[^\]]*\][*+]")
    assert [words for words in LANGUAGES if unbounded.search(words.commits + words.unless)] == []


def test_reading_a_long_answer_is_linear() -> None:
    assert promised_times("we will by friday, and " * 20_000) != []
