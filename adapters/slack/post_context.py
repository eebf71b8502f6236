"""Word what comes with a post: what it quotes or answers, the handles before its words, who withholds it."""

import re
from collections.abc import Sequence

from adapters.slack.escaping import inline, isolate, one_line, shorten_to_columns
from adapters.slack.rich_text import Node, link_node, section, text_node
from domain.cases.messages import Message
from domain.intake.post_context import ReferencedPost, ReferenceKind, Withheld

MAX_COLUMNS = {ReferenceKind.QUOTED: 190, ReferenceKind.ANSWERED: 105}  # on a card: two lines, and one
MAX_THREAD_LENGTH = 400
MAX_HANDLE = 40
MAX_COUNTRIES = 3
MAX_NAMED = 12
_EVERYWHERE = frozenset({"XX"})  # X's code for all countries
_VERBS = {ReferenceKind.QUOTED: "quotes", ReferenceKind.ANSWERED: "answers"}
_HANDLE = r"@[\w.-]+(?:@[\w.-]+)?"
_LEADING = re.compile(rf"\s*(?:{_HANDLE}(?:\s+|$)){{4,}}")


def folded_handles(text: str) -> str:
    """Return the text with a long row of handles before its words as "@acme and 11 others ·"."""
    found = _LEADING.match(text)
    if found is None or not text[found.end() :].strip():
        return text
    first, *others = {handle.casefold(): handle for handle in found[0].split()}.values()
    return f"{first} and {len(others)} others · {text[found.end() :]}" if len(others) > 1 else text


def withheld_text(withheld: Withheld) -> str:
    """Say where a post is withheld, in a sentence."""
    if withheld == Withheld():
        return "This post is withheld. The network does not say in which countries."
    why = " over a copyright claim" if withheld.over_copyright else ""
    return f"This post is withheld in {_countries(withheld.countries)}{why}."


def context_lines(message: Message, *, with_answered: bool = True) -> list[str]:
    """Return a line for each post that this one quotes or answers, for a card, and where it is withheld."""
    is_said = message.is_withheld or message.deleted_at is not None  # in place of the words
    withheld = None if is_said else message.context.withheld
    note = [f"🚫 {withheld_text(withheld)}"] if withheld is not None else []
    return note + [
        f"{lead}{_said(one, MAX_COLUMNS[one.kind] - len(lead))}"
        for one in _references(message)
        if (lead := _lead(one, message)) and (with_answered or one.kind is not ReferenceKind.ANSWERED)
    ]


def context_sections(message: Message, limit: int = MAX_THREAD_LENGTH) -> list[Node]:
    """Return a section for each post that this one quotes or answers, with a link to it."""
    return [
        section([link_node(one.url, _lead(one, message)), text_node(_said(one, limit))])
        if one.url
        else section([text_node(f"{_lead(one, message)}{_said(one, limit)}")])
        for one in _references(message)
    ]


def max_context_size(message: Message) -> int:
    """Return the most characters that `context_sections` takes."""
    return len(message.context.references) * (MAX_THREAD_LENGTH + MAX_HANDLE + 1100)


def named_line(message: Message) -> str:
    """Return whom a post mentions beside us, in one line; empty if nobody."""
    named = message.context.named if message.deleted_at is None else ()
    names = [f"@{inline(person.handle, MAX_HANDLE)}" for person in named[:MAX_NAMED]]
    more = len(named) - len(names)
    return ", ".join([*names, *([f"{more} more"] if more else [])])


def _references(message: Message) -> Sequence[ReferencedPost]:
    return message.context.references if message.deleted_at is None else ()


def _lead(one: ReferencedPost, message: Message) -> str:
    verb = _VERBS[one.kind]
    if not one.is_shown:
        whose = "of ours" if one.is_ours else f"by @{inline(one.handle, MAX_HANDLE)}" if one.handle else ""
        return f"↳ {verb} a post {whose}{' ' if whose else ''}that is not shown to us: it is deleted, private or withheld"
    if one.is_ours:
        return f"↳ {verb} us: "
    if one.author_id == message.author_id:
        return "↳ after their own: " if one.kind is ReferenceKind.ANSWERED else "↳ quotes their own: "
    return f"↳ {verb} {f'@{inline(one.handle, MAX_HANDLE)}' if one.handle else 'somebody'}: "


def _said(one: ReferencedPost, columns: int) -> str:
    """Return the words of a post and the alt text of its first picture, in quotation marks."""
    parts = []
    if text := one_line(folded_handles(one.text)):
        parts.append(f"“{isolate(shorten_to_columns(text, columns))}”")
    if one.alt_texts:
        described = next(filter(None, one.alt_texts), "")
        picture = isolate(shorten_to_columns(one_line(described), columns // 2))
        parts.append(f"🖼 “{picture}”" if picture else "🖼")
    return " ".join(parts)


def _countries(codes: Sequence[str]) -> str:
    from babel import Locale

    if not codes or _EVERYWHERE & set(codes):
        return "all countries"
    territories = Locale("en").territories
    names = [
        f"{territories[code]} ({code})" if code in territories else code for code in codes[:MAX_COUNTRIES]
    ]
    more = len(codes) - len(names)
    parts = [*names, *([f"{more} more"] if more else [])]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
