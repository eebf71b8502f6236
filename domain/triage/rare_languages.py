"""Tell languages that the detector does not know from those that it takes them for, by letters and words.

Nothing is suggested in them; a Czech text that counts as Portuguese is answered in Portuguese.
"""

import re
from collections.abc import Mapping, Sequence

from domain.triage.phrases import fold

#: Letters that none of the detected languages has, each language's own first where several share them.
_LETTERS: Mapping[str, str] = {
    "be": "ў",
    "kk": "әғқұһ",
    "mk": "ѓќѕ",
    "sr": "ђћјљњџ",
    "uk": "іїєґ",
    "ur": "ٹڈڑںےہ",
    "fa": "پچژگکی",
    "sk": "ľĺŕ",
    "cs": "ěřůďť",
    "hu": "őű",
    "vi": "ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "ro": "șțţă",
    "is": "ðþ",
    "lv": "āģķļņ",
    "lt": "ėųį",
    "da": "øæ",
}
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    code: re.compile(f"[{letters}]")
    for code, letters in {
        "el": "\u0370-\u03ff\u1f00-\u1fff",
        "he": "\u05d0-\u05ea",
        "th": "\u0e01-\u0e5b",
        "lo": "\u0e81-\u0edf",
        "hi": "\u0900-\u097f",
        "bn": "\u0980-\u09ff",
        "ta": "\u0b80-\u0bff",
        "te": "\u0c00-\u0c7f",
        "km": "\u1780-\u17ff",
        "my": "\u1000-\u109f",
        "ka": "\u10a0-\u10ff",
        "hy": "\u0531-\u058f",
        "am": "\u1200-\u137f",
    }.items()
}
#: Words that none of the detected languages has, without accents, for texts without such letters.
_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "cs": "kde nejde nemuzu nemohu prosim dekuji dekuju proc kdy jeste jsem jsme neni vubec muj tohle",
        "hu": "miert mikor kerem koszonom tudok tudom mukodik segitsenek csomag csomagom penzem nincs hogyan",
        "ro": "unde coletul multumesc acum pentru trebuie imi sunt cand",
        "da": "hvor ikke jeg hvad hva hvorfor hvordan hvornar virker",
        "fi": "missa miksi minun kiitos pakettini toimi toimii jalkeen sovellus mutta olen",
        "id": "saya tidak bisa kenapa mengapa terima kasih sudah belum dimana",
    }.items()
}
_OWN = {code: frozenset(letters) for code, letters in _LETTERS.items()}
_CODES = tuple(dict.fromkeys((*_LETTERS, *_WORDS)))
_NOTHING: frozenset[str] = frozenset()
_WORD = re.compile(r"[^\W\d_]+")
_NORWEGIAN = frozenset({"meg", "deg", "hva", "noen", "mye", "etter", "nå", "pakken", "takk"})
#: Of the words, where but one tells: a name may have such a letter.
_MIN_SHARE, _MIN_SHARE_OF_MANY = 0.15, 0.05
_MANY = 2
_MIN_SCRIPT_SHARE = 0.5  # of the letters
_MAX_LENGTH = 1_000  # characters that are looked at


def rare_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a language that is not detected; `None` where nothing tells it."""
    text = text[:_MAX_LENGTH]
    words = _WORD.findall(text)
    joined = "".join(words)
    for code, script in () if joined.isascii() else _SCRIPTS.items():
        if len(script.findall(joined)) >= _MIN_SCRIPT_SHARE * len(joined):
            return code
    lower, folded = [word.casefold() for word in words], fold(" ".join(words)).split()
    all_letters, all_words = frozenset("".join(lower)), frozenset(folded)
    for code in _CODES:
        own, known = _OWN.get(code, _NOTHING), _WORDS.get(code, _NOTHING)
        if own.isdisjoint(all_letters) and known.isdisjoint(all_words):
            continue
        by_word = sum(word in known for word in folded)
        by_letter = [word for word, plain in zip(words, lower, strict=True) if not own.isdisjoint(plain)]
        is_name = not by_word and all(word[0].isupper() for word in by_letter)
        if _is_enough(by_word + len(by_letter), len(words), is_name=is_name):
            return _danish_or_norwegian(code, words)
    return None


def _is_enough(count: int, of: int, *, is_name: bool) -> bool:
    if count >= _MANY:
        return count >= _MIN_SHARE_OF_MANY * of
    return count > 0 and not is_name and count >= _MIN_SHARE * of


def _danish_or_norwegian(code: str, words: Sequence[str]) -> str:
    """Return "nb" for Norwegian, which has the letters and commonest words of Danish."""
    is_norwegian = code == "da" and not _NORWEGIAN.isdisjoint(map(str.casefold, words))
    return "nb" if is_norwegian else code
