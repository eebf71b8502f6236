"""Read what posts name besides what they are about."""

from collections.abc import Sequence

from domain.surge.separation import named_series
from domain.surge.series import Series
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Cues
from storage.unit_of_work import UnitOfWork

#: Texts that one look reads; in a flood, the next looks read the others.
READ_AT_ONCE = 200


class NameReader:
    """Returns the series that the words of posts name, by id, of those that it or an earlier look read."""

    def __init__(self, uow: UnitOfWork, watch: SurgeWatch, cues: Cues) -> None:
        self._uow = uow
        self._watch = watch
        self._cues = cues
        self._left = READ_AT_ONCE

    def __call__(self, posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        known = self._watch.named
        unread = [post for post in posts if post not in known][: self._left]
        self._left -= len(unread)
        for post, (text, language) in self._uow.arrivals.texts(unread).items():
            known[post] = named_series(text, language, self._cues)
        return {post: known[post] for post in posts if post in known}
