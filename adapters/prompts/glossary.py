"""Load `prompts/glossary.toml`: terms that stay as they are, or have a fixed wording in each language."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from adapters.prompts.toml_file import PromptFileError, StrictModel, load_toml
from domain.assistance.glossary import Glossary

_Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
_MIN_LANGUAGES = 2


class _File(StrictModel):
    keep: list[_Term] = Field(default_factory=list, max_length=200)
    terms: list[Annotated[dict[_Language, _Term], Field(min_length=_MIN_LANGUAGES)]] = Field(
        default_factory=list, max_length=500
    )


def load_glossary(path: Path) -> Glossary:
    """Load the glossary. Raises PromptFileError, which names every mistake.

    A term is listed once in a language: with two wordings nobody could say which one is right.
    """
    file = load_toml(path, _File)
    listed = Counter(
        (language, term.casefold()) for by_language in file.terms for language, term in by_language.items()
    )
    problems = [
        f"terms: “{term}” ({language}) is listed twice" for (language, term), n in listed.items() if n > 1
    ]
    kept = {term.casefold() for term in file.keep}
    problems += [f"terms: “{term}” is in keep, too" for _, term in listed if term in kept]
    if problems:
        raise PromptFileError(path, problems)
    return Glossary(keep=file.keep, terms=file.terms)
