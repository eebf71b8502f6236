"""What does not fit is cut at a sentence, and told before anybody approves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outages.notice_checks import Fault, NoticeChecks
from domain.outages.notices import NoticeText, Version
from domain.outages.shortening import fitting_part, left_out
from tests.domain.outages.test_drafts import ENGLISH, POSTS, SPANISH, WORDS, drafted, within
from tests.handlers.made import NOW

LONG = Version(
    language="en",
    problem=(
        "Card payments and PayPal fail at checkout for most customers since about nine. Nobody is charged "
        "twice, and orders from before are not touched. We have found that the connection to our card "
        "processor drops. Our engineers are moving payments over to the second one, country by country."
    ),
    workaround="Please pay by bank transfer.",
)


def shortened(text: str, *, version: Version = LONG, language: str = "en") -> list[str]:
    checks = NoticeChecks(words=WORDS, now=NOW, versions=(version,), times=("13:00 UTC",))
    found = checks.check(NoticeText(destination="x", language=language, text=text), POSTS)
    return [warning.detail for warning in found if warning.fault is Fault.SHORTENED]


def test_a_post_ends_with_a_sentence_and_its_preview_says_what_is_missing() -> None:
    [(_, _, text)] = drafted(POSTS, versions=(LONG,))
    assert text.endswith("processor drops. Meanwhile: Please pay by bank transfer. Next update by 13:00 UTC.")
    assert shortened(text) == [
        "“Our engineers are moving payments over to the second one, country by country.”"
    ]


def test_what_to_do_goes_first_where_it_does_not_fit_behind_the_sentences() -> None:
    [(_, _, text)] = drafted(within(200), versions=(LONG,))
    assert text.endswith("are not touched. Next update by 13:00 UTC.")
    assert "“Please pay by bank transfer.”" in shortened(text)[0]


def test_what_to_do_stays_where_it_fits_behind_the_sentences() -> None:
    [(_, _, text)] = drafted(within(230), versions=(LONG,))
    assert "not touched. Meanwhile: Please pay by bank transfer. Next update" in text


def test_what_to_do_that_was_left_out_alone_is_told() -> None:
    version = Version(language="en", problem=LONG.problem[:240], workaround=LONG.workaround)
    [(_, _, text)] = drafted(POSTS, versions=(version,))
    assert version.problem in text
    assert shortened(text, version=version) == ["“Please pay by bank transfer.”"]


@pytest.mark.parametrize(
    ("text", "room"),
    [
        (f"{LONG.problem} Meanwhile: {LONG.workaround}", 280),
        ("Card payments fail. We are on it.", 280),
        (LONG.problem[:79], 1_000),
    ],
    ids=["all of it", "written anew", "there is room"],
)
def test_what_is_complete_or_was_written_by_hand_is_not_warned_of(text: str, room: int) -> None:
    assert left_out(text, LONG, lambda longer: len(longer) <= room) == []


def test_a_text_that_was_cut_in_a_word_by_hand_misses_the_whole_word() -> None:
    cut = LONG.problem[: LONG.problem.index("processor") + 4]
    [missing, _] = left_out(f"{cut}… More soon.", LONG, lambda longer: len(longer) < 280)
    assert missing.startswith("processor drops.")


def test_each_language_is_told_of_its_own_and_a_joined_text_of_all() -> None:
    checks = NoticeChecks(words=WORDS, now=NOW, versions=(LONG, SPANISH))
    spanish = NoticeText(destination="x", language="es", text=SPANISH.problem)
    assert checks.check(spanish, POSTS) == []
    [(_, _, joined)] = drafted(within(300), versions=(LONG, ENGLISH))
    found = checks.check(NoticeText(destination="short", language="", text=joined), within(300))
    assert Fault.SHORTENED in {warning.fault for warning in found}


@pytest.mark.parametrize(
    ("text", "length", "kept"),
    [
        ("Payments fail now. We work on it with all we have.", 30, "Payments fail now."),
        (
            "Ja. We work on it with everything that we have got here.",
            40,
            "Ja. We work on it with everything that…",
        ),
        (
            "Wir sind am 3. Mai ab acht Uhr z. B. hier. Und dort.",
            46,
            "Wir sind am 3. Mai ab acht Uhr z. B. hier.",
        ),
        ("Version 2.5 fails again today and so on.", 20, "Version 2.5 fails…"),
        ("支払いができません。調査中ですのでお待ちください。", 14, "支払いができません。"),
        ("«No va.» Lo miramos y seguimos aquí.", 14, "«No va.»"),
        ("Short.", 30, "Short."),
    ],
)
def test_sentences_end_where_readers_see_an_end(text: str, length: int, kept: str) -> None:
    assert fitting_part(text, lambda part: len(part) <= length) == kept


@given(text=st.text(min_size=1, max_size=300), length=st.integers(min_value=1, max_value=300))
def test_what_is_kept_fits_and_is_the_beginning(text: str, length: int) -> None:
    kept = fitting_part(text, lambda part: len(part) <= length)
    assert len(kept) <= length
    assert text.strip().startswith(kept.removesuffix("…").strip())
