"""Load the template of a page with a form, and its phrases by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.prompts.sentences import DEFAULT_LANGUAGE, Sentences, load_sentences
from adapters.prompts.templates import load_template
from domain.triage.form_of_address import FormOfAddress

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class PageWords:
    """The template and its phrases.

    Every language has those of `DEFAULT_LANGUAGE`; "{brand}" becomes our name.
    """

    page: "Template"
    phrases: Sentences

    def render(self, language: str, brand: str, **values: Any) -> str:  # noqa: ANN401 - whatever the page shows
        """Render the page in this language, or in the default one if it has no phrases."""
        shown_language = language if language in self.phrases else DEFAULT_LANGUAGE
        phrases = {name: text.replace("{brand}", brand) for name, text in self.phrases_in(language).items()}
        return self.page.render(language=shown_language, brand=brand, words=phrases, **values)

    def phrases_in(self, language: str) -> Mapping[str, str]:
        """Return the phrases in this language, or in the default one if it has none."""
        return self.phrases.get(language, self.phrases[DEFAULT_LANGUAGE])


def load_page_words(folder: Path, forms: Mapping[str, FormOfAddress]) -> PageWords:
    """Load `page.html`, and `words.toml` in the desk's forms of address. Raises PromptFileError."""
    return PageWords(load_template(folder / "page.html"), load_sentences(folder / "words.toml", forms))
