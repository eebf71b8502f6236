"""Find what an answer promises for a time: "We will write by Friday". Conditions and questions are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from domain.replies.checks.reply import normalize, sentences
from domain.replies.time_phrases import Term, TimePhrase, time_phrases
from domain.replies.time_words import LANGUAGES, TimeWords

MAX_READ = 10_000  # characters of an answer
MAX_PROMISES = 5  # of one answer

_QUOTED = re.compile(
    r"“[^”]{0,2000}”|„[^“”]{0,2000}[“”]|«[^»]{0,2000}»|\"[^\"]{0,2000}\"|「[^」]{0,2000}」|^>.*$",
    re.MULTILINE,
)
#: Where a clause ends, in any language; what joins the next one is kept.
_CLAUSE_END = (
    r"(,|、|،|;|:(?!\d)|\(|\)| [–—-] | (?:but|because|although|aber|denn|weil|obwohl|pero|porque|aunque|mais|car|parce que|mas|pois|perché"
    r"|poiché|maar|want|omdat|ale|ponieważ|ama|çünkü)(?= )| (?:{joins})(?= ))"
)  # fmt: skip
#: A question about, or a statement on, something else than what we shall do.
_ABOUT_OTHERS = re.compile(
    r"\b(?:what|why|which|who|how|where|when|was|were|had|happened|gave|sent|told|wrote|ordered|called|made|placed|paid|bought|booked|reported|received|returned|cancell?ed|warum|wieso|welche\w*|was|wer|wie|wo|qué|quién|cómo|por qué|pourquoi|comment|où|quem|como|onde|cosa|come|chi|waarom|wat|hoe|dlaczego|co|jak|\w+[mdt][iıuü]ş?(?:s|n)[iıuü]n?[iıuü]z)\b",
    re.IGNORECASE,
)  # fmt: skip
#: What asks something of the customer, up to the words by which we only ask for patience.
_ASKS = re.compile(
    r"\b(?:please(?! (?:accept|allow|be|bear|don't worry|excuse|know|note|rest))|kindly|bitte(?! (?:beacht|entschuldig|hab|verzeih|wiss))|por favor|veuillez(?! (?:accepter|nous excuser|noter))|merci de"
    r"|per favore|alstublieft|alsjeblieft|proszę|prosimy|lütfen)\b",
    re.IGNORECASE,
)  # fmt: skip
_WORD = re.compile(r"\w+")
_BARE = 3  # words beside a time that make no clause of their own: "at the latest", "just to be sure"
_BARE_LETTERS = 6  # the same where words do not stand apart


@dataclass(frozen=True, slots=True)
class PromisedTime:
    """A time that an answer promises, in its words and as it was named."""

    words: str
    term: Term


def promised_times(text: str) -> list[PromisedTime]:
    """Return what an answer promises for a time, in order, each time once."""
    plain = _QUOTED.sub(" ", normalize(text[:MAX_READ]))
    found: dict[Term, PromisedTime] = {}
    for sentence in whole_sentences(plain):
        for promised in _first_language(sentence):
            found.setdefault(promised.term, promised)
    return list(found.values())[:MAX_PROMISES]


def whole_sentences(text: str) -> Iterator[str]:
    """Split a normalized text into its sentences. The full stop of "4. Dezember" is taken out."""
    return sentences(re.sub(r"(\d{1,2})\. (?=[A-ZÄÖÜ])", r"\1 ", text))


def commitments(text: str, words: TimeWords) -> list[re.Match[str]]:
    """Return what makes a text ours and of the future in a language."""
    return list(_patterns(words).commits.finditer(text))


def named_times(sentence: str, words: TimeWords) -> Iterator[str]:
    """Yield the times that a sentence with a commitment names, without those of conditions.

    "If it is not there by Friday, write again and we'll look" names none.
    """
    if not commitments(sentence, words):
        return
    patterns = _patterns(words)
    for _, clause in _clauses(sentence, patterns.clause_end):
        if commitments(clause, words) or patterns.unless.match(clause.lstrip()) is None:
            yield from (clause[phrase.start : phrase.end] for phrase in time_phrases(clause, words))


@dataclass(frozen=True, slots=True)
class _Patterns:
    commits: re.Pattern[str]
    unless: re.Pattern[str]
    joins: re.Pattern[str]
    clause_end: re.Pattern[str]


@cache
def _patterns(words: TimeWords) -> _Patterns:
    clause_end = _CLAUSE_END.replace("{joins}", words.joins)
    of_words = (words.commits, words.unless, words.joins, clause_end)
    return _Patterns(*(re.compile(pattern, re.IGNORECASE) for pattern in of_words))


def _first_language(sentence: str) -> list[PromisedTime]:
    """Return the promises of a sentence in the first language in which it has any."""
    if sentence.rstrip().endswith(("?", "か")):
        return []
    return next((found for words in LANGUAGES if (found := list(_promises(sentence, words)))), [])


def _promises(sentence: str, words: TimeWords) -> Iterator[PromisedTime]:
    if not commitments(sentence, words):
        return
    patterns = _patterns(words)
    clauses = _clauses(sentence, patterns.clause_end)
    phrases = [time_phrases(clause, words) for _, clause in clauses]
    is_bare = [
        bool(named) and _is_bare(_without(clause, named), words)
        for (_, clause), named in zip(clauses, phrases, strict=True)
    ]
    conditions = [patterns.unless.search(clause) for _, clause in clauses]
    commitment = False
    for index, (joint, clause) in enumerate(clauses):
        own = _own_commitments(clause, words)
        if own or not (is_bare[index] or patterns.joins.fullmatch(joint)):
            commitment = bool(own)
        is_first = is_bare[index] and not _WORD.search(clause[: phrases[index][0].start])
        if is_first and not own and not commitment:  # "By Friday, you will have it"
            commitment = index + 1 < len(clauses) and bool(_own_commitments(clauses[index + 1][1], words))
        is_conditional = any(conditions[: index + 1]) or _begins_with_condition(clauses, conditions, index)
        if commitment and not is_conditional:
            yield from (
                PromisedTime(clause[phrase.start : phrase.end].strip(), phrase.term)
                for phrase in phrases[index]
                if is_bare[index] or _is_ours(clause, own, phrase)
            )


def _own_commitments(clause: str, words: TimeWords) -> list[re.Match[str]]:
    """Return the commitments of a clause, but those in what it asks of the customer."""
    asks = _ASKS.search(clause)
    return [one for one in commitments(clause, words) if asks is None or one.end() <= asks.start()]


def _clauses(sentence: str, clause_end: re.Pattern[str]) -> list[tuple[str, str]]:
    """Split a sentence into its clauses, each with what joins it to the one before, in lower case."""
    parts = clause_end.split(sentence)
    return [("", parts[0])] + [
        (joint.strip().casefold(), clause) for joint, clause in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _is_bare(rest: str, words: TimeWords) -> bool:
    """Return whether what a clause has beside its times says nothing of its own."""
    if not words.spaced and len(rest.strip()) > _BARE_LETTERS:
        return False
    return len(_WORD.findall(rest)) <= _BARE and not _ASKS.search(rest) and not _ABOUT_OTHERS.search(rest)


def _without(clause: str, phrases: list[TimePhrase]) -> str:
    for phrase in reversed(phrases):
        clause = clause[: phrase.start] + clause[phrase.end :]
    return clause


def _begins_with_condition(
    clauses: list[tuple[str, str]], conditions: list[re.Match[str] | None], index: int
) -> bool:
    """Return whether the next clause makes this one conditional: "by Friday, if it is in stock"."""
    if index + 1 >= len(clauses):
        return False
    condition = conditions[index + 1]
    return condition is not None and not clauses[index + 1][1][: condition.start()].strip()


def _is_ours(clause: str, own: list[re.Match[str]], phrase: TimePhrase) -> bool:
    """Return whether a time is that of our commitment, and not of what the clause is about.

    "We will find out what happened on Friday" promises nothing for Friday. A clause without a commitment of
    its own goes on with one.
    """
    if phrase.is_deadline or not own:
        return phrase.is_deadline
    before = [one.end() for one in own if one.end() <= phrase.start]
    return not before or _ABOUT_OTHERS.search(clause, before[-1], phrase.start) is None
