"""Check the texts of a notice before it leaves: what would be refused, and what readers may object to."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.outages.clock_times import other_times
from domain.outages.destinations import DestinationProfile
from domain.outages.drafts import NoticeWords
from domain.outages.notices import ALL_LANGUAGES, NoticeText, Version
from domain.outages.shortening import BEGINNING, left_out
from domain.outages.third_parties import blamed_party
from domain.replies.checks.promises import promises_time
from domain.replies.checks.reply import Reply
from domain.replies.checks.tone import blames_customer, is_sarcastic

_SHORTEST_FIRST_NAME = 4  # characters: shorter ones are too often other words


class Fault(StrEnum):
    """What is wrong with a text. The first three keep it from being sent."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SAME_AS_BEFORE = "same_as_before"
    PROMISED_TIME = "promised_time"
    OTHER_TIME = "other_time"
    BLAME = "blame"
    COLLEAGUE_NAMED = "colleague_named"
    COSTLY_LINK = "costly_link"
    LANGUAGE_LEFT_OUT = "language_left_out"
    SHORTENED = "shortened"


BLOCKING = frozenset({Fault.EMPTY, Fault.TOO_LONG, Fault.SAME_AS_BEFORE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWarning:
    """A fault of a text for one destination. `detail` is the word, time, price or part it is about."""

    fault: Fault
    destination: str
    language: str
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the text cannot be sent as it is."""
        return self.fault in BLOCKING


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChecks:
    """What texts are checked against.

    `names` are the full names of colleagues, `components` the names of our own components. `times` are the
    times that the form gave, as they stand in the texts. `before` are the texts that the destinations were
    sent last in this outage. `versions` is what was written.
    """

    words: NoticeWords
    now: datetime
    names: Collection[str] = ()
    components: Collection[str] = ()
    times: Collection[str] = ()
    before: Collection[NoticeText] = ()
    versions: Sequence[Version] = ()

    def check(self, text: NoticeText, profile: DestinationProfile) -> list[NoticeWarning]:
        """Return the faults of a text, those first that keep it from being sent."""
        return [
            NoticeWarning(fault=fault, destination=text.destination, language=text.language, detail=detail)
            for fault, detail in (
                *self._refused(text, profile),
                *self._times(text),
                *self._people(text),
                *_links(text, profile),
                *self._languages(text),
                *self._left_out(text, profile),
            )
        ]

    def _refused(self, text: NoticeText, profile: DestinationProfile) -> Iterable[tuple[Fault, str]]:
        count = profile.count(text.text)
        if count.length == 0:
            yield Fault.EMPTY, ""
        elif not count.fits:
            yield Fault.TOO_LONG, f"{count.length:,} of {count.limit:,}"
        elif text in self.before:
            yield Fault.SAME_AS_BEFORE, ""

    def _times(self, text: NoticeText) -> Iterable[tuple[Fault, str]]:
        """Find promises of a time, and clock times other than those that the form gave.

        That something has been so since a time that has passed is no promise.
        """
        own = text.text
        for time in self.times:
            own = own.replace(time, "")
        if promises_time(Reply(text=own, length=len(own), limit=len(own) + 1)):
            yield Fault.PROMISED_TIME, ""
        elif other := next(other_times(own, now=self.now, zone=self.words.zone), ""):
            yield Fault.OTHER_TIME, other

    def _people(self, text: NoticeText) -> Iterable[tuple[Fault, str]]:
        if (phrase := self._blame(text)) is not None:
            yield Fault.BLAME, phrase
        for name in self.names:
            if (found := _named(text.text, name)) is not None:
                yield Fault.COLLEAGUE_NAMED, found

    def _blame(self, text: NoticeText) -> str | None:
        reply = Reply(text=text.text, length=len(text.text), limit=len(text.text) + 1)
        if blames_customer(reply) or is_sarcastic(reply):
            return ""
        written = [version.language for version in self.versions]
        languages = written if text.language == ALL_LANGUAGES else [text.language]
        phrases = (
            phrase.strip()
            for language in languages
            for phrase in self.words.of(language)["blame"].split(",")
            if phrase.strip()
        )
        listed = next((phrase for phrase in phrases if _contains(text.text, phrase)), None)
        return listed or blamed_party(text.text, ours=self.components)

    def _languages(self, text: NoticeText) -> Iterable[tuple[Fault, str]]:
        """Find language versions whose beginning is not in a text that joins them."""
        if text.language != ALL_LANGUAGES:
            return
        missing = [
            version.language
            for version in self.versions
            if version.problem.strip()[:BEGINNING] not in text.text
        ]
        if missing and len(self.versions) > 1:
            yield Fault.LANGUAGE_LEFT_OUT, ", ".join(missing)

    def _left_out(self, text: NoticeText, profile: DestinationProfile) -> Iterable[tuple[Fault, str]]:
        """Find parts of what was written that are not in the text for want of room."""
        parts = [
            part
            for version in self.versions
            if text.language in {ALL_LANGUAGES, version.language}
            for part in left_out(text.text, version, lambda longer: profile.count(longer).fits)
        ]
        if parts:
            yield Fault.SHORTENED, " ".join(f"“{part}”" for part in parts)


def _links(text: NoticeText, profile: DestinationProfile) -> Iterable[tuple[Fault, str]]:
    links, price = profile.links(text.text), profile.price(text.text)
    if not links or not price:
        return
    without = text.text
    for address in links:
        without = without.replace(address, "")
    if price > (profile.price(without) or 0.0):
        yield Fault.COSTLY_LINK, f"{price:.2f}"


def _named(text: str, name: str) -> str | None:
    """Return a colleague's name as it stands in the text: in full, or a first name that is no short word."""
    first = name.partition(" ")[0]
    for part in (name, first):
        if len(part) >= _SHORTEST_FIRST_NAME and re.search(rf"\b{re.escape(part)}\b", text):
            return part
    return None


def _contains(text: str, phrase: str) -> bool:
    pattern = re.escape(phrase)
    if phrase.isascii() or (phrase[0].isalpha() and phrase[0].lower() != phrase[0].upper()):
        pattern = rf"\b{pattern}\b"
    return re.search(pattern, text, re.IGNORECASE) is not None
