"""Define what people write of a saved reply, and its versions; each change is a version of its own."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.triage.form_of_address import FormOfAddress
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

#: A reply that expires within this time is marked in the list.
EXPIRES_SOON = timedelta(days=7)
MAX_NAME_LENGTH = 60

_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")


class ReplyChange(StrEnum):
    """What made a version. `SHIPPED` ones are files that came with the program."""

    SHIPPED = "shipped"
    CREATED = "created"
    EDITED = "edited"
    RETIRED = "retired"
    RESTORED = "restored"


#: Those that the database keeps; shipped versions are files.
STORED_CHANGES = tuple(change for change in ReplyChange if change is not ReplyChange.SHIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text of a reply in one language; `form` is `None` where it fits every customer."""

    language: str
    text: str
    form: FormOfAddress | None = None

    def fits(self, form: FormOfAddress | None) -> bool:
        """Return whether it may be used where customers are addressed in this form; `None` is either."""
        return self.form is None or form is None or self.form is form


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContent:
    """What people write of a saved reply; see `SavedReply` for what the fields do.

    `owner` is the Slack user id of who looks after it. It is suggested until the end of `expires_on` in UTC.
    """

    title: str
    situations: frozenset[Situation]
    wordings: tuple[Wording, ...]
    examples: tuple[str, ...]
    reasons: frozenset[str] = frozenset()
    usual: bool = False
    public_only: bool = False
    owner: str = ""
    expires_on: date | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a wording, in the order of their first."""
        return tuple(dict.fromkeys(wording.language for wording in self.wordings))

    def wordings_in(self, language: str) -> tuple[Wording, ...]:
        """Return the wordings in a language."""
        return tuple(wording for wording in self.wordings if wording.language == language)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyVersion:
    """A version of the reply `name`; `by` is a Slack user id, empty and without `at` for a shipped one."""

    name: str
    version: int
    content: ReplyContent
    change: ReplyChange = ReplyChange.SHIPPED
    by: str = ""
    at: datetime | None = None

    @property
    def is_retired(self) -> bool:
        """Whether it is kept, and not suggested."""
        return self.change is ReplyChange.RETIRED

    def is_expired(self, today: date) -> bool:
        """Return whether the last day on which it is suggested has passed."""
        return self.content.expires_on is not None and self.content.expires_on < today

    def expires_soon(self, today: date) -> bool:
        """Return whether it expires within a week, today included."""
        expires_on = self.content.expires_on
        return expires_on is not None and today <= expires_on <= today + EXPIRES_SOON


def current_versions(
    shipped: Iterable[ReplyVersion], stored: Iterable[ReplyVersion]
) -> dict[str, ReplyVersion]:
    """Return the newest version of each reply, by name: a desk's own precedes the shipped one."""
    return {version.name: version for version in (*shipped, *stored)}


def suggestible(
    versions: Iterable[ReplyVersion], forms: Mapping[str, FormOfAddress], today: date
) -> list[SavedReply]:
    """Return what may be suggested today, in the wordings of the desk's `forms` of address, by name."""
    active = (version for version in versions if not version.is_retired and not version.is_expired(today))
    return sorted((saved_reply(version, forms) for version in active), key=lambda reply: reply.name)


def saved_reply(version: ReplyVersion, forms: Mapping[str, FormOfAddress]) -> SavedReply:
    """Return the reply as it is suggested.

    A language whose wordings all have the other form of address keeps none, so that nothing is suggested in
    it.
    """
    content = version.content
    wordings = {
        language: tuple(
            wording.text for wording in content.wordings_in(language) if wording.fits(forms.get(language))
        )
        for language in content.languages
    }
    return SavedReply(
        name=version.name,
        version=version.version,
        title=content.title,
        situations=content.situations,
        wordings=wordings,
        examples=content.examples,
        reasons=content.reasons,
        usual=content.usual,
        public_only=content.public_only,
    )


def new_name(title: str, taken: Collection[str]) -> str:
    """Return a name for a new reply: its title in ASCII, with a number where that is taken."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = _NOT_IN_NAME.sub("_", ascii_title).strip("_")[: MAX_NAME_LENGTH - 4].strip("_") or "reply"
    names = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of a reply that changed; `language` is set for wordings. Values are as people wrote them."""

    field: str
    before: str
    after: str
    language: str = ""


def differences(before: ReplyContent, after: ReplyContent) -> list[Difference]:
    """Return what changed between two contents, field by field, and wordings by language."""
    found = [
        Difference(field=field, before=_as_text(old), after=_as_text(new))
        for field in _COMPARED
        if (old := getattr(before, field)) != (new := getattr(after, field))
    ]
    languages = dict.fromkeys((*before.languages, *after.languages))
    return found + [
        Difference(
            field="wordings",
            language=language,
            before=_as_text([wording.text for wording in old]),
            after=_as_text([wording.text for wording in new]),
        )
        for language in languages
        if (old := before.wordings_in(language)) != (new := after.wordings_in(language))
    ]


_COMPARED = ("title", "situations", "expires_on", "owner", "public_only", "examples", "reasons", "usual")


def _as_text(value: object) -> str:
    match value:
        case frozenset():
            return ", ".join(sorted(map(str, value)))
        case list() | tuple():
            return "\n".join(map(str, value))
        case True:
            return "yes"
        case None | False:
            return ""
    return str(value)


def find_replies(versions: Iterable[ReplyVersion], words: str) -> list[ReplyVersion]:
    """Return the replies in which all of the words occur, by title; all of them without words."""
    wanted = words.casefold().split()
    found = (version for version in versions if all(word in _searched(version) for word in wanted))
    return sorted(
        found, key=lambda version: (version.is_retired, version.content.title.casefold(), version.name)
    )


def _searched(version: ReplyVersion) -> str:
    content = version.content
    texts: Sequence[str] = [wording.text for wording in content.wordings]
    return " ".join((version.name, content.title, *content.situations, *content.examples, *texts)).casefold()
