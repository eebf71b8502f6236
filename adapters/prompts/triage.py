"""Load what triage matches and suggests: saved replies, cues and the sentiment lexicon.

Strict: an unknown field or placeholder is refused when the bot starts, not when an agent needs the reply. All
mistakes are reported at once, each with its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    RootModel,
    StringConstraints,
)

from adapters.prompts.renamed import renamed_files
from adapters.prompts.reply_files import load_replies, read_replies
from adapters.prompts.toml_file import NonEmptyText, PromptFileError, StrictModel, load_toml
from domain.knowledge.saved_replies import ReplyVersion, saved_reply
from domain.triage.phrases import check_phrase
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Concept, Cue, Cues, Reason, Sign, Situation, Subject

_LANGUAGE = r"^(?:[a-z]{2}|emoji)$"


@dataclass(frozen=True)
class Words:
    """The validated contents; `sentiment` is valence (-4 to 4) by phrase by language."""

    shipped_replies: tuple[ReplyVersion, ...]
    cues: Cues
    sentiment: Mapping[str, Mapping[str, float]]
    negations: Mapping[str, Sequence[str]]

    @property
    def saved_replies(self) -> tuple[SavedReply, ...]:
        """The shipped replies, in the wordings of every form of address."""
        return tuple(saved_reply(reply, {}) for reply in self.shipped_replies)


def _checked_phrase(phrase: str) -> str:
    check_phrase(phrase)
    return phrase


_Phrase = Annotated[NonEmptyText, AfterValidator(_checked_phrase)]
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
    glad: _ByLanguage
    settled: _ByLanguage
    unsettled: Annotated[_ByLanguage, Field(default_factory=dict)]


class _Pairs(StrictModel):
    situations: dict[Situation, list[NonEmptyText]]
    reasons: dict[Reason, list[NonEmptyText]]
    subjects: dict[Subject, list[NonEmptyText]]


class _ConceptsFile(StrictModel):
    concepts: dict[str, _ByLanguage]
    pairs: _Pairs
    harmless: _ByLanguage


class _SentimentFile(RootModel[dict[_Language, dict[_Valence, list[_Phrase]]]]):
    pass


_Shape = TypeVar("_Shape", bound=BaseModel)


def load_words(folder: Path) -> Words:
    """Load `situations.toml`, `concepts.toml`, `sentiment.toml` and `replies/*.md`.

    Raises PromptFileError, which names every mistake, and every file that is there under its old name.
    """
    problems = list(renamed_files(folder))
    situations = _load_toml(folder / "situations.toml", _SituationsFile, problems)
    concepts = _load_toml(folder / "concepts.toml", _ConceptsFile, problems)
    sentiment = _load_toml(folder / "sentiment.toml", _SentimentFile, problems)
    replies = read_replies(folder / "replies", problems)
    cues = _cues(situations, concepts, problems) if situations and concepts else None
    if problems or situations is None or sentiment is None or cues is None:
        raise PromptFileError(folder, problems)
    return Words(replies, cues, _lexicon(sentiment), situations.negations)


def load_saved_replies(folder: Path) -> tuple[SavedReply, ...]:
    """Load the saved replies in a folder. Raises PromptFileError, which names every mistake."""
    return tuple(saved_reply(reply, {}) for reply in load_replies(folder))


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
    tables += [(Cue(Sign.GLAD), file.glad), (Cue(Sign.SETTLED), file.settled)]
    tables += [(Cue(Sign.UNSETTLED), file.unsettled), (Cue(Sign.HARMLESS), concepts_file.harmless)]
    tables += [(Cue(Concept(name)), words) for name, words in concepts_file.concepts.items()]
    cues: dict[str, list[tuple[str, Cue]]] = {}
    for cue, by_language in tables:
        for language, phrases in by_language.items():
            cues.setdefault(language, []).extend((phrase, cue) for phrase in phrases)
    pairs_by_meaning: list[tuple[Situation | Reason | Subject, list[str]]] = [
        *concepts_file.pairs.situations.items(),
        *concepts_file.pairs.reasons.items(),
        *concepts_file.pairs.subjects.items(),
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
