"""Load the page's template and its phrases by language."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.prompts.sentences import DEFAULT_LANGUAGE, Sentences, load_sentences
from adapters.prompts.templates import load_template

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
        phrases = {
            name: text.replace("{brand}", brand) for name, text in self.phrases[shown_language].items()
        }
        return self.page.render(language=shown_language, brand=brand, words=phrases, **values)

    def why(self, language: str, brand: str, *, who: str, network: str) -> str:
        """Return the sentence that says who asks and why; `who` is a first name, or empty."""
        phrases = self.phrases[language if language in self.phrases else DEFAULT_LANGUAGE]
        values = {"who": who or phrases["somebody"], "network": network, "brand": brand}
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), phrases["why"])


def load_page_words(folder: Path) -> PageWords:
    """Load `page.html` and `words.toml`. Raises PromptFileError."""
    return PageWords(load_template(folder / "page.html"), load_sentences(folder / "words.toml"))
