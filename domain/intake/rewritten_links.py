"""Restore the links that mail gateways have rewritten, and leave out what programs show for pictures."""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import unquote

#: What programs write for a picture, and the target of a link behind its words.
_PLACEHOLDER = re.compile(r"\[(?:image|cid)\b[^\]\n]{0,300}\]|<https?://[^\s<>]{1,2000}>", re.IGNORECASE)
#: Where each gateway puts the link: Outlook's Safe Links, Proofpoint's two, Barracuda, Cisco and Trend Micro.
_GATEWAYS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (
        re.compile(
            r"https?://[\w.-]{1,60}\.safelinks\.protection\.outlook\.com/[^\s?]{0,100}\?(?:[^\s&]{0,100}&){0,3}?"
            r"url=([^\s&<>]{1,2000})[^\s<>]{0,2000}",
            re.IGNORECASE,
        ),
        unquote,
    ),
    (
        re.compile(
            r"https?://urldefense\.(?:com|us)/v3/__([^\s<>]{1,2000}?)__;[^\s<>]{0,500}(?:\s?\[[^\]\s]{1,100}\[\.\][^\s]{1,100}\]){0,1}",
            re.IGNORECASE,
        ),
        str,
    ),
    (
        re.compile(
            r"https?://urldefense\.proofpoint\.com/v2/url\?u=([^\s&<>]{1,2000})[^\s<>]{0,2000}",
            re.IGNORECASE,
        ),
        lambda link: unquote(link.replace("-", "%").replace("_", "/")),
    ),
    (
        re.compile(
            r"https?://linkprotect\.cudasvc\.com/url\?a=([^\s&<>]{1,2000})[^\s<>]{0,2000}",
            re.IGNORECASE,
        ),
        unquote,
    ),
    (
        re.compile(
            r"https?://secure-web\.cisco\.com/[\w-]{1,2000}/(https?%3a[^\s<>]{1,2000})", re.IGNORECASE
        ),
        unquote,
    ),
)


def with_plain_links(line: str) -> str:
    """Return the line with the links that stood in it first, without placeholders of pictures."""
    if "://" in line:
        for gateway, plain in _GATEWAYS:
            line = gateway.sub(partial(_restored, plain=plain), line)
    return _PLACEHOLDER.sub("", line) if "[" in line or "<http" in line else line


def _restored(found: re.Match[str], plain: Callable[[str], str]) -> str:
    return plain(found[1])
