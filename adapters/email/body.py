"""Extract the text and the attached files of a customer's mail."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from adapters.email.calendar import invitation_line
from adapters.email.charsets import decode_bytes
from adapters.email.flowed import unwrap
from adapters.email.headers import text
from adapters.email.html import MAX_HTML_LENGTH, text_of_html
from adapters.email.mime import Part, parse_headers
from adapters.email.signed import ENCRYPTED, is_encrypted, without_armor, without_encrypted
from adapters.heif import as_jpeg
from adapters.media_types import media_type_of
from domain.cases.files import ALLOWED_TYPES, MAX_FILES, FileFault, file_fault
from domain.intake.private_messages import IncomingFile

_MAX_NAME_LENGTH = 100
_MAX_CALENDARS = 4  # that are read of a mail
_MAX_TOTAL_LENGTH = 3 * MAX_HTML_LENGTH  # bytes that are read of all its texts
#: Signatures, keys and control parts: not files that a person would open.
_NON_CONTENT_TYPES = frozenset(
    {
        "application/pgp-encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pgp-keys",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/rfc822",  # its own parts follow
    }
)
_MARKED_UP = frozenset({"text/enriched", "text/richtext"})
_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/markdown", "text/x-markdown", *_MARKED_UP})
_TAG = re.compile(r"<[^<>]{0,100}>")
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
#: What nobody sees: white space, and what has no width.
_INVISIBLE = re.compile(r"[\s\u00ad\u034f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_WORD = re.compile(r"\w+")
_MIN_SHARED = 0.3  # of a plain text's words that its HTML has, too; fewer: it stands in for the HTML
_MIN_HTML_WORDS = 3
_MIN_LACKING, _MIN_LACKING_SHARE = 10, 0.6  # words of the HTML that its plain text lacks: it was cut
#: A plain text that is the HTML itself.
_SOURCE = re.compile(
    r"\s*<(?:!doctype html|html|head|body|div|p|table|span)\b[^<>]{0,1000}>.*</\w+>",
    re.IGNORECASE | re.DOTALL,
)
#: A plain text that is a whole page, and nothing else.
_PAGE = re.compile(r"\s*<(?:!doctype html|html|body)\b.*</(?:html|body)>\s*", re.IGNORECASE | re.DOTALL)
#: Where Google's calendar begins to explain itself; a rule of a person has no tilde between its dashes.
_CALENDAR_NOTE = re.compile(r"^(?=[/:-]*~)[~/:-]{5,}\s*$", re.MULTILINE)
_PROGRAMS_QUOTE = re.compile(
    rb"""type=["']?cite|gmail_quote|yahoo_quoted|divRplyFwdMsg|(?:protonmail|tutanota)_quote""", re.IGNORECASE
)
#: A picture within HTML: it would take the place of the words below it.
_INLINE_PICTURE = re.compile(rb"data:[^\s\"'<>;]{0,60};base64,[\w+/=%-]*")


def text_of(parts: Sequence[Part]) -> str:
    """Return the mail's plain text: of each alternative the plain one, unless only its HTML says it.

    An invitation to a date is its line.
    """
    own = [part for part in parts if not part.is_forwarded]
    said = _texts(own)
    calendars = [part for part in own if _is_calendar(part)][:_MAX_CALENDARS]
    invitations = dict.fromkeys(invitation_line(part.content) for part in calendars)
    if lines := [line for line in invitations if line]:
        said = [*lines, *(_CALENDAR_NOTE.split(text)[0].strip() for text in said)]
    if any(is_encrypted(part.media_type) for part in own):
        said = [ENCRYPTED, *said]
    return "\n\n".join(text for text in said if text)


def has_programs_quote(parts: Sequence[Part]) -> bool:
    """Return whether the HTML marks a quote as mail programs do, and not as people indent a text."""
    own = [part for part in parts if part.media_type == "text/html" and not part.is_forwarded]
    return any(_PROGRAMS_QUOTE.search(part.content[:MAX_HTML_LENGTH]) is not None for part in own)


def forwarded_text_of(parts: Sequence[Part]) -> str:
    """Return what attached mails say, each below who wrote it and its subject; empty where there is none."""
    said: list[str] = []
    for part in parts:
        if part.media_type == "message/rfc822":
            inner = parse_headers(part.content)
            names = ("From", "Date", "Subject")
            said.append("\n".join(f"{name}: {text(inner, name)}" for name in names if inner.get(name)))
    return "\n\n".join(filter(None, [*said, *_texts([part for part in parts if part.is_forwarded])]))


def _texts(parts: Sequence[Part]) -> list[str]:
    shown = [part for part in parts if part.media_type in _TEXT_TYPES and not _is_file(part)]
    texts: list[str] = []
    for alternative, group in groupby(_within_total(shown), key=lambda part: part.alternative):
        one = list(group)
        plain = [_decoded(part) for part in one if part.media_type != "text/html"]
        html = [text_of_html(_decoded(part)) for part in one if part.media_type == "text/html"]
        texts += [*plain, *html] if not alternative else [_better("\n\n".join(plain), "\n\n".join(html))]
    return [without_encrypted(text).strip() for text in dict.fromkeys(texts) if _INVISIBLE.sub("", text)]


def _within_total(shown: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts until enough is read: of many small ones, each would be read up to its own bound."""
    length = 0
    for part in shown:
        if length > _MAX_TOTAL_LENGTH:
            return
        length += len(part.content)
        yield part


def _better(plain: str, html: str) -> str:
    """Return the plain text; the HTML's where that shows nothing, stands in for it, or lacks much."""
    words = set(_WORD.findall(plain.casefold()))
    is_escaped = "&nbsp;" in plain and "&nbsp;" not in html  # by QQ
    if not words or ((is_escaped or _SOURCE.match(plain)) and html):
        return html if _INVISIBLE.sub("", html) else plain
    in_html = set(_WORD.findall(html.casefold()))
    is_notice = "html" in plain.casefold() and bool(in_html)
    stands_in = (is_notice or len(in_html) >= _MIN_HTML_WORDS) and len(words & in_html) < _MIN_SHARED * len(
        words
    )
    lacks = len(in_html - words) >= max(_MIN_LACKING, _MIN_LACKING_SHARE * len(in_html))
    return html if stands_in or lacks else plain


def files_of(parts: Sequence[Part], *, is_whole: bool) -> list[IncomingFile]:
    """Return the attached files; those that are refused have the reason and no content.

    `is_whole` is false where only the beginning of the mail was fetched: then all of them are refused. At
    most `domain.cases.files.MAX_FILES` files pass.
    """
    found = [part for part in parts if _is_file(part)]
    return [_file(part, number, is_whole=is_whole) for number, part in enumerate(found, start=1)]


def _file(part: Part, number: int, *, is_whole: bool) -> IncomingFile:
    content = (as_jpeg(part.content) or part.content) if is_whole and number <= MAX_FILES else part.content
    media_type = media_type_of(content)
    refused: FileFault | str | None = file_fault(media_type, len(content))
    if not is_whole:
        refused = "the mail is too large, so its files were not fetched"
    elif number > MAX_FILES:
        refused = f"it came with more than {MAX_FILES} files"
    return IncomingFile(
        name=_name(part.name, media_type, number),
        media_type=media_type,
        content=b"" if refused else content,
        refused=refused,
    )


def _name(given: str, media_type: str, number: int) -> str:
    """Return the file name without folders, with the extension that the content's type has.

    What turns the direction of writing or is invisible is left out: it disguises the extension.
    """
    visible = "".join(c for c in given if unicodedata.category(c) not in {"Cc", "Cf"})
    name = PurePosixPath(visible.replace("\\", "/")).name.strip(". ") or f"file-{number}"
    ending = ALLOWED_TYPES.get(media_type)
    if ending is None or name.lower().endswith((ending, ".jpeg")):
        return name[-_MAX_NAME_LENGTH:]
    return name[: _MAX_NAME_LENGTH - len(ending)] + ending


def _is_file(part: Part) -> bool:
    if part.media_type in _NON_CONTENT_TYPES or _is_calendar(part):
        return False
    # Another form of the same text, for watches or of Google's, is shown by nobody.
    is_other_form = part.alternative and part.media_type.startswith("text/")
    if part.media_type == "text/plain" and not part.name:
        return False  # nobody attaches a file without a name; gateways mark texts so
    return part.is_attached or bool(part.name) or not (is_other_form or part.media_type in _TEXT_TYPES)


def _is_calendar(part: Part) -> bool:
    return part.media_type in _CALENDAR_TYPES or part.name.casefold().endswith(".ics")


def _decoded(part: Part) -> str:
    content = part.content
    if part.media_type == "text/html":
        content = _INLINE_PICTURE.sub(b"", content)
    said = decode_bytes(content[: 4 * MAX_HTML_LENGTH], part.charset)
    if part.media_type == "text/html":
        return said
    if _PAGE.fullmatch(said) is not None:
        return text_of_html(said)
    said = unwrap(said, without_space=part.flow == "delsp") if part.flow else said
    return without_armor(_TAG.sub("", said) if part.media_type in _MARKED_UP else said)
