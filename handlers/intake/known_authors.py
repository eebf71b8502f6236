"""Complete authors whom their network does not describe any more with what is known of them here."""

from collections.abc import Sequence
from dataclasses import replace

from domain.accounts import Account
from domain.intake.posts import Author, Post
from storage.unit_of_work import UnitOfWork

_CASES = 5  # of an author, newest first; those of one who was never described have no name


def with_known_authors(uow: UnitOfWork, account: Account, posts: Sequence[Post]) -> list[Post]:
    """Return the posts, with name and followers from earlier cases where the network tells none.

    A network leaves out authors that it has suspended or withholds, or shows them without followers.
    """
    missing = {post.author.id: post.author for post in posts if _is_incomplete(post.author)}
    known = {author.id: _known(uow, account, author) for author in missing.values()}
    return [replace(post, author=known.get(post.author.id, post.author)) for post in posts]


def _is_incomplete(author: Author) -> bool:
    return not author.handle or not author.followers


def _known(uow: UnitOfWork, account: Account, author: Author) -> Author:
    cases = uow.cases.of_author(account.network, account.id, author.id, limit=_CASES)
    before = next((case.author for case in cases if case.author.handle), None)
    if before is None:
        return author
    followers = author.followers or before.followers
    return replace(author if author.handle else before, followers=followers)
