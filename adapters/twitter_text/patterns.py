"""Build the regular expressions of a link. Names follow twitter-text's."""

import re
from functools import cache

from adapters.twitter_text.data import read_lines

INVALID_CHARS = r"\uFFFE\uFEFF\uFFFF"
_DIRECTIONAL_MARKERS = r"\u202A-\u202E\u061C\u200E\u200F\u2066\u2067\u2068\u2069"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_PUNCT = r"\!'#%&'\(\)*\+,\\\-\.\/:;<=>\?@\[\]\^_{|}~\$/"
_LATIN_ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B"
    r"\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_CYRILLIC = r"\u0400-\u04FF"

_PRECEDING_CHARS = rf"(?:[^A-Za-z0-9@＠$#＃{INVALID_CHARS}]|[{_DIRECTIONAL_MARKERS}]|^)"
_DOMAIN_CHARS = f"[^{_PUNCT}{_SPACES}{INVALID_CHARS}{_DIRECTIONAL_MARKERS}]"
_SUBDOMAIN = rf"(?:(?:{_DOMAIN_CHARS}(?:[_-]|{_DOMAIN_CHARS})*)?{_DOMAIN_CHARS}\.)"
_DOMAIN_NAME = rf"(?:(?:{_DOMAIN_CHARS}(?:-|{_DOMAIN_CHARS})*)?{_DOMAIN_CHARS}\.)"
_PUNYCODE = r"(?:xn--[\-0-9a-z]+)"

_PATH_CHARS = rf"[a-z{_CYRILLIC}0-9!\*';:=\+,\.\$\/%#\[\]\-\u2013_~@\|&{_LATIN_ACCENTS}]"
_NESTED_PARENS = rf"(?:{_PATH_CHARS}*\({_PATH_CHARS}+\){_PATH_CHARS}*)"
_BALANCED_PARENS = rf"\((?:{_PATH_CHARS}+|{_NESTED_PARENS})\)"
_PATH_ENDING_CHARS = rf"[\+\-a-z{_CYRILLIC}0-9=_#\/{_LATIN_ACCENTS}]|(?:{_BALANCED_PARENS})"
_PATH = (
    rf"(?:(?:{_PATH_CHARS}*(?:{_BALANCED_PARENS}{_PATH_CHARS}*)*{_PATH_ENDING_CHARS})|(?:@{_PATH_CHARS}+/))"
)
_QUERY_CHARS = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
_QUERY_ENDING_CHARS = r"[a-z0-9\-_&=#/]"
_QUERY = rf"\?{_QUERY_CHARS}*{_QUERY_ENDING_CHARS}"

TCO_URL = re.compile(rf"^https?:\/\/t\.co\/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE)


@cache
def url() -> re.Pattern[str]:
    """Return the pattern of a link: groups before, url, protocol, domain (to be checked) and path."""
    return re.compile(
        rf"(?P<before>{_PRECEDING_CHARS})"
        rf"(?P<url>(?P<protocol>https?:\/\/)?(?P<domain>(?:{_SUBDOMAIN}*{_DOMAIN_NAME}{_top_level_domain()}))"
        rf"(?::[0-9]+)?(?P<path>\/{_PATH}*)?(?:{_QUERY})?)",
        re.IGNORECASE,
    )


@cache
def ascii_domain() -> re.Pattern[str]:
    """Return the pattern of a domain that counts as a link without a protocol."""
    return re.compile(rf"(?:(?:[\-a-z0-9{_LATIN_ACCENTS}]+)\.)+{_top_level_domain()}", re.IGNORECASE)


def _top_level_domain() -> str:
    ends = r"(?=[^0-9a-zA-Z@+-]|$)"
    generic, country = ("|".join(read_lines(name)) for name in ("generic_domains.txt", "country_domains.txt"))
    return rf"(?:(?:(?:{generic}){ends})|(?:(?:{country}){ends})|{_PUNYCODE})"
