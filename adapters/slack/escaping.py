"""The one place that makes foreign text safe to show in Slack.

Two ways in: rich_text text nodes (`adapters.slack.rich_text`) and plain_text are never live and only need `clean`; mrkdwn is live and
needs `escape`. Prefer the first.
"""

import re
import unicodedata

from domain.records.audit import SYSTEM

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Embeddings, overrides and directed isolates (Unicode annex 9) would reorder our own words that follow. What remains is the
# pair that `isolate` puts around foreign words, which is harmless as long as it is a pair.
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066\u2067]")
_ISOLATE, _POP = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_JOINS = frozenset("\u200d\ufe0e\ufe0f")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}…$")
_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_NOT_IN_URLS = str.maketrans({character: f"%{ord(character):02X}" for character in '<>|"`\\ '})
LONGEST_URL = 3000


def strip_control(text: str) -> str:
    """Without what would break the wire or the line: control characters, lone surrogates, bidi controls; tabs and newlines stay."""
    text = _LINE_BREAK.sub("\n", text)
    text = _SURROGATE.sub("\ufffd", text)
    return _paired(_BIDI_CONTROL.sub("", _CONTROL.sub("", text)))


def _paired(text: str) -> str:
    """Without isolates that are not closed, and without closings of nothing."""
    if _ISOLATE not in text and _POP not in text:
        return text
    opened: list[int] = []
    alone: set[int] = set()
    for at, character in enumerate(text):
        if character == _ISOLATE:
            opened.append(at)
        elif character == _POP:
            if opened:
                opened.pop()
            else:
                alone.add(at)
    alone.update(opened)
    return "".join(character for at, character in enumerate(text) if at not in alone)


def one_line(text: str) -> str:
    """`clean`, with all white space as single spaces."""
    return " ".join(strip_control(text).split())


def escape(text: str) -> str:
    """`clean`, and inert in mrkdwn: exactly `&`, `<` and `>` are replaced, as Slack asks (docs.slack.dev, formatting)."""
    return strip_control(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_within(text: str, limit: int) -> str:
    """`escape`, cut so that what comes out has at most `limit` characters and ends in no broken entity."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return _CUT_ENTITY.sub("…", shorten(escaped, limit))


def plain(escaped: str) -> str:
    """What `escape` was given, cleaned; also reads what Slack hands over escaped, such as a command's words."""
    return escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last one "…" where something was cut; never ends inside a joined emoji."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    if unicodedata.combining(text[len(kept)]) or text[len(kept)] in _JOINS:
        kept = kept[:-1]
    while kept and kept[-1] == "\u200d":
        kept = kept[:-2]
    return (kept.rstrip() + "…")[:limit]


def isolate(text: str) -> str:
    """Wrapped so that right-to-left words inside do not reorder what stands beside them."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_ISOLATE}{text}{_POP}"
    return text


def inline(text: str, limit: int) -> str:
    """Foreign words for the middle of a line of ours: one line, at most `limit` characters, isolated."""
    return isolate(strip_control(shorten(one_line(text), limit)))


def safe_url(url: str | None) -> str | None:
    """A web address that can stand in a link of any kind; `None` where it is none."""
    if url is None or _URL.match(url) is None:
        return None
    address = one_line(url).translate(_NOT_IN_URLS)
    return address if len(address) <= LONGEST_URL else None


def link(url: str | None, label: str) -> str:
    """A link in mrkdwn; only its label where the address is none."""
    address = safe_url(url)
    return escape(label) if address is None else f"<{address.replace('&', '&amp;')}|{escape(label)}>"


def is_user_id(user: str) -> bool:
    """Whether this is a Slack user id."""
    return _USER_ID.fullmatch(user) is not None


def mention(user: str) -> str:
    """A person in mrkdwn; the bot's name where nobody acted."""
    return f"<@{user}>" if is_user_id(user) else escape(who(user))


def who(user: str) -> str:
    """What to call somebody who is no Slack user."""
    return "Switchboard" if user == SYSTEM else inline(user, 60)
