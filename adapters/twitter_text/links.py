"""Find the links in a text, with and without a protocol."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.twitter_text.patterns import TCO_URL, ascii_domain, url

_DEFAULT_PROTOCOL = "https://"
_MAX_URL_LENGTH = 4096
_MAX_TCO_SLUG_LENGTH = 40
#: A name of so many labels is no domain (RFC 1035: 253 characters), and takes the pattern long.
_NO_DOMAIN = re.compile(r"(?:[^\s./]{1,63}\.){128,}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written; `start` and `end` are indices in code points."""

    url: str
    start: int
    end: int


def find_links(text: str) -> list[Link]:
    """Return the links in `text`, in order."""
    if "." not in text:
        return []
    links: list[Link] = []
    for match in url().finditer(_NO_DOMAIN.sub(lambda found: " " * len(found[0]), text)):
        protocol = match["protocol"]
        if not _is_valid(match["url"], protocol or _DEFAULT_PROTOCOL, match["domain"]):
            continue
        links += _with_protocol(match) if protocol else _without_protocol(match)
    return links


def _with_protocol(match: re.Match[str]) -> Iterator[Link]:
    """Yield the link; one of t.co ends with its slug and query."""
    start, end = match.span("url")
    shortened = TCO_URL.search(match["url"])
    if shortened is None:
        yield Link(match["url"], start, end)
    elif len(shortened[1]) <= _MAX_TCO_SLUG_LENGTH:
        yield Link(shortened[0], start, start + len(shortened[0]))


def _without_protocol(match: re.Match[str]) -> Iterator[Link]:
    """Yield each ASCII domain in what may be a domain; the last one has the path and query."""
    if re.match(r"[-_./]$", match["before"]):
        return
    start, end = match.span("url")
    domains = list(ascii_domain().finditer(match["domain"]))
    for number, domain in enumerate(domains, start=1):
        if number == len(domains) and match["path"]:
            yield Link(match["url"].replace(match["domain"], domain[0]), start + domain.start(), end)
        else:
            yield Link(domain[0], start + domain.start(), start + domain.end())


def _is_valid(link: str, protocol: str, domain: str) -> bool:
    """Return whether the domain can be written in ASCII (IDNA 2003) and the link is not too long."""
    try:
        encoded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return bool(encoded) and len(protocol) + len(link) + len(encoded) - len(domain) <= _MAX_URL_LENGTH
