"""Keep what is new in a mail: without the mail that it answers, and without its program's advertisement."""

import re

from mailparser_reply import EmailReplyParser

from domain.intake.known_words import KnownWords
from domain.intake.mail_footers import without_advertisement
from domain.intake.own_name import OwnName
from domain.intake.quote_headings import is_from_us, is_to_us
from domain.intake.quote_labels import is_pasted
from domain.intake.quoted_text import new_words

MAX_TEXT_LENGTH = 100_000  # characters that are kept of a mail's text
#: Longer texts are not given to the library, whose patterns take more than linear time.
_MAX_PARSED_LENGTH = 20_000
#: Characters of a line that may be a quote heading; on longer ones the patterns backtrack.
_MAX_HEADING_LENGTH = 250
_GUARD = "\N{WORD JOINER}"  # put before a line so that no pattern of the library matches it
_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
_QUOTE_VERB = re.compile(r"wrote|schrieb|a écrit|ha scritto|escribió", re.IGNORECASE)
_MAX_QUOTE_DEPTH = 20  # levels of quotes
_DATE = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b")
_HEADING_LINES = 4


def new_text(text: str, own: OwnName, *, subject: str = "", is_answer: bool = True) -> str:
    """Return what its author wrote this time. The whole text where nothing would be left.

    `is_answer` is as in `MailText`.
    """
    whole = own.without_token(normalized(text))
    reading = new_words(whole, own, KnownWords(), subject=subject, is_answer=is_answer)
    found = reading.text if reading.is_certain else _by_library(whole, own, is_answer=is_answer)
    return without_advertisement(found) or whole


def normalized(text: str) -> str:
    """Normalise line ends and spaces, and keep one empty line in a row at most.

    Long runs of white space make the library's patterns backtrack.
    """
    cut = (
        text[:MAX_TEXT_LENGTH]
        .replace("\r\r\n", "\n")  # of gateways that end each line twice
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("\ufeff", "")
        .replace(_GUARD, "")
    )
    lines = (line.rstrip() for line in cut.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _by_library(whole: str, own: OwnName, *, is_answer: bool) -> str:
    """Return the newest part by the library's patterns, where what is below it surely is a quote."""
    if len(whole) > _MAX_PARSED_LENGTH:
        return whole
    guarded = "\n".join(map(_guarded, whole.split("\n")))
    replies = EmailReplyParser(languages=list(_LANGUAGES)).read(guarded).replies
    newest = (replies[0].full_body if replies else "").replace(_GUARD, "").strip()
    if not newest or not whole.startswith(newest):
        return whole
    lines = whole[len(newest) :].strip().split("\n")[:_HEADING_LINES]
    heading, above = "\n".join(lines), newest.rpartition("\n\n")[2]
    is_named = is_from_us(lines, own) or (is_answer and "@" in heading and not is_to_us(lines, own))
    is_quote = _DATE.search(heading) is not None and is_named and not is_pasted(f"{above}\n{heading}")
    return newest if is_quote else whole


def _guarded(line: str) -> str:
    is_odd = (
        len(line) > _MAX_HEADING_LENGTH
        or len(_QUOTE_VERB.findall(line)) > 1
        or line.count(">") > _MAX_QUOTE_DEPTH
    )
    return _GUARD + line if is_odd else line
