"""Look up how terms are translated, and check that a translation has them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermWording:
    """A term of a text, and how it must be worded in the translation."""

    term: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """Terms that stay as they are, and terms with a fixed wording by language (ISO 639-1)."""

    keep: Sequence[str] = ()
    terms: Sequence[Mapping[str, str]] = ()

    def wordings(self, text: str, language: str) -> tuple[TermWording, ...]:
        """Return the terms that the text contains as whole words, with their wording in `language`."""
        kept = [TermWording(term, term) for term in self.keep if _contains(text, term)]
        fixed = [
            TermWording(term, by_language[language])
            for by_language in self.terms
            if language in by_language
            for source, term in by_language.items()
            if source != language and _contains(text, term)
        ]
        return tuple(dict.fromkeys([*kept, *fixed]))


def missing_wordings(wordings: Sequence[TermWording], translation: str) -> tuple[TermWording, ...]:
    """Return the wordings that the translation does not contain.

    An ending may follow a wording, as languages inflect words.
    """
    folded = translation.casefold()
    return tuple(wording for wording in wordings if wording.wanted.casefold() not in folded)


def _contains(text: str, term: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE) is not None
