"""Check a saved reply before it is saved: what is missing, too long, repeated, or against a rule."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.knowledge.saved_replies import ReplyContent, ReplyVersion, Wording
from domain.networks import NetworkProfile
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.triage.saved_replies import TemplateError, check_template, fill_template, unknown_placeholders
from domain.venues import Venue

MAX_TITLE_LENGTH = 60
MAX_WORDINGS = 20  # in one language
#: As long as a first name can be; see `first_name`.
LONGEST_NAME = "Maximiliana-Sofianne"

_SECTION_HEADING = re.compile(r"^##", re.MULTILINE)


class ReplyField(StrEnum):
    """The fields that can have a fault."""

    TITLE = "title"
    SITUATIONS = "situations"
    WORDING = "wording"
    EXAMPLES = "examples"
    EXPIRES_ON = "expires_on"


class FaultKind(StrEnum):
    """What can be wrong with a field."""

    EMPTY = "empty"
    TITLE_TOO_LONG = "title too long"
    TITLE_TAKEN = "title taken"
    TOO_MANY_WORDINGS = "too many wordings"
    EXPIRED = "expired"
    UNKNOWN_PLACEHOLDER = "unknown placeholder"
    BROKEN_TEMPLATE = "broken template"
    VALUE_UNKNOWN = "value unknown"
    SECTION_HEADING = "section heading"
    TOO_LONG = "too long"
    RULE_BROKEN = "rule broken"
    DUPLICATE = "duplicate"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFault:
    """A fault of a field. `wording` is its position in the content, for `ReplyField.WORDING`.

    `detail` is what it is about: the placeholder, the reason of the rule, the title of the reply that has the
    text, or the network, whose count is `length` and `limit`.
    """

    field: ReplyField
    kind: FaultKind
    wording: int = 0
    detail: str = ""
    length: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyChecker:
    """Checks a desk's saved replies by its networks, its rules of engagement and its placeholders' values."""

    profiles: Sequence[NetworkProfile]
    rules: RulesOfEngagement
    brand: str
    help_url: str

    def faults(self, content: ReplyContent, others: Iterable[ReplyVersion], today: date) -> list[ReplyFault]:
        """Return the faults of a content, at most one for each field and wording.

        `others` are the current versions of the other replies.
        """
        active = [other for other in others if not other.is_retired]
        return [*_field_faults(content, active, today), *self._wording_faults(content, active)]

    def _wording_faults(self, content: ReplyContent, others: Sequence[ReplyVersion]) -> Iterator[ReplyFault]:
        taken = {
            _compared(wording.text): other.content.title
            for other in others
            for wording in other.content.wordings
        }
        for position, wording in enumerate(content.wordings):
            fault = next(self._faults_of(wording, content, taken), None)
            if fault is not None:
                kind, detail, length, limit = fault
                yield ReplyFault(
                    field=ReplyField.WORDING,
                    kind=kind,
                    wording=position,
                    detail=detail,
                    length=length,
                    limit=limit,
                )
            taken.setdefault(_compared(wording.text), content.title)

    def _faults_of(
        self, wording: Wording, content: ReplyContent, taken: dict[str, str]
    ) -> Iterator[tuple[FaultKind, str, int, int]]:
        text = wording.text
        if not text.strip():
            yield FaultKind.EMPTY, "", 0, 0
            return
        if _SECTION_HEADING.search(text):
            yield FaultKind.SECTION_HEADING, "", 0, 0
        if unknown := unknown_placeholders(text):
            yield FaultKind.UNKNOWN_PLACEHOLDER, unknown[0], 0, 0
            return
        try:
            check_template(text)
        except TemplateError as error:
            yield FaultKind.BROKEN_TEMPLATE, str(error), 0, 0
            return
        if (title := taken.get(_compared(text))) is not None:
            yield FaultKind.DUPLICATE, title, 0, 0
        try:
            filled = fill_template(text, first_name=LONGEST_NAME, brand=self.brand, help_url=self.help_url)
        except TemplateError:
            yield FaultKind.VALUE_UNKNOWN, "help_url" if self.brand else "brand", 0, 0
            return
        for profile in self.profiles:
            count = profile.count(filled)
            if not count.fits:
                yield FaultKind.TOO_LONG, profile.label, count.length, count.limit
        for violation in self._broken_rules(filled, wording, content):
            yield FaultKind.RULE_BROKEN, violation.reason, 0, 0

    def _broken_rules(self, filled: str, wording: Wording, content: ReplyContent) -> list[RuleViolation]:
        """Return the hard rules that the text breaks where it may be sent."""
        links = [link for profile in self.profiles for link in profile.links(filled)]
        venues = (Venue.PUBLIC,) if content.public_only else (Venue.PUBLIC, Venue.DM)
        checked = (
            Reply(
                text=filled,
                length=len(filled),
                limit=len(filled),
                venue=venue,
                links=links,
                language=wording.language,
            )
            for venue in venues
        )
        return [violation for reply in checked for violation in self.rules.check(reply) if violation.hard]


def _field_faults(content: ReplyContent, others: Sequence[ReplyVersion], today: date) -> Iterator[ReplyFault]:
    title = content.title.casefold()
    if not title:
        yield ReplyFault(field=ReplyField.TITLE, kind=FaultKind.EMPTY)
    elif len(title) > MAX_TITLE_LENGTH:
        yield ReplyFault(field=ReplyField.TITLE, kind=FaultKind.TITLE_TOO_LONG, limit=MAX_TITLE_LENGTH)
    elif any(other.content.title.casefold() == title for other in others):
        yield ReplyFault(field=ReplyField.TITLE, kind=FaultKind.TITLE_TAKEN)
    if not content.situations:
        yield ReplyFault(field=ReplyField.SITUATIONS, kind=FaultKind.EMPTY)
    if not content.wordings:
        yield ReplyFault(field=ReplyField.WORDING, kind=FaultKind.EMPTY)
    if any(len(content.wordings_in(code)) > MAX_WORDINGS for code in content.languages):
        yield ReplyFault(field=ReplyField.WORDING, kind=FaultKind.TOO_MANY_WORDINGS)
    if not content.examples:
        yield ReplyFault(field=ReplyField.EXAMPLES, kind=FaultKind.EMPTY)
    if content.expires_on is not None and content.expires_on < today:
        yield ReplyFault(field=ReplyField.EXPIRES_ON, kind=FaultKind.EXPIRED)


def _compared(text: str) -> str:
    return " ".join(text.casefold().split())
