"""Find polite requests, which say "thanks" for what is still to be done: "Please sort it out, thanks".

Only the form of a request is looked for, not what is asked. "Please tell Agnieszka that she is brilliant"
passes praise on, and wants nothing.
"""

import re
from collections.abc import Collection

#: The phrases of praise, as in `prompts/situations.toml`, that only thank.
THANKS = frozenset(
    {"thank you", "thanks", "thank", "appreciate*", "gracias", "mil gracias", "merci", "obrigad*", "grazie"}
    | {"danke", "dankeschon", "vielen dank", "besten dank", "lieben dank", "tausend dank"}
    | {"bedankt", "dank je", "dankjewel"}
)
#: Forms by language (ISO 639-1). French "merci de" before a verb asks for an act; "d'avoir" thanks for one.
_FORMS = {
    "en": r"(?:please|pls|plz|kindly)(?! (?:accept|continue|give|keep|never|pass|recogni[sz]e|send|share|tell|thank)\b)|"
    r"(?:thanks|thank you|thx|cheers) in advance|would (?:really )?appreciate|would be grateful",
    "de": r"bitte(?! (?:gebt|richten|richtet|sagen|sagt|weiter)\b)|im voraus",
    "es": r"por favor|porfa|porfi|de antemano",
    "fr": r"s['’]il (?:vous|te) pla[iî]t|svp|stp|pri[eè]re de|(?:par|d['’]) ?avance|"
    r"merci (?:de |d['’])(?:(?:ne|pas|bien|me|nous|le|la|les|lui|leur|y|en|vous) |[ml]['’]){0,4}"
    r"(?!avoir\b|[eê]tre\b|votre\b|notre\b|autre\b)[^\W\d_]{2,20}(?:er|ir|re)\b",
    "it": r"per (?:favore|piacere|cortesia)|se (?:potete|può|puoi|possibile)|in anticipo",
    "pt": r"por (?:favor|gentileza)|desde já",
    "nl": r"graag (?:even|een|contact|reactie|snel)|alstublieft|alsjeblieft|aub|a\.u\.b|alvast",
    "pl": r"prosz[ęe]|z góry",
    "tr": r"lütfen",
    "ru": r"пожалуйста|заранее",
}
_PATTERNS = {language: re.compile(rf"\b(?:{form})", re.IGNORECASE) for language, form in _FORMS.items()}


def asks_politely(text: str, language: str, praise: Collection[str]) -> bool:
    """Return whether a text asks for something and only thanks; `praise` are its phrases of praise."""
    return bool(praise) and THANKS.issuperset(praise) and has_polite_form(text, language)


def has_polite_form(text: str, language: str) -> bool:
    """Return whether a text has the form of a polite request in its language (ISO 639-1)."""
    pattern = _PATTERNS.get(language)
    return pattern is not None and pattern.search(text) is not None
