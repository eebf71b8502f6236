"""Convert what came with a public post to the columns of its message, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from domain.cases.messages import Message
from domain.intake.post_context import (
    NO_CONTEXT,
    Named,
    PostContext,
    ReferencedPost,
    ReferenceKind,
    Withheld,
)
from domain.intake.posts import Media, MediaKind


def post_columns(message: Message) -> dict[str, Any]:
    """Return the values of the columns, which are `None` where nothing came with the post."""
    return {
        "media": [asdict(one) for one in message.media] or None,
        "context": _context_column(message.context),
    }


def media_from(value: Iterable[Mapping[str, Any]] | None) -> tuple[Media, ...]:
    """Return the pictures and videos."""
    return tuple(Media(**{**one, "kind": MediaKind(one["kind"])}) for one in value or ())


def context_from(value: Mapping[str, Any] | None) -> PostContext:
    """Return what came with the post."""
    if value is None:
        return NO_CONTEXT
    withheld = value.get("withheld")
    return PostContext(
        references=tuple(_reference_from(one) for one in value.get("references", ())),
        named=tuple(Named(*person) for person in value.get("named", ())),
        withheld=None
        if withheld is None
        else Withheld(countries=tuple(withheld["countries"]), over_copyright=withheld["over_copyright"]),
    )


def _context_column(context: PostContext) -> dict[str, Any] | None:
    parts = {
        "references": [_reference_row(one) for one in context.references],
        "named": [[person.id, person.handle] for person in context.named],
        "withheld": None
        if context.withheld is None
        else {
            "countries": list(context.withheld.countries),
            "over_copyright": context.withheld.over_copyright,
        },
    }
    return {name: value for name, value in parts.items() if value} or None


def _reference_row(one: ReferencedPost) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "id": one.id,
        "author_id": one.author_id,
        "handle": one.handle,
        "text": one.text,
        "alt_texts": list(one.alt_texts),
        "url": one.url,
        "is_ours": one.is_ours,
    }


def _reference_from(row: Mapping[str, Any]) -> ReferencedPost:
    return ReferencedPost(**{**row, "kind": ReferenceKind(row["kind"]), "alt_texts": tuple(row["alt_texts"])})
