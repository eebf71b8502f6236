"""Compare names by how they look: letters of other alphabets, characters that nobody sees (Unicode TR 39).

Whoever is called "Асmе" with Cyrillic letters, or "Ac\u200bme", is read as "Acme".
"""

import re
import unicodedata

#: Letters that look like one of Latin's, before case is folded: "Η" looks like "H", and "η" does not.
_LOOKS = str.maketrans(
    # Cyrillic
    "АВЕЅІЈКМНОРСТУХѴԌԚԜҮавеѕіјкмнорстухѵԛԝүһԁӏ"
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχϲ"
    # Armenian, and Latin's own
    "ՍՏՕօսոհցքıɩɑɡʏ",
    "ABESIJKMHOPCTYXVGQWYabesijkmhopctyxvqwyhdlABEZHIKMNOPTYXaikvopuxcUSOouehgqiiagy",
)
#: "AIice" with a capital i is read as "Alice", and "Acrne" as "Acme".
_ALIKE = (
    (re.compile("[i1|]"), "l"),
    (re.compile("0"), "o"),
    (re.compile("rn"), "m"),
    (re.compile("vv"), "w"),
)
#: What takes no room and is not in the category of format characters, or leaves a blank that is no space.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
#: They join letters in some languages, and emoji.
_JOINERS = frozenset("\u200c\u200d")
#: Format characters that are seen: signs around numbers and verses.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_BLACK_FLAG, _TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)  # of which flags such as Scotland's are made
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def as_it_looks(text: str) -> str:
    """Return what the text looks like: the same for all texts that a reader may take for one another.

    For comparison alone: accents and case are gone, and of letters that look alike one stands for all.
    """
    plain = unicodedata.normalize("NFKD", text).translate(_LOOKS).casefold()
    seen = "".join(char for char in plain if not _is_unseen(char) and not unicodedata.combining(char))
    for pattern, letter in _ALIKE:
        seen = pattern.sub(letter, seen)
    return " ".join(re.sub(r"\W+|_", " ", seen).split())


def names(text: str, name: str) -> bool:
    """Return whether the text reads as if the name were in it, as words of its own. No empty name is."""
    looked_for = as_it_looks(name)
    return bool(looked_for) and f" {looked_for} " in f" {as_it_looks(text)} "


def without_unseen(text: str) -> str:
    """Return the text without characters that nobody sees, but for those that join letters or emoji."""
    if text.isascii():
        return text if text.strip() else ""
    kept = _JOINERS | (frozenset(map(chr, _TAGS)) if _BLACK_FLAG in text else frozenset())
    seen = "".join(char for char in text if char in kept or not _is_unseen(char))
    return seen if any(char not in _JOINERS and not char.isspace() for char in seen) else ""


def mixes_alphabets(text: str) -> bool:
    """Return whether a word has letters of several alphabets, as no name in use has."""
    if text.isascii():
        return False
    return any(len(_alphabets(word)) > 1 for word in re.findall(r"\w+", unicodedata.normalize("NFKC", text)))


def _alphabets(word: str) -> set[str]:
    first = (unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha())
    return {alphabet for alphabet in first if alphabet in _ALPHABETS}


def _is_unseen(char: str) -> bool:
    return char in _BLANK or (unicodedata.category(char) == "Cf" and char not in _SEEN)
