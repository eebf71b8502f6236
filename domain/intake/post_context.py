"""Define what comes with a post: posts that it quotes or answers, whom it names, where it is withheld.

None of it is the author's own words.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

MAX_REFERENCE_TEXT = 2000  # characters of a referenced post that are stored
MAX_NAMED = 50  # people of one post


class ReferenceKind(StrEnum):
    """How a post refers to another one. The values are stored."""

    QUOTED = "quoted"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedPost:
    """A post that another one quotes or answers.

    `text` and `alt_texts` are empty where the network does not show it, because it is deleted, protected or
    withheld; author and handle are, where the network does not tell them. `alt_texts` are those of all its
    pictures and videos, empty ones included. `is_ours` is whether our account wrote it.
    """

    kind: ReferenceKind
    id: str
    author_id: str = ""
    handle: str = ""
    text: str = ""
    alt_texts: tuple[str, ...] = ()
    url: str = ""
    is_ours: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the network shows it: a picture without a description counts."""
        return bool(self.text or self.alt_texts)

    @property
    def words(self) -> str:
        """The text and the alt texts."""
        return "\n".join(filter(None, [self.text, *self.alt_texts]))


@dataclass(frozen=True, slots=True)
class Named:
    """A person whom a post mentions."""

    id: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Where the network withholds a post (country codes, ISO 3166), and whether over copyright."""

    countries: tuple[str, ...] = ()
    over_copyright: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostContext:
    """What comes with a post beside its words and media.

    `named` are whom the post mentions, without us and its author.
    """

    references: tuple[ReferencedPost, ...] = ()
    named: tuple[Named, ...] = ()
    withheld: Withheld | None = None

    @property
    def handles(self) -> list[str]:
        """The handles of everybody else who comes with the post."""
        known = (*(one.handle for one in self.references), *(person.handle for person in self.named))
        return [handle for handle in known if handle]

    @property
    def pointed_at(self) -> str:
        """The words that the author points at: of the posts of others that the post quotes or answers."""
        return "\n".join(one.words for one in self.references if one.words and not one.is_ours)


NO_CONTEXT = PostContext()


def without_references(
    context: PostContext, post_ids: Collection[str], author_ids: Collection[str]
) -> PostContext:
    """Return the context without the words of these posts and authors, and without the authors themselves."""
    return replace(
        context,
        references=tuple(
            ReferencedPost(kind=one.kind, id=one.id, is_ours=one.is_ours)
            if one.id in post_ids or one.author_id in author_ids
            else one
            for one in context.references
        ),
        named=tuple(person for person in context.named if person.id not in author_ids),
    )
