"""Draft the texts of a notice within the limits of each destination."""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.networks.registry import NETWORKS
from adapters.prompts.notices import load_notice_words
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile, Languages
from domain.outages.drafts import NoticeFacts, NoticeWords, draft_texts
from domain.outages.notices import NoticeKind, Version
from domain.outages.outage import OutageKind, Phase
from domain.triage.form_of_address import DEFAULT_FORMS
from tests.handlers.made import HOUR, NOW
from tests.source import ROOT

WORDS = load_notice_words(ROOT / "prompts" / "outages", DEFAULT_FORMS, zone=UTC)
X = NETWORKS["x"].profile
PAGE = DestinationProfile(name="page", label="Page")
POSTS = DestinationProfile(name="x", label="X", languages=Languages.EACH, count=X.count)
BANNER = DestinationProfile(name="banner", label="Banner", languages=Languages.CHOSEN)
ENGLISH = Version(
    language="en", problem="Card payments fail for some of you.", workaround="Pay by bank transfer."
)
SPANISH = Version(language="es", problem="Algunos pagos con tarjeta fallan.")


def facts(kind: NoticeKind = NoticeKind.ANNOUNCEMENT, **changes: object) -> NoticeFacts:
    given_: dict[str, object] = {
        "next_update_due": NOW + HOUR,
        "outage_kind": OutageKind.OUTAGE,
        "phase": Phase.IDENTIFIED,
    }
    return NoticeFacts(kind=kind, now=NOW, **given_ | changes)  # type: ignore[arg-type]


def within(limit: int, **changes: object) -> DestinationProfile:
    return DestinationProfile(
        name="short",
        label="Short",
        count=lambda text: TextCount(length=len(text), limit=limit),
        **changes,  # type: ignore[arg-type]
    )


def drafted(*profiles: DestinationProfile, **given_: object) -> list[tuple[str, str, str]]:
    written = given_.pop("versions", (ENGLISH,))
    about = given_.pop("facts", facts())
    texts = draft_texts(written, about, WORDS, profiles)  # type: ignore[arg-type]
    return [(text.destination, text.language, text.text) for text in texts]


def test_a_long_text_has_everything_below_each_other() -> None:
    assert drafted(PAGE) == [
        (
            "page",
            "",
            "Card payments fail for some of you.\n\nMeanwhile: Pay by bank transfer.\n\nNext update by 13:00 UTC.",
        )
    ]


def test_each_language_has_a_text_where_the_destination_has_one_for_each() -> None:
    texts = drafted(POSTS, BANNER, PAGE, versions=(ENGLISH, SPANISH))
    assert [(name, language) for name, language, _ in texts] == [
        ("x", "en"),
        ("x", "es"),
        ("banner", "en"),
        ("banner", "es"),
        ("page", ""),
    ]
    assert texts[1][2] == ("Algunos pagos con tarjeta fallan.\n\nPróxima información antes de las 13:00 UTC.")
    assert texts[4][2] == f"{texts[2][2]}\n\n{texts[3][2]}"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (
            94,
            "Card payments fail for some of you. Meanwhile: Pay by bank transfer. Next update by 13:00 UTC.",
        ),
        (80, "Card payments fail for some of you. Next update by 13:00 UTC."),
        (50, "Card payments fail for… Next update by 13:00 UTC."),
    ],
)
def test_what_does_not_fit_is_left_out_from_the_least_needed(limit: int, text: str) -> None:
    assert drafted(within(limit))[0][2] == text


def test_a_joined_text_keeps_the_languages_that_fit() -> None:
    [(_, _, text)] = drafted(within(140), versions=(ENGLISH, SPANISH))
    assert text.startswith("Card payments")
    assert "Algunos" not in text


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        (NoticeKind.UPDATE, "Update: Card"),
        (NoticeKind.RESOLUTION, "Solved: Card"),
        (NoticeKind.REOPENING, "It is happening again: Card"),
        (NoticeKind.CORRECTION, "Correction: Card"),
    ],
)
def test_each_kind_says_what_it_is(kind: NoticeKind, begins: str) -> None:
    assert drafted(PAGE, facts=facts(kind))[0][2].startswith(begins)


@pytest.mark.parametrize("kind", [NoticeKind.RESOLUTION, NoticeKind.CORRECTION])
def test_what_to_do_once_it_is_over_is_not_for_the_meantime(kind: NoticeKind) -> None:
    restart = Version(language="en", problem="Payments work again.", workaround="Restart the app.")
    over = facts(kind, next_update_due=None, phase=Phase.RESOLVED)
    [(_, _, text)] = drafted(PAGE, versions=(restart,), facts=over)
    assert text.endswith("Payments work again.\n\nRestart the app.")


def test_a_maintenance_says_when() -> None:
    planned = facts(
        outage_kind=OutageKind.MAINTENANCE,
        next_update_due=None,
        starts_at=NOW + 24 * HOUR,
        ends_at=NOW + 26 * HOUR,
    )
    assert drafted(PAGE, facts=planned)[0][2] == (
        "Planned work: Card payments fail for some of you.\n\nMeanwhile: Pay by bank transfer.\n\n"
        "From 2026-11-22 12:00 UTC to 2026-11-22 14:00 UTC."
    )


def test_times_are_told_in_the_zone_of_the_desk() -> None:
    madrid = NoticeWords(sentences=WORDS.sentences, zone=ZoneInfo("Europe/Madrid"))
    assert madrid.clock(NOW + HOUR, after=NOW) == "14:00 CET"
    assert madrid.clock(NOW + timedelta(hours=12), after=NOW) == "2026-11-22 01:00 CET"


def test_an_update_that_is_due_soon_after_midnight_needs_no_day() -> None:
    late = NOW.replace(hour=23, minute=40)
    due = replace(facts(), now=late, next_update_due=late + timedelta(minutes=30))
    assert drafted(PAGE, facts=due)[0][2].endswith("Next update by 00:10 UTC.")
    far = replace(facts(), now=late, next_update_due=late + timedelta(hours=12))
    assert drafted(PAGE, facts=far)[0][2].endswith("Next update by 2026-11-22 11:40 UTC.")


def test_a_language_without_sentences_gets_signs() -> None:
    polish = Version(language="pl", problem="Płatności nie działają.", workaround="Zapłać przelewem.")
    assert drafted(PAGE, versions=(polish,))[0][2] == (
        "Płatności nie działają.\n\n→ Zapłać przelewem.\n\n⏱ 13:00 UTC"
    )


@given(problem=st.text(min_size=1, max_size=600).filter(str.strip), workaround=st.text(max_size=200))
def test_a_post_is_never_longer_than_the_network_allows(problem: str, workaround: str) -> None:
    version = Version(language="en", problem=problem, workaround=workaround)
    [text] = draft_texts((version,), facts(), WORDS, (POSTS,))
    assert X.count(text.text).fits
    assert "Next update by 13:00 UTC." in text.text
