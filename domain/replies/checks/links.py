"""Check the links of a reply."""

import re

from domain.replies.checks.reply import Reply

_LINK = re.compile(
    r"https?://|\bwww\.|(?<![\w@.-])(?:[\w-]{1,63}\.){1,4}(?:com|org|net|info|app|dev|io|help|shop|[a-z]{2}/)(?![\w.-]*@)\b",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_HOST_END = re.compile(r"[/?#:]")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_AFTER_URL = "/.,;:!?)]}»”’\"'"


def has_link(reply: Reply) -> bool:
    """Return whether the text has a link that leads not to our help."""
    return bool(priced_links(reply))


def has_unknown_link(reply: Reply) -> bool:
    """Return whether a link leads to nothing that is known."""
    return bool(unknown_links(reply))


def priced_links(reply: Reply) -> list[str]:
    """Return the links that lead not to our help: what the network takes for one, and what looks like one."""
    own = {_address(url) for url in reply.article_urls}
    text = _URL.sub(lambda found: "" if _address(found.group()) in own else found.group(), reply.text)
    for link in reply.links:
        text = text.replace(link, "")
    words = [text[found.start() :].split(maxsplit=1)[0] for found in _LINK.finditer(text)]
    return list(dict.fromkeys([*(link for link in reply.links if _address(link) not in own), *words]))


def unknown_links(reply: Reply) -> list[str]:
    """Return the links that lead to no known article, and to no known host or part of one."""
    articles = {_address(url) for url in reply.article_urls}
    links = dict.fromkeys([*reply.links, *(url.rstrip(_AFTER_URL) for url in _URL.findall(reply.text))])
    return [
        link
        for link in links
        if _address(link) not in articles and not is_known_host(host_of(link), reply.known_hosts)
    ]


def _address(link: str) -> str:
    """Return the link without its scheme and what follows it in a sentence."""
    return _SCHEME.sub("", link.strip()).rstrip(_AFTER_URL)


def host_of(link: str) -> str:
    """Return the host of a link, with or without a scheme, in lower case and without "www."."""
    host = _HOST_END.split(_SCHEME.sub("", link.strip()), maxsplit=1)[0]
    return host.rpartition("@")[2].rstrip(".").casefold().removeprefix("www.")


def is_known_host(host: str, known: frozenset[str]) -> bool:
    """Return whether the host, or a domain that it is part of, is known."""
    return any(host == one or host.endswith(f".{one}") for one in known)
