"""Strip quotes and signatures: keep what is new in a mail."""

import re

from mailparser_reply import EmailReplyParser

MAX_TEXT_LENGTH = 100_000  # characters that are kept of a mail's text
_MAX_PARSED_LENGTH = (
    20_000  # characters; longer texts are kept whole: the library's patterns take more than linear time
)
_MAX_HEADING_LENGTH = (
    250  # characters of a line that may be a quote heading; on longer ones the patterns backtrack
)
_GUARD = "\N{WORD JOINER}"  # put before a line so that no pattern of the library matches it
_LANGUAGES = ["en", "es", "de", "fr", "it", "ja"]
_SENT_FROM = re.compile(
    r"(?:sent from my|get outlook for|gesendet von|von meinem .{1,20} gesendet|enviado desde mi|envoyé de mon|"
    r"inviato da(?:l mio)?|enviado do meu|iphoneから送信)\b.{0,60}",
    re.IGNORECASE,
)
#: Quote headings that the library lacks or has in another form: Spanish, Portuguese.
_UNSUPPORTED_HEADING = re.compile(
    r"^(?:El|Em) [^\n]{5,150}\n?[^\n]{0,150}(?:escribió|escreveu) ?:$", re.MULTILINE
)
_QUOTE_VERB = re.compile(r"wrote|schrieb|a écrit|ha scritto|escribió", re.IGNORECASE)
_MAX_QUOTE_DEPTH = 20  # levels of quotes
_CLOSING = re.compile(r"[^\W\d_][^.!?:;]{1,40},")
_MAX_SIGNATURE_LINES = 6  # lines
_MAX_SIGNATURE_LINE_LENGTH = 40  # characters of a line in it


def new_text(text: str) -> str:
    """Return the text that its author wrote this time, without quoted history and signature.

    The whole text where nothing would be left, or where it is longer than 20,000 characters.
    """
    whole = _normalized(text)
    if len(whole) > _MAX_PARSED_LENGTH:
        return whole
    heading = _UNSUPPORTED_HEADING.search(whole)
    guarded = "\n".join(map(_guarded, (whole[: heading.start()] if heading else whole).split("\n")))
    replies = EmailReplyParser(languages=list(_LANGUAGES)).read(guarded).replies
    newest = (replies[0].full_body if replies else "").replace(_GUARD, "")
    return _without_signature(_without_quotes(newest)) or whole


def _guarded(line: str) -> str:
    is_odd = (
        len(line) > _MAX_HEADING_LENGTH
        or len(_QUOTE_VERB.findall(line)) > 1
        or line.count(">") > _MAX_QUOTE_DEPTH
    )
    return _GUARD + line if is_odd else line


def _normalized(text: str) -> str:
    """Normalise line ends and spaces, and keep one empty line in a row at most.

    Long runs of white space make the library's patterns backtrack.
    """
    cut = (
        text[:MAX_TEXT_LENGTH]
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u00a0", " ")
        .replace(_GUARD, "")
    )
    lines = (line.rstrip() for line in cut.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_quotes(text: str) -> str:
    """Strip quoted lines at the beginning and the end; those between answers are kept."""
    lines = text.split("\n")
    while lines and (not lines[0] or lines[0].startswith(">")):
        lines.pop(0)
    while lines and (not lines[-1] or lines[-1].startswith(">")):
        lines.pop()
    return "\n".join(lines)


def _without_signature(text: str) -> str:
    """Strip a signature where it is unambiguous.

    That is: the text below "--", a phone's "Sent from …" line, or a closing followed by a name or two.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line in {"--", "__"}:
            lines = lines[:number]
            break
    while lines and (not lines[-1] or _SENT_FROM.fullmatch(lines[-1])):
        lines.pop()
    for number in range(max(1, len(lines) - _MAX_SIGNATURE_LINES), len(lines) - 1):
        rest = [line for line in lines[number + 1 :] if line]
        if _is_closing(lines[number]) and all(_is_name(line) for line in rest):
            return "\n".join(lines[:number]).strip()
    return "\n".join(lines).strip()


def _is_closing(line: str) -> bool:
    return _CLOSING.fullmatch(line) is not None and len(line.split()) <= 4  # noqa: PLR2004 - "Mit freundlichen Grüßen,"


def _is_name(line: str) -> bool:
    return len(line) <= _MAX_SIGNATURE_LINE_LENGTH and not re.search(r"[?!]|\.$", line)
