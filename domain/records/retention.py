"""Decide which content is older than it may be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.venues import Venue

#: Who acted, in an audit entry that is older than it may be kept.
ERASED_ACTOR = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each kind of content is kept after it was written; `None` for ever."""

    posts: timedelta | None = None
    chats: timedelta | None = None
    mails: timedelta | None = None
    files: timedelta | None = None
    audit: timedelta | None = None

    def words_before(self, now: datetime) -> Mapping[Venue, datetime]:
        """Return the moment before which messages have expired, for each venue that has one."""
        kept = {
            Venue.PUBLIC: self.posts,
            Venue.CHAT: self.chats,
            Venue.DM: self.chats,
            Venue.EMAIL: self.mails,
        }
        return {venue: now - age for venue, age in kept.items() if age is not None}
