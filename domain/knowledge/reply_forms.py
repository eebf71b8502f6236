"""Define the view models of the list of saved replies and of the form for one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.knowledge.saved_replies import Difference, ReplyVersion, Wording, find_replies
from domain.triage.situations import ENGLISH, Situation

PAGE_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyList:
    """One page of the saved replies in which all of `words` occur; `page` counts from 0.

    `changed` is the reply that was changed just now, and the first of the page. `outdated` is one that was
    not, because somebody else has changed it since the list was shown.
    """

    replies: Sequence[ReplyVersion]
    found: int
    page: int
    pages: int
    words: str
    today: date
    changed: ReplyVersion | None = None
    outdated: ReplyVersion | None = None

    def with_changed(self, changed: ReplyVersion) -> "ReplyList":
        """Return the page after this change, wherever in the list the reply stands now."""
        others = [reply for reply in self.replies if reply.name != changed.name]
        return replace(self, changed=changed, replies=[changed, *others])


def page_of(replies: Sequence[ReplyVersion], words: str, page: int, today: date) -> ReplyList:
    """Return a page of the replies that are found by the words; the last one where there are fewer."""
    found = find_replies(replies, words)
    pages = max(-(-len(found) // PAGE_SIZE), 1)
    page = max(min(page, pages - 1), 0)
    shown = found[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    return ReplyList(replies=shown, found=len(found), page=page, pages=pages, words=words, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyForm:
    """The data of the form for a saved reply, of which it shows the wordings in one language.

    `name` is empty and `version` 0 for a new reply. `counts` are the numbers of wordings by language, as
    saved. `revision` grows when the wordings are replaced, which makes Slack show the new ones. `words` and
    `page` are those of the list that is shown afterwards. `erasures` is how often customers had been erased
    or posts redacted before anything of the form was read.

    `changed_by` and `changes` are who changed the reply while it was being edited, and what.
    `has_unsaved` is whether another language was chosen while wordings of this one were not saved.
    """

    name: str = ""
    version: int = 0
    title: str = ""
    situations: frozenset[Situation] = frozenset()
    language: str = ENGLISH
    wordings: Sequence[Wording] = ()
    examples: Sequence[str] = ()
    public_only: bool = False
    owner: str = ""
    expires_on: date | None = None
    counts: Sequence[tuple[str, int]] = ()
    revision: int = 0
    words: str = ""
    page: int = 0
    erasures: int = 0
    changed_by: str = ""
    changes: Sequence[Difference] = ()
    has_unsaved: bool = False


def form_language(code: str) -> str:
    """Return the language in which a form begins: one of two letters (ISO 639-1), as in files."""
    return code if len(code) == len(ENGLISH) else ENGLISH


def form_of(reply: ReplyVersion, language: str = "") -> ReplyForm:
    """Return the form of a reply in a language; without one, in English or else its first."""
    content = reply.content
    languages = content.languages
    preferred = ENGLISH if ENGLISH in languages or not languages else languages[0]
    return ReplyForm(
        name=reply.name,
        version=reply.version,
        title=content.title,
        situations=content.situations,
        language=language or preferred,
        wordings=content.wordings_in(language or preferred),
        examples=content.examples,
        public_only=content.public_only,
        owner=content.owner,
        expires_on=content.expires_on,
        counts=counts_of(reply),
    )


def counts_of(reply: ReplyVersion) -> tuple[tuple[str, int], ...]:
    """Return the number of wordings in each language of a reply."""
    return tuple((code, len(reply.content.wordings_in(code))) for code in reply.content.languages)
