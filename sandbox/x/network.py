"""The simulated X: accounts, posts and timelines, and publishing, editing and deleting."""

import dataclasses
import time
from collections.abc import Callable, Container, Iterator, Sequence

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.x import wording
from sandbox.x.accounts import Accounts
from sandbox.x.activity import Activity
from sandbox.x.direct import DirectMessages, Media
from sandbox.x.events import Broadcast
from sandbox.x.limits import RateLimits
from sandbox.x.meter import Meter
from sandbox.x.oauth import Keys
from sandbox.x.posts import EDIT_WINDOW_SECONDS, Account, Post, Snowflakes
from sandbox.x.timeline import page_json


class XNetwork:
    """All state of the simulated X.

    `self_serve=False` lifts the rule that apps may only reply where they were mentioned (Enterprise).
    `access_level` is what the brand's access token may do, as X reports it in `x-access-level`.
    """

    def __init__(self, ledger: Ledger, faults: Faults, *, clock: Callable[[], float] = time.time) -> None:
        self.ledger = ledger
        self.faults = faults
        self.clock = clock
        self.keys = Keys()
        self.limits = RateLimits(clock)
        self.meter = Meter(clock)
        self.events = Broadcast()
        self.accounts = Accounts(clock)
        self.self_serve = True
        #: The versions of X's API that are spoken, and whether names that they do not have are passed over.
        self.api_versions = frozenset({"2.166", "2.167"})
        self.passes_over_names = False
        #: Whether the download of a message's picture takes OAuth 1.0a, for which it is not documented.
        self.media_by_any_user = False
        self.access_level = "read-write-directmessages"
        self.posts: dict[str, Post] = {}
        self.by_author: dict[str, list[Post]] = {}
        self.mentioning: dict[str, list[Post]] = {}
        #: The ids of posts that are not listed as mentions (yet); a look-up finds them.
        self.held_back: set[str] = set()
        self.activity = Activity(self)
        self._snowflakes = Snowflakes(clock)
        self.direct = DirectMessages(
            self.brand, next_id=self._snowflakes.next, clock=clock, ledger=ledger, events=self.events
        )

    @property
    def brand(self) -> Account:
        """The account that the bot answers for."""
        return self.accounts.brand

    def find(self, post_id: str) -> Post | None:
        """Return the version of a post that has this id, unless it was deleted."""
        post = self.posts.get(post_id)
        return None if post is None or post.deleted else post

    def newest(self) -> Iterator[Post]:
        """Iterate over all posts that are not deleted, in their current version, newest first."""
        return (p for p in reversed(self.posts.values()) if p.is_current and not p.deleted)

    def post(
        self,
        author: Account,
        text: str,
        *,
        reply_to: str | None = None,
        quotes: str | None = None,
        retweets: str | None = None,
        reply_settings: str = "everyone",
        lang: str = "und",
        media: Sequence[Media] = (),
        excluded: Container[str] = (),
        call: str = "create post",
        dollars: float = 0.0,
        published: tuple[str, float] | None = None,
        is_listed: bool = True,
    ) -> Post:
        """Publish a post; a reply does not mention `excluded` (account ids).

        `published` are the id and the time of a post of the past; they grow from call to call.
        Without `is_listed` the mentions do not list it until it is taken from `held_back`.
        `call` names the act in the ledger, `dollars` is what it cost the app that made it.
        Raises LookupError when the post that it answers, quotes or repeats does not exist.
        """
        target, _, repeated = (i if i is None else self._must_find(i) for i in (reply_to, quotes, retweets))
        post_id, created_at = published or (self._snowflakes.next(), self.clock())
        if repeated is not None:
            text, lang = f"RT @{repeated.author.username}: {repeated.text}", repeated.lang
        post = Post(
            id=post_id,
            author=author,
            text=text,
            created_at=created_at,
            conversation_id=target.conversation_id if target else post_id,
            history=[post_id],
            lang=lang,
            reply_to=reply_to,
            reply_to_account=target.author.id if target else None,
            quotes=quotes,
            retweets=retweets,
            reply_settings=reply_settings,
            media=tuple(media),
        )
        post.auto_mentions = self._auto_mentions(post, target, excluded)
        if not is_listed:
            self.held_back.add(post.id)
        self._publish(post, call, dollars)
        self.events.send("post", page_json(post, self.posts, self.brand))
        return post

    def edit(self, post_id: str, text: str) -> Post:
        """Publish a new version under a new id; X allows five within 30 minutes.

        Raises LookupError when the post is deleted and ValueError when the time or the edits are used up.
        """
        before = self._must_find(self._must_find(post_id).history[-1])
        first = self.posts[before.original_id]
        if before.edits_remaining == 0 or self.clock() - first.created_at > EDIT_WINDOW_SECONDS:
            raise ValueError(
                "X allows five edits within 30 minutes of posting; this post can no longer be edited"
            )
        version = dataclasses.replace(before, id=self._snowflakes.next(), text=text, created_at=self.clock())
        version.history.append(version.id)
        self._publish(version, "edit post")
        self.events.send("edited", page_json(version, self.posts, self.brand))
        return version

    def delete(self, post_id: str, *, call: str = "delete post") -> Post:
        """Delete all versions of a post. Raises LookupError when it does not exist."""
        post = self._must_find(post_id)
        for version in post.history:
            self.posts[version].deleted = True
        self.ledger.record("x", call, id=post.id, author_id=post.author.id, original_id=post.original_id)
        self.events.send("deleted", page_json(post, self.posts, self.brand))
        return post

    def _must_find(self, post_id: str) -> Post:
        found = self.find(post_id)
        if found is None:
            raise LookupError(f"there is no post {post_id}: it was deleted or never existed")
        return found

    def _auto_mentions(self, post: Post, target: Post | None, excluded: Container[str]) -> tuple[str, ...]:
        """Return whom a reply mentions automatically, by X's rule.

        These are the author it answers and everyone they mentioned.
        """
        if target is None:
            return ()
        names = [target.author.username, *target.auto_mentions, *wording.mentions_in(target.text)]
        said = {name.lower() for name in [post.author.username, *wording.mentions_in(post.text)]}
        known = [found for name in names if (found := self.accounts.find(name)) is not None]
        addressed = [a.username for a in known if a is target.author or a.id not in excluded]
        return tuple(name for name in dict.fromkeys(addressed) if name.lower() not in said)

    def _publish(self, post: Post, call: str, dollars: float = 0.0) -> None:
        names = [*post.auto_mentions, *wording.mentions_in(post.text)]
        found = {account.id for name in names if (account := self.accounts.find(name)) is not None}
        if post.quotes is not None:
            found.add(self.posts[post.quotes].author.id)
        post.mentioned = frozenset(found)
        self.posts[post.id] = post
        self.by_author.setdefault(post.author.id, []).append(post)
        for account_id in found:
            self.mentioning.setdefault(account_id, []).append(post)
        self.ledger.record(
            "x",
            call,
            id=post.id,
            original_id=post.original_id,
            author_id=post.author.id,
            text=post.text,
            in_reply_to=post.reply_to,
            dollars=dollars,
        )
        self.activity.publish(post)
