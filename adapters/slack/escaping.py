"""Make untrusted text safe to show in Slack. No other module escapes.

rich_text text nodes (`adapters.slack.rich_text`) and plain_text are never interpreted and only need
`strip_control`; mrkdwn is interpreted and needs `escape`, inside code marks `escape_code` (decision 74).
Prefer the first.
"""

import re
import unicodedata

from domain.records.audit import SYSTEM

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Embeddings, overrides and directed isolates (Unicode annex 9) would reorder our own text that follows. The
# pair that `isolate` adds is kept: it is harmless as long as it is a pair.
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066\u2067]")
_OPEN_ISOLATE, _CLOSE_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_WIDE = frozenset({"W", "F"})
_BEFORE_ELLIPSIS = ".,;:、。，؛، "
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{5,}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
_CUT_TOKEN = re.compile(r"(?:<[^<>]*|&[a-z]{0,3})…$")
# What Slack takes for formatting or an emoji, full-width marks too; not "_" in a word, or times (10:30:45).
_LIVE_MARKS = re.compile(
    r"[*~`＊｀＿]|(?<![A-Za-z0-9_])_++|(?<=[A-Za-z0-9])_++(?![A-Za-z0-9])|:(?!\d\d?:)(?=[\w+'*~`＊｀-]+:)"
)
_QUOTE_MARK = re.compile(r"^(?=[ \t]*(?:&gt;|＞))", re.MULTILINE)
_SOFT_HYPHEN = "\u00ad"
_LOOK_ALIKES = str.maketrans("*_~`＊＿｀:", "∗ˍ∼ˋ﹡⸏ˋ∶")
_OUR_COMMAND = re.compile(r"ˋ((?:/mentions|/outage|python bot\.py)(?: [\w-]+){0,3})ˋ")
_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_URL_ESCAPES = str.maketrans({character: f"%{ord(character):02X}" for character in '<>|"`\\ '})
MAX_URL_LENGTH = 3000


def strip_control(text: str) -> str:
    """Remove control characters, bidi controls and unpaired isolates, and replace lone surrogates.

    Line breaks become newlines; tabs stay.
    """
    if text.isprintable():  # as most are: nothing that is removed or replaced counts as printable
        return text
    text = _LINE_BREAK.sub("\n", text)
    text = _SURROGATE.sub("\ufffd", text)
    return _drop_unpaired_isolates(_BIDI_CONTROL.sub("", _CONTROL.sub("", text)))


def _drop_unpaired_isolates(text: str) -> str:
    """Remove isolates that are not closed, and closings without an isolate."""
    if _OPEN_ISOLATE not in text and _CLOSE_ISOLATE not in text:
        return text
    open_indices: list[int] = []
    unpaired: set[int] = set()
    for index, character in enumerate(text):
        if character == _OPEN_ISOLATE:
            open_indices.append(index)
        elif character == _CLOSE_ISOLATE:
            if open_indices:
                open_indices.pop()
            else:
                unpaired.add(index)
    unpaired.update(open_indices)
    return "".join(character for index, character in enumerate(text) if index not in unpaired)


def one_line(text: str) -> str:
    """Apply `strip_control` and collapse all white space into single spaces."""
    return " ".join(strip_control(text).split())


def escape(text: str) -> str:
    """Apply `strip_control`, and have mrkdwn show the text as it is: no links, formatting, quotes or emoji.

    Slack has no escape for marks of formatting, so letters that look alike take their places.
    """
    marked = _QUOTE_MARK.sub(_SOFT_HYPHEN, _escape_tokens(text))
    return _LIVE_MARKS.sub(lambda found: found[0].translate(_LOOK_ALIKES), marked)


def escape_code(text: str) -> str:
    """Escape for the inside of mrkdwn's code marks, where all but those is literal."""
    return _escape_tokens(text).replace("`", "ˋ")


def _escape_tokens(text: str) -> str:
    """Escape exactly what Slack asks for: `&`, `<` and `>` (docs.slack.dev, formatting)."""
    return strip_control(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten_escaped(escaped: str, limit: int) -> str:
    """Cut escaped text to at most `limit` characters without a broken entity or token at the end."""
    return escaped if len(escaped) <= limit else _CUT_TOKEN.sub("…", shorten(escaped, limit))


def escape_within(text: str, limit: int) -> str:
    """Apply `escape`, then `shorten_escaped`."""
    return shorten_escaped(escape(text), limit)


def escape_message(text: str, limit: int) -> str:
    """Apply `escape_within` to a sentence of ours that may hold words of others: our commands stay code."""
    return _OUR_COMMAND.sub(r"`\1`", escape_within(text, limit))


def unescape(escaped: str) -> str:
    """Undo what Slack escapes in all that it sends, such as a command's text: `&`, `<` and `>`."""
    return escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shorten(text: str, limit: int) -> str:
    """Cut to at most `limit` characters, the last one "…" if any were cut; never inside a joined emoji."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    if unicodedata.combining(text[len(kept)]) or text[len(kept)] in _JOINERS:
        kept = kept[:-1]
    while kept and kept[-1] == "\u200d":
        kept = kept[:-2]
    return (kept.rstrip() + "…")[:limit]


def shorten_to_columns(text: str, columns: int) -> str:
    """Cut one line to the width of `columns` letters; wide characters (East Asian, emoji) take two."""
    room = columns
    for index, character in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(character) in _WIDE else 1
        if room < 0:
            return shorten(text, index)
    return text


def cut_at_word(text: str, columns: int) -> str:
    """Cut one line as `shorten_to_columns` does, at the end of a word where one ends in the last third.

    A point or comma before the "…" goes, too.
    """
    cut = shorten_to_columns(text, columns)
    if cut == text:
        return text
    kept = cut[:-1]
    head, space, _ = kept.rpartition(" ")
    is_within_word = not text[len(kept) : len(kept) + 1].isspace()
    if is_within_word and space and len(head) * 3 >= len(cut) * 2:
        kept = head
    return f"{kept.rstrip(_BEFORE_ELLIPSIS)}…"


def fold_lines(text: str, *, lines: int, limit: int) -> str:
    """Cut to at most `lines` lines and `limit` characters, the last one "…" if anything was cut."""
    kept = text.strip().split("\n")
    cut = "\n".join(kept[:lines])
    return shorten(f"{cut}…" if len(kept) > lines else cut, limit)


def isolate(text: str) -> str:
    """Wrap right-to-left text in a bidi isolate, so that it does not reorder its surroundings."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_OPEN_ISOLATE}{text}{_CLOSE_ISOLATE}"
    return text


def inline(text: str, limit: int) -> str:
    """Prepare untrusted text for the middle of a line: one line, at most `limit` characters, isolated."""
    return isolate(strip_control(shorten(one_line(text), limit)))


def safe_url(url: str | None) -> str | None:
    """Return a URL that is safe in any kind of link.

    `None` if it is not http(s), or longer than `MAX_URL_LENGTH` once escaped.
    """
    if url is None or _URL.match(url) is None:
        return None
    address = one_line(url).translate(_URL_ESCAPES)
    return address if len(address) <= MAX_URL_LENGTH else None


def link(url: str | None, label: str) -> str:
    """Render a link in mrkdwn; only its label if the URL is unsafe or missing."""
    address = safe_url(url)
    return escape(label) if address is None else f"<{address.replace('&', '&amp;')}|{escape(label)}>"


def is_user_id(user: str) -> bool:
    """Return whether this is a Slack user id."""
    return _USER_ID.fullmatch(user) is not None


def mention(user: str) -> str:
    """Render a user mention in mrkdwn; the bot's name for actions of the system."""
    return f"<@{user}>" if is_user_id(user) else escape(actor_name(user))


def channel_mention(channel: str) -> str:
    """Render a link to a channel in mrkdwn, by its id; its name where that is all that is known."""
    return f"<#{channel}>" if _CHANNEL_ID.fullmatch(channel) else escape(inline(channel, 80))


def actor_name(user: str) -> str:
    """Return the name of an actor who is no Slack user."""
    return "Switchboard" if user == SYSTEM else inline(user, 60)
