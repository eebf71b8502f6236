"""Read what comes with a post: what it quotes and answers, whom it names, and where X withholds it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from adapters.networks.x.ids import is_handle, is_id
from adapters.networks.x.json_values import items, mapping_of
from adapters.networks.x.post_text import (
    article_of,
    entities_of,
    is_withholding_notice,
    linked_handles,
    raw_text,
    unescape,
    with_links,
)
from adapters.networks.x.vocabulary import Json
from domain.accounts import Account
from domain.intake.post_context import (
    MAX_NAMED,
    MAX_REFERENCE_TEXT,
    Named,
    PostContext,
    ReferencedPost,
    ReferenceKind,
    Withheld,
)
from domain.intake.posts import MAX_MEDIA, Author, Media

#: How X names the references that are shown with a post.
_KINDS = {"quoted": ReferenceKind.QUOTED, "replied_to": ReferenceKind.ANSWERED}
_COUNTRY = re.compile(r"[A-Z]{2}")
_MAX_COUNTRIES = 50
_MAX_OPTIONS = 4  # of a poll
_MAX_OPTION = 100  # characters

Polls = Mapping[str, Sequence[str]]  # what people may choose, by the id of the poll


def context_of(
    tweet: Json,
    references: Mapping[str, Sequence[str]],
    *,
    posts: Mapping[str, Json],
    authors: Mapping[str, Author],
    media: Mapping[str, Media],
    polls: Polls,
    withheld_authors: Mapping[str, Withheld],
    account: Account,
) -> PostContext:
    """Read the context of a post from its `references` by type, and from what X sends along."""
    linked = linked_handles(tweet)
    referenced = [
        (kind, post_id) for name, kind in _KINDS.items() for post_id in references.get(name, ())[:1]
    ]
    return PostContext(
        references=tuple(
            _reference(
                kind,
                post_id,
                its_post := posts.get(post_id, {}),
                linked=linked.get(post_id, ""),
                authors=authors,
                media=media,
                polls=polls,
                withheld=_withheld(its_post, withheld_authors),
                account=account,
            )
            for kind, post_id in referenced
        ),
        named=tuple(_named(tweet, account))[:MAX_NAMED],
        withheld=_withheld(tweet, withheld_authors),
    )


def polls_in(included: Json) -> Polls:
    """Return the polls that X sends along, each with what people may choose."""
    return {
        poll["id"]: [
            unescape(" ".join(label.split()))[:_MAX_OPTION]
            for option in items(poll.get("options"))[:_MAX_OPTIONS]
            if isinstance(label := option.get("label"), str)
        ]
        for poll in items(included.get("polls"))
        if isinstance(poll.get("id"), str)
    }


def media_of_post(tweet: Json, media: Mapping[str, Media]) -> dict[str, Media]:
    """Return the first media of a post, by key; those that X does not send along are left out."""
    keys = mapping_of(tweet.get("attachments")).get("media_keys")
    known = [key for key in keys if isinstance(key, str) and key in media] if isinstance(keys, list) else []
    return {key: media[key] for key in list(dict.fromkeys(known))[:MAX_MEDIA]}


def readable_text(
    tweet: Json, raw: str, context: PostContext, media: Mapping[str, Media], polls: Polls
) -> str:
    """Return the author's words, with those of an Article, and those of a poll a line each.

    Empty where X withholds the post and gives its notice instead.
    """
    shown = [one.id for one in context.references if one.kind is ReferenceKind.QUOTED and one.is_shown]
    text = with_links(tweet, raw, media.keys(), shown)
    if context.withheld is not None and is_withholding_notice(text):
        return ""
    poll_ids = mapping_of(tweet.get("attachments")).get("poll_ids")
    known = [one for one in poll_ids if isinstance(one, str)] if isinstance(poll_ids, list) else []
    article = [said] if (said := article_of(tweet)) else []
    return "\n".join([text, *article, *(f"○ {option}" for one in known[:1] for option in polls.get(one, ()))])


def withheld_of(item: Json) -> Withheld | None:
    """Return where X withholds a post or an account; `None` where it does not."""
    withheld = mapping_of(item.get("withheld"))
    codes = withheld.get("country_codes")
    countries = [
        code
        for code in (codes if isinstance(codes, list) else [])
        if isinstance(code, str) and _COUNTRY.fullmatch(code)
    ]
    over_copyright = withheld.get("copyright") is True
    if not countries and not over_copyright:
        return None
    return Withheld(countries=tuple(countries[:_MAX_COUNTRIES]), over_copyright=over_copyright)


def _withheld(tweet: Json, authors: Mapping[str, Withheld]) -> Withheld | None:
    """Return where X withholds a post, or all posts of its author.

    Nowhere that is known, where X says that it withholds the post and names no country.
    """
    found = withheld_of(tweet) or authors.get(str(tweet.get("author_id")))
    if found is None and mapping_of(tweet.get("withheld")) and is_withholding_notice(raw_text(tweet) or ""):
        return Withheld()
    return found


def _reference(
    kind: ReferenceKind,
    post_id: str,
    tweet: Json,
    *,
    linked: str,
    authors: Mapping[str, Author],
    media: Mapping[str, Media],
    polls: Polls,
    withheld: Withheld | None,
    account: Account,
) -> ReferencedPost:
    """Read a referenced post, which is empty where X does not send it along.

    Where X does not say who wrote it, the handle in the link to it tells.
    """
    raw = raw_text(tweet) or ""
    its_media = media_of_post(tweet, media)
    text = readable_text(tweet, raw, PostContext(withheld=withheld), its_media, polls)
    author_id = tweet.get("author_id")
    author = authors.get(author_id) if is_id(author_id) else None
    handle = author.handle if author is not None else linked
    is_ours = author_id == account.id if is_id(author_id) else linked.casefold() == account.handle.casefold()
    return ReferencedPost(
        kind=kind,
        id=post_id,
        author_id=author_id if is_id(author_id) else "",
        handle=handle,
        text=text[:MAX_REFERENCE_TEXT],
        alt_texts=tuple(one.alt_text for one in its_media.values()),
        url=f"https://x.com/{handle or 'i'}/status/{post_id}",
        is_ours=is_ours,
    )


def _named(tweet: Json, account: Account) -> Iterator[Named]:
    known = {account.id, tweet.get("author_id")}
    for mention in entities_of(tweet, "mentions"):
        person, handle = mention.get("id"), mention.get("username")
        if is_id(person) and is_handle(handle) and person not in known:
            known.add(person)
            yield Named(person, handle)
