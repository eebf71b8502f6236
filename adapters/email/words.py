"""Define the templates and phrases of mails; `bot.py` loads them from files that people edit."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

DEFAULT_LANGUAGE = "en"


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


#: What there must be in `prompts/mail/`: the templates' files, and the phrases in each language.
TEMPLATE_FILES = ("letter.txt", "letter.html", "transcript.txt", "transcript.html")
PHRASE_NAMES = tuple(field.name for field in fields(Phrases))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """The templates of a letter and of a transcript, and the phrases by language (ISO 639-1).

    `phrases` always has `DEFAULT_LANGUAGE`.
    """

    text: "Template"
    html: "Template"
    transcript_text: "Template"
    transcript_html: "Template"
    phrases: Mapping[str, Phrases]

    @classmethod
    def of(cls, templates: Mapping[str, "Template"], phrases: Mapping[str, Mapping[str, str]]) -> "MailWords":
        """Build them from the templates by file name and the phrases by language."""
        return cls(
            text=templates["letter.txt"],
            html=templates["letter.html"],
            transcript_text=templates["transcript.txt"],
            transcript_html=templates["transcript.html"],
            phrases={language: Phrases(**own) for language, own in phrases.items()},
        )

    def in_language(self, language: str) -> tuple[str, Phrases]:
        """Return the language used and its phrases: this one, or the default where it has no phrases."""
        used = language if language in self.phrases else DEFAULT_LANGUAGE
        return used, self.phrases[used]
