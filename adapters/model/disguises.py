"""Find what a model's text leads somewhere else with: links, handles, numbers and names, also in disguise.

A model that obeys an attacker writes an address in a way that no parser of links knows and a person reads.
So whatever looks like one counts as one, and must stand in the texts that the answer is based on.
"""

import re
import unicodedata

from adapters.twitter_text import find_links
from domain.replies.checks.reply import normalize

_SCHEME = re.compile(r"\A(?:https?://)?(?:www\.(?=\w))?")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HANDLE = re.compile(r"@ ?\w+")
_WORD = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"[#$]\w*[^\W\d]\w*")
#: Japanese sets no space before or after an address; a word that follows is cut off where it ends a sentence.
_URI = re.compile(
    r"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{0,30}://|(?:mailto|tel|sms|javascript|data):)"
    r"\S+?(?=[\u3040-\u30ff\u4e00-\u9fff][^\s./:@?#=&]{0,200}(?:\s|\Z)|\s|\Z)",
    re.IGNORECASE,
)
#: "12.11.2026", "2026-11-12", "9.30-18.00": no telephone numbers.
_TIMES = re.compile(
    r"(?<![\d./\-])(?:\d{1,2}([./\-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./\-])\d{1,2}\2\d{1,2}"
    r"|\d{1,2}[.:]\d\d ?- ?\d{1,2}[.:]\d\d)(?![./\-]?\d)"
)
_PHONE = re.compile(r"[+(]?\d(?:[\s().\-/]*\d){6,}")
_TOP_LEVELS = r"com|net|org|info|io|ly|xyz|app|dev|shop|top|online|site|club|ru|cn|example"
_DOT_WORDS = r"dot|punto|punkt|point|ponto|punt|nokta|точка"
#: "evil dot com", "evil punkt de", "evil[.]com", "evil-dot-com", "evil点com". The words for a full stop are
#: also those for a point ("en qué punto está", "point de vente"), so a domain must follow them.
_SPELLED_LINK = re.compile(
    rf"\b[\w-]{{1,63}}\s*[\[({{<]\s*(?:\.|{_DOT_WORDS}|点|ドット|닷)\s*[\])}}>]\s*\w{{2,}}"
    rf"|\b[\w-]{{1,63}}\s*[\s\-_](?:(?:dot|точка)[\s\-_]\s*\w{{2,}}"
    rf"|(?:{_DOT_WORDS})[\s\-_]\s*(?:{_TOP_LEVELS}|eu|uk|us|ch|fr|it|pt|br|nl|tr|mx|cl|jp)\b"
    r"|punkt[\s\-_]\s*(?:de|at)\b)"
    rf"|(?:{_DOT_WORDS}|period|full ?stop)[\s\"'”»]{{0,3}}(?:com|net|org|xyz)\b"
    r"|\w['’](?:com|net|xyz)\b|\b(?:com|net|org|xyz)[\s,]+(?:slash|barra|schrägstrich)\s+\w{2,}"
    r"|[A-Za-z0-9-]{1,63}\s?(?:点|ドット|닷|نقطة)\s?[A-Za-z]{2,}|(?:点|ドット|・|닷)\s?(?:コム|ネット|컴)",
    re.IGNORECASE,
)
#: "evil.example", "пример.рф", whether there is such a domain or not; no abbreviation such as "z.B."
_DOTTED = re.compile(r"(?<![\w.])[^\W\d_][\w-]{1,62}(?:\.[^\W\d_][\w-]{1,62})+(?:/\S*)?")
#: "evil . com": before a full stop nobody sets a space, but before an ellipsis.
_SPACED_DOT = re.compile(r"\b[\w-]{1,63} \. ?[^\W\d_]{2,}")
#: "evil,com", "evil com/login", "evil-com", "evil · com"
_WRONG_DOT = re.compile(
    rf"\b[\w-]{{2,63}}[,;_|](?:{_TOP_LEVELS})\b|\b[\w-]{{2,63}}\s(?:{_TOP_LEVELS})/\S+"
    r"|\w ?(?:(?!\.(?!\.))[^\w\s/(\[{\"'“«„‘<]{1,3}|[·•˙⋅・‧∙] )(?:com|net|org|xyz)\b",
    re.IGNORECASE,
)
#: "e v i l . c o m", "h t t p s", "(e)(v)(i)(l)"
_SPACED_LETTERS = re.compile(
    r"(?<!\w)(?:[^\W\d_][ .\-_*/]{1,2}){3,}[^\W\d_](?!\w)|\bc\s+o\s+m\b|(?:\([^\W\d_]\)){3,}", re.IGNORECASE
)
_ADDRESS_WORD = re.compile(
    r"\b(?:h[tx*]{2}ps?|www\d?|bit\W?ly|t\Wme|wa\Wme|goo\Wgl|tiny\W?url)\b", re.IGNORECASE
)
_IP_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE
)
_SERVICE = re.compile(
    r"\b(?:telegramm?|whats\s?app|we\s?chat|viber|discord|skype|signal app|messenger|instagram|facebook|tik\s?tok"
    r"|paypal|venmo|cash\s?app|zelle|western union|moneygram|bitcoin|usdt|crypto\w*|gift\s?cards?"
    r"|kakao\s?talk|line id|google play (?:gift )?cards?|qr[\s-]?codes?)\b",
    re.IGNORECASE,
)
_DIGIT_WORDS = (
    "hundred|double|triple|zero|oh|one|two|three|four|five|six|seven|eight|nine|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    "|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|due|tre|quattro|cinque|sette|otto|nove|um|dois|três|quatro|sete|oito|een|twee|drie|vijf|zes|zeven|negen"
    "|sıfır|bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz"
)
_SPELLED_NUMBER = re.compile(
    rf"\b(?:{_DIGIT_WORDS})(?:[\s,.\-]+(?:(?:{_DIGIT_WORDS})|\d)){{3,}}\b", re.IGNORECASE
)
_PATTERNS = (
    _SPELLED_LINK, _DOTTED, _SPACED_DOT, _WRONG_DOT, _SPACED_LETTERS, _ADDRESS_WORD, _IP_ADDRESS,
    _SPELLED_NUMBER, _HANDLE, _TAG,
)  # fmt: skip
#: What stands for a full stop in an address, but ends a sentence or separates words in Japanese.
_DOT = re.compile(r"(?<=[A-Za-z0-9])[。․‧∙⋅・](?=[A-Za-z0-9]|コム|中国|中國|公司|网络)")
_VISIBLE_CONTROLS = frozenset("\n\t")
#: Persian and Indian scripts, and emoji, are written with these; between Latin letters nobody sees them.
_JOINER_IN_LATIN = re.compile("[A-Za-z0-9][\u200c\u200d]|[\u200c\u200d][A-Za-z0-9]")
_JOINERS = frozenset("\u200c\u200d")
#: Blank, though of visible categories: Hangul fillers, the empty Braille pattern, the joiner of graphemes.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
#: After a letter, but for the sign "ℹ️"; what follows may be the dot of an address.
_VARIATION_IN_WORD = re.compile(r"[^\W\d_ℹ][\ufe00-\ufe0f]|\w[\ufe00-\ufe0f]\w")
#: A word of one of these is fully composed by NFC: what is left of marks on it is no accent of any language.
_MARK_ON_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][\u0300-\u036f]{2,}|[\u0488\u0489\u20dd-\u20e2\u20e4]")


def contacts(text: str) -> set[str]:
    """Return what looks like a link, an address, a handle, a tag or a telephone number."""
    folded = _SPACES.sub(" ", _DOT.sub(".", normalize(text)))
    emails = {found.casefold() for found in _EMAIL.findall(folded)}
    rest = _EMAIL.sub(" ", folded)
    links = {_link(found) for found in (*(link.url for link in find_links(rest)), *_URI.findall(rest))}
    rest = _URI.sub(" ", rest)
    phones = {re.sub(r"\D", "", found) for found in _PHONE.findall(_TIMES.sub(" ; ", rest))}
    others = {_link(found) for pattern in _PATTERNS for found in pattern.findall(rest)}
    names = {word.casefold() for word in _WORD.findall(rest) if "_" in word.strip("_")}
    return emails | links | phones | others | names


def services(text: str) -> set[str]:
    """Return the names of other services: where customers are led away to, and how fraudsters are paid."""
    return {found.casefold() for found in _SERVICE.findall(normalize(text))}


def without_addresses(text: str) -> str:
    """Return the text without its URIs."""
    return _URI.sub(" ", text)


def without_phones(text: str) -> str:
    """Return the text without its telephone numbers, which are compared as one number each."""
    times = _TIMES.finditer(text)
    return " ".join([_PHONE.sub(" ", _TIMES.sub(" ; ", text)), *(found[0] for found in times)])


def has_hidden_characters(text: str) -> bool:
    """Return whether a text has what nobody sees: controls, blanks of other scripts, stacked marks."""
    return bool(
        any(
            unicodedata.category(one).startswith("C") and one not in _VISIBLE_CONTROLS | _JOINERS
            for one in text
        )
        or not _BLANKS.isdisjoint(text)
        or _JOINER_IN_LATIN.search(text)
        or _VARIATION_IN_WORD.search(text)
        or _MARK_ON_LATIN.search(unicodedata.normalize("NFC", text))
    )


def _link(found: str) -> str:
    """Return an address as it is compared: whether it is written with its scheme says nothing."""
    return _SCHEME.sub("", " ".join(found.rstrip(".,;:!?)\"'»”。、/").casefold().split()), count=1)
