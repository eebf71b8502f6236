"""What of a mail is new: its text without the conversation that it quotes, and without its signature."""

import re

from mailparser_reply import EmailReplyParser

LONGEST_TEXT = 100_000  # characters that are kept of a mail's text
_LONGEST_READ = (
    20_000  # characters that are searched for quotes: the library's patterns take more than linear time
)
_LONGEST_HEADING = (
    250  # characters of a line that may introduce a quote; in longer ones the patterns lose themselves
)
_SHIELD = "\N{WORD JOINER}"  # before a line, so that no pattern begins there
_LANGUAGES = ["en", "es", "de", "fr", "it", "ja"]
_SENT_FROM = re.compile(
    r"(?:sent from my|get outlook for|gesendet von|von meinem .{1,20} gesendet|enviado desde mi|envoyé de mon|"
    r"inviato da(?:l mio)?|enviado do meu|iphoneから送信)\b.{0,60}",
    re.IGNORECASE,
)
#: What the library does not know, or not as mail programs write it: Spanish and Portuguese.
_WROTE = re.compile(r"^(?:El|Em) [^\n]{5,150}\n?[^\n]{0,150}(?:escribió|escreveu) ?:$", re.MULTILINE)
_SAID = re.compile(r"wrote|schrieb|a écrit|ha scritto|escribió", re.IGNORECASE)
_DEEPEST = 20  # levels of quotes
_CLOSING = re.compile(r"[^\W\d_][^.!?:;]{1,40},")
_LONGEST_SIGNATURE = 6  # lines
_LONGEST_SIGNED = 40  # characters of a line in it


def new_text(text: str) -> str:
    """What its writer wrote this time. Where that cannot be told, or nothing would be left, the whole text."""
    whole = _tidy(text)
    if len(whole) > _LONGEST_READ:
        return whole
    wrote = _WROTE.search(whole)
    shielded = "\n".join(map(_shielded, (whole[: wrote.start()] if wrote else whole).split("\n")))
    replies = EmailReplyParser(languages=list(_LANGUAGES)).read(shielded).replies
    newest = (replies[0].full_body if replies else "").replace(_SHIELD, "")
    return _unsigned(_unquoted(newest)) or whole


def _shielded(line: str) -> str:
    is_odd = len(line) > _LONGEST_HEADING or len(_SAID.findall(line)) > 1 or line.count(">") > _DEEPEST
    return _SHIELD + line if is_odd else line


def _tidy(text: str) -> str:
    """The same text with lines that end plainly, and no more than one empty line in a row: long runs of white space are what patterns choke on."""
    cut = (
        text[:LONGEST_TEXT]
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u00a0", " ")
        .replace(_SHIELD, "")
    )
    lines = (line.rstrip() for line in cut.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _unquoted(text: str) -> str:
    """Without the quoted lines at its beginning and its end; those between answers are part of what is said."""
    lines = text.split("\n")
    while lines and (not lines[0] or lines[0].startswith(">")):
        lines.pop(0)
    while lines and (not lines[-1] or lines[-1].startswith(">")):
        lines.pop()
    return "\n".join(lines)


def _unsigned(text: str) -> str:
    """Without a signature, where it surely is one: below "--", a telephone's own line, or a closing with a name or two."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line in {"--", "__"}:
            lines = lines[:number]
            break
    while lines and (not lines[-1] or _SENT_FROM.fullmatch(lines[-1])):
        lines.pop()
    for number in range(max(1, len(lines) - _LONGEST_SIGNATURE), len(lines) - 1):
        rest = [line for line in lines[number + 1 :] if line]
        if _is_closing(lines[number]) and all(_is_name(line) for line in rest):
            return "\n".join(lines[:number]).strip()
    return "\n".join(lines).strip()


def _is_closing(line: str) -> bool:
    return _CLOSING.fullmatch(line) is not None and len(line.split()) <= 4  # noqa: PLR2004 - "Mit freundlichen Grüßen,"


def _is_name(line: str) -> bool:
    return len(line) <= _LONGEST_SIGNED and not re.search(r"[?!]|\.$", line)
