"""Load what triage matches and suggests: saved replies, cues and the sentiment lexicon.

Strict: an unknown field or placeholder is refused when the bot starts, not when an agent needs the reply. All
mistakes are reported at once, each with its place.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import frontmatter
import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
)

from adapters.prompts.renamed import renamed_files
from adapters.prompts.toml_file import PromptFileError, StrictModel, load_toml, validation_problems
from domain.triage.phrases import check_phrase
from domain.triage.saved_replies import SavedReply, TemplateError, check_template
from domain.triage.situations import ENGLISH, Concept, Cue, Cues, Reason, Sign, Situation

_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)
_LANGUAGE = r"^(?:[a-z]{2}|emoji)$"


@dataclass(frozen=True)
class Words:
    """The validated contents; `sentiment` is valence (-4 to 4) by phrase by language."""

    saved_replies: tuple[SavedReply, ...]
    cues: Cues
    sentiment: Mapping[str, Mapping[str, float]]
    negations: Mapping[str, Sequence[str]]


def _checked_phrase(phrase: str) -> str:
    check_phrase(phrase)
    return phrase


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Phrase = Annotated[_Text, AfterValidator(_checked_phrase)]
_Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
_ByLanguage = dict[_Language, list[_Phrase]]
_Valence = Annotated[float, Field(ge=-4, le=4)]


class _Situation(StrictModel):
    decides: _ByLanguage
    hints: Annotated[_ByLanguage, Field(default_factory=dict)]


class _SituationsFile(StrictModel):
    situations: dict[Situation, _Situation]
    reasons: dict[Reason, _ByLanguage]
    negations: _ByLanguage
    trouble: _ByLanguage


class _Pairs(StrictModel):
    situations: dict[Situation, list[_Text]]
    reasons: dict[Reason, list[_Text]]


class _ConceptsFile(StrictModel):
    concepts: dict[str, _ByLanguage]
    pairs: _Pairs
    harmless: _ByLanguage


class _SentimentFile(RootModel[dict[_Language, dict[_Valence, list[_Phrase]]]]):
    pass


class _FrontMatter(StrictModel):
    title: _Text
    version: Annotated[int, Field(ge=1, strict=True)]
    situations: Annotated[frozenset[Situation], Field(min_length=1)]
    reasons: frozenset[Reason] = frozenset()
    usual: Annotated[bool, Field(strict=True)] = False
    public_only: Annotated[bool, Field(strict=True)] = False
    languages: Annotated[list[_Language], Field(min_length=1)]
    examples: Annotated[tuple[_Text, ...], Field(min_length=1)]


_Shape = TypeVar("_Shape", bound=BaseModel)


def load_words(folder: Path) -> Words:
    """Load `situations.toml`, `concepts.toml`, `sentiment.toml` and `replies/*.md`.

    Raises PromptFileError, which names every mistake, and every file that is there under its old name.
    """
    problems = list(renamed_files(folder))
    situations = _load_toml(folder / "situations.toml", _SituationsFile, problems)
    concepts = _load_toml(folder / "concepts.toml", _ConceptsFile, problems)
    sentiment = _load_toml(folder / "sentiment.toml", _SentimentFile, problems)
    replies = _saved_replies(folder / "replies", problems)
    cues = _cues(situations, concepts, problems) if situations and concepts else None
    if problems or situations is None or sentiment is None or cues is None:
        raise PromptFileError(folder, problems)
    return Words(replies, cues, _lexicon(sentiment), situations.negations)


def load_saved_replies(folder: Path) -> tuple[SavedReply, ...]:
    """Load the saved replies in a folder. Raises PromptFileError, which names every mistake."""
    problems: list[str] = []
    replies = _saved_replies(folder, problems)
    if problems:
        raise PromptFileError(folder, problems)
    return replies


def _saved_replies(folder: Path, problems: list[str]) -> tuple[SavedReply, ...]:
    files = sorted(folder.glob("*.md"))
    if not files:
        problems.append(f"{folder.name}: there is no saved reply (*.md) in this folder")
    return tuple(reply for file in files if (reply := _saved_reply(file, problems)))


def _load_toml(path: Path, shape: type[_Shape], problems: list[str]) -> _Shape | None:
    try:
        return load_toml(path, shape)
    except PromptFileError as error:
        problems.extend(f"{path.name}: {problem}" for problem in error.problems)
        return None


def _cues(file: _SituationsFile, concepts_file: _ConceptsFile, problems: list[str]) -> Cues | None:
    situations = file.situations.items()
    tables = [(Cue(situation), table.decides) for situation, table in situations]
    tables += [(Cue(situation, decides=False), table.hints) for situation, table in situations]
    tables += [(Cue(reason), by_language) for reason, by_language in file.reasons.items()]
    tables += [(Cue(Sign.NOT), file.negations), (Cue(Sign.TROUBLE), file.trouble)]
    tables += [(Cue(Sign.HARMLESS), concepts_file.harmless)]
    tables += [(Cue(Concept(name)), words) for name, words in concepts_file.concepts.items()]
    cues: dict[str, list[tuple[str, Cue]]] = {}
    for cue, by_language in tables:
        for language, phrases in by_language.items():
            cues.setdefault(language, []).extend((phrase, cue) for phrase in phrases)
    pairs_by_meaning: list[tuple[Situation | Reason, list[str]]] = [
        *concepts_file.pairs.situations.items(),
        *concepts_file.pairs.reasons.items(),
    ]
    try:
        return Cues(cues, [(pair, Cue(means)) for means, pairs in pairs_by_meaning for pair in pairs])
    except ValueError as error:
        problems.append(f"concepts.toml: pairs: {error}")
        return None


def _lexicon(file: _SentimentFile) -> dict[str, dict[str, float]]:
    return {
        language: {phrase: valence for valence, phrases in valences.items() for phrase in phrases}
        for language, valences in file.root.items()
    }


def _saved_reply(path: Path, problems: list[str]) -> SavedReply | None:
    place = f"replies/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
        post = frontmatter.loads(text)
        front_matter = _FrontMatter.model_validate(post.metadata)
    except ValidationError as error:
        problems.extend(f"{place}: {problem}" for problem in validation_problems(error))
        return None
    except (OSError, ValueError, yaml.YAMLError) as error:
        problems.append(f"{place}: {error}")
        return None
    line = text[: text.rfind(post.content)].count("\n") + 1
    wordings, mistakes = _sections(post.content, line)
    mistakes += _language_mismatches(front_matter.languages, list(wordings))
    problems.extend(f"{place}:{problem}" for problem in mistakes)
    fields = front_matter.model_dump(exclude={"languages"})
    return SavedReply(name=path.stem, wordings=wordings, **fields)


def _sections(body: str, first_line: int) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the texts under the `## language` headings, and the mistakes, each with its line.

    Several sections of one language are several wordings of the reply.
    """
    wordings: dict[str, tuple[str, ...]] = {}
    headings = list(_HEADING.finditer(body))
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    mistakes: list[str] = []
    for heading, end in zip(headings, ends, strict=True):
        language, text = heading.group(1), body[heading.end() : end].strip()
        line = first_line + body[: heading.start()].count("\n")
        if text in wordings.get(language, ()):
            mistakes.append(f"{line}: this section {language!r} has the text of an earlier one")
        try:
            check_template(text)
        except TemplateError as error:
            mistakes.append(f"{line}: section {language!r}: {error}")
        wordings[language] = (*wordings.get(language, ()), text)
    if body[: headings[0].start() if headings else len(body)].strip():
        mistakes.append(f"{first_line}: text before the first section; begin with '## {ENGLISH}'")
    return wordings, mistakes


def _language_mismatches(declared: list[str], written: list[str]) -> Iterator[str]:
    """Compare front matter and sections: they must name the same languages, English among them."""
    yield from (
        f" languages: {name!r} is declared but has no section" for name in declared if name not in written
    )
    yield from (f" languages: section {name!r} is not declared" for name in written if name not in declared)
    if ENGLISH not in written:
        yield f" languages: {ENGLISH!r} is missing; every other language falls back to it"
