"""Make the text of a post readable: whole, unescaped, with links that show where they lead."""

import re
from collections.abc import Collection, Iterator, Mapping

from adapters.networks.x.json_values import items, mapping_of
from adapters.networks.x.vocabulary import Json, renamed

SHORT_LINK = re.compile(r"https?://t\.co/\w+", re.ASCII)
_LAST_LINK = re.compile(r"(?:^|\s)(https?://t\.co/\w{1,30})\s*$", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,1000}")
_ARTICLE_TEXTS, _MAX_ARTICLE = ("plain_text", "text", "preview_text"), 25_000  # characters, as of a long post
_POST_PAGE = re.compile(
    r"https?://(?:\w+\.)?(?:x|twitter)\.com/(?P<handle>\w+)/status/(?P<id>\d{1,19})"
    r"(?:/(?:photo|video)/\d+)?/?(?:\?\S*)?",
    re.ASCII | re.IGNORECASE,
)
#: What X puts in place of the words of a post that it withholds.
_NOTICE = re.compile(
    r"(?:@\w+\s+)*(?:this (?:post|tweet|account|media)(?: (?:from @\w+|is from an account that))?|@\w+['’]s account)"
    r"(?: is|['’]s been| was| has been) withheld"
    r"(?: in [^.?!]{1,100})?(?: in response to an? [^.?!]{1,100})?\.?(?:\s*learn more\.?)?(?:\s*https?://\S+)?",
    re.IGNORECASE,
)


def unescape(text: str) -> str:
    """Unescape what X escapes: `&`, `<` and `>`, and nothing else."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def raw_text(tweet: Json) -> str | None:
    """Return the whole text as X escapes it: that of the note of a long post; `None` where there is none."""
    whole = mapping_of(renamed(tweet, "note_post")).get("text")
    text = whole if isinstance(whole, str) and whole else tweet.get("text")
    return text if isinstance(text, str) else None


def article_of(tweet: Json) -> str:
    """Return the title and text of the Article that a post is, unescaped; empty where it is none.

    X's documents do not say what its object holds.
    """
    article = mapping_of(tweet.get("article"))
    title = article.get("title") or tweet.get("article_title")
    text = next((article[name] for name in _ARTICLE_TEXTS if isinstance(article.get(name), str)), "")
    said = [one.strip() for one in (title, text) if isinstance(one, str) and one.strip()]
    return unescape("\n".join(dict.fromkeys(said)))[:_MAX_ARTICLE]


def entities_of(tweet: Json, kind: str) -> list[Json]:
    """Return the entities of a kind ("urls", "mentions"): those of the whole text first, each once."""
    found: list[Json] = []
    for holder in (mapping_of(renamed(tweet, "note_post")), tweet):
        found += [one for one in items(mapping_of(holder.get("entities")).get(kind)) if one not in found]
    return found


def with_links(tweet: Json, raw: str, media_keys: Collection[str], shown_posts: Collection[str]) -> str:
    """Return the text, unescaped, with the addresses that X's short links (t.co) lead to.

    Left out are the links that X appends: to the post's own media, if they are among `media_keys`, and to the
    posts that are shown beside it (`shown_posts`). A link is found by its place, which X counts in code
    points of the escaped text, or else by its text.
    """
    addresses = dict(_addresses(tweet, media_keys, shown_posts))
    if media_keys and not any(not address for address in addresses.values()):
        raw = _without_unexplained_link(tweet, raw)
    if not addresses:
        return unescape(raw)
    places = [*_places(tweet, raw, addresses)]
    pieces: list[str] = []
    end = 0
    for start, stop, address in sorted(places):
        if start < end:
            continue
        before = raw[end:start]
        pieces += [unescape(before if address else before.rstrip()), address]
        end = stop
    return "".join([*pieces, unescape(raw[end:])]).rstrip()


def _without_unexplained_link(tweet: Json, raw: str) -> str:
    """Return the text without a short link at its end that X says nothing of: that to the media."""
    last = _LAST_LINK.search(raw)
    known = [entity.get("url") for entity in entities_of(tweet, "urls")]
    return raw[: last.start()] if last is not None and last[1] not in known else raw


def linked_handles(tweet: Json) -> dict[str, str]:
    """Return the handles in the links to posts, by the post's id."""
    addresses = (entity.get("expanded_url") for entity in entities_of(tweet, "urls"))
    pages = (_POST_PAGE.fullmatch(address) for address in addresses if isinstance(address, str))
    return {page["id"]: page["handle"] for page in pages if page is not None}


def is_withholding_notice(text: str) -> bool:
    """Return whether the text is X's notice that it withholds the post, and nothing else."""
    return _NOTICE.fullmatch(text.strip()) is not None


def _places(tweet: Json, raw: str, addresses: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield where the short links stand, and what takes their place."""
    placed: set[int] = set()
    for entity in entities_of(tweet, "urls"):
        short, start, stop = entity.get("url"), entity.get("start"), entity.get("end")
        if not isinstance(short, str) or short not in addresses:
            continue
        if isinstance(start, int) and isinstance(stop, int) and start >= 0 and raw[start:stop] == short:
            placed.add(start)
            yield start, stop, addresses[short]
    for found in SHORT_LINK.finditer(raw):
        if found[0] in addresses and found.start() not in placed:
            yield found.start(), found.end(), addresses[found[0]]


def _addresses(
    tweet: Json, media_keys: Collection[str], shown_posts: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield each short link with its address, which is empty where the link is left out."""
    dropped: set[str] = set()
    for entity in entities_of(tweet, "urls"):
        short, address = entity.get("url"), entity.get("expanded_url") or entity.get("unwound_url")
        if not isinstance(short, str) or not short or short in dropped:
            continue
        page = _POST_PAGE.fullmatch(address) if isinstance(address, str) else None
        media_key = entity.get("media_key")
        is_medium = isinstance(media_key, str) and media_key in media_keys
        if is_medium or (page is not None and page["id"] in shown_posts):
            dropped.add(short)
            yield short, ""
        elif isinstance(address, str) and _ADDRESS.fullmatch(address):
            yield short, address
