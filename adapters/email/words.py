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

    `proof` may hold "{code}", "{us}" and "{them}", the others "{brand}".
    """

    subject: str
    earlier: str
    you: str
    proof: str
    transcript_subject: str
    transcript_intro: str
    transcript_asked: str
    transcript_left_out: str
    notice_why: str
    notice_unsubscribe: str
    confirm_subject: str
    confirm_intro: str
    confirm_button: str
    confirm_ignore: str


#: What there must be in `prompts/mail/`: the templates' files, and the phrases in each language.
TEMPLATE_FILES = tuple(
    f"{name}.{kind}" for name in ("letter", "transcript", "notice", "confirm") for kind in ("txt", "html")
)
PHRASE_NAMES = tuple(field.name for field in fields(Phrases))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """The templates of our mails, and the phrases by language (ISO 639-1).

    `notice` goes to the subscribers of the e-mail list, `confirm` to somebody who subscribes.

    `phrases` always has `DEFAULT_LANGUAGE`.
    """

    text: "Template"
    html: "Template"
    transcript_text: "Template"
    transcript_html: "Template"
    notice_text: "Template"
    notice_html: "Template"
    confirm_text: "Template"
    confirm_html: "Template"
    phrases: Mapping[str, Phrases]

    @classmethod
    def of(cls, templates: Mapping[str, "Template"], phrases: Mapping[str, Mapping[str, str]]) -> "MailWords":
        """Build them from the templates by file name and the phrases by language."""
        return cls(
            text=templates["letter.txt"],
            html=templates["letter.html"],
            transcript_text=templates["transcript.txt"],
            transcript_html=templates["transcript.html"],
            notice_text=templates["notice.txt"],
            notice_html=templates["notice.html"],
            confirm_text=templates["confirm.txt"],
            confirm_html=templates["confirm.html"],
            phrases={language: Phrases(**own) for language, own in phrases.items()},
        )

    def beside_the_text(self) -> list[str]:
        """Return what a mail says beside an agent's words, in every language."""
        return [text for phrases in self.phrases.values() for text in (phrases.earlier, phrases.proof)]

    def subjects(self, brand: str) -> list[str]:
        """Return the subjects of mails that begin a conversation, in every language."""
        return [phrases.subject.format(brand=brand) for phrases in self.phrases.values()]

    def in_language(self, *languages: str) -> tuple[str, Phrases]:
        """Return the language used and its phrases: the first of these that has any, else the default."""
        used = next((one for one in languages if one in self.phrases), DEFAULT_LANGUAGE)
        return used, self.phrases[used]
