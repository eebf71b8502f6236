"""Load the mail templates and phrases, which are files that people edit."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import UnusableFile

if TYPE_CHECKING:
    from jinja2 import Template

DEFAULT_LANGUAGE = "en"
_FILE = "words.toml"


class MailWordsError(UnusableFile):
    """The mail templates or phrases cannot be used; the text says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a mail in one language.

    `subject` and those of a transcript may hold "{brand}"; `proof` may hold "{code}", "{us}" and
    "{them}".
    """

    subject: str
    earlier: str
    you: str
    proof: str
    transcript_subject: str
    transcript_intro: str
    transcript_asked: str


@dataclass(frozen=True, slots=True)
class MailWords:
    """The templates of a letter and of a transcript, and the phrases by language (ISO 639-1).

    `phrases` always has `DEFAULT_LANGUAGE`.
    """

    text: "Template"
    html: "Template"
    transcript_text: "Template"
    transcript_html: "Template"
    phrases: Mapping[str, Phrases]

    def in_language(self, language: str) -> tuple[str, Phrases]:
        """Return the language used and its phrases: this one, or the default where it has no phrases."""
        used = language if language in self.phrases else DEFAULT_LANGUAGE
        return used, self.phrases[used]


def load_mail_words(folder: Path) -> MailWords:
    """Load and check the templates (text and HTML) and `words.toml`. Raises MailWordsError."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def template(name: str) -> "Template":
        environment = ImmutableSandboxedEnvironment(
            autoescape=name.endswith(".html"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        return environment.from_string((folder / name).read_text(encoding="utf-8"))

    try:
        phrases = tomllib.loads((folder / _FILE).read_text(encoding="utf-8"))
        return MailWords(
            text=template("letter.txt"),
            html=template("letter.html"),
            transcript_text=template("transcript.txt"),
            transcript_html=template("transcript.html"),
            phrases=_checked(phrases),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TemplateError, ValueError) as error:
        raise MailWordsError(
            f"The words of mails in {folder} cannot be used: {error}. Correct the file and start again."
        ) from None


def _checked(tables: Mapping[str, Any]) -> dict[str, Phrases]:
    names = {field.name for field in fields(Phrases)}
    for language, phrases in tables.items():
        if not isinstance(phrases, dict) or set(phrases) != names:
            raise ValueError(f"{_FILE}: [{language}] needs just these: {', '.join(sorted(names))}")
        if not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases.values()):
            raise ValueError(f"{_FILE}: [{language}] has a phrase that is no text")
    if DEFAULT_LANGUAGE not in tables:
        raise ValueError(f"{_FILE}: [{DEFAULT_LANGUAGE}] is missing")
    return {language: Phrases(**phrases) for language, phrases in tables.items()}
