"""Define published notices as readers of the bot's own pages get them: the feed and the chat's banner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.outages.outage import OutageKind, Phase, Severity

#: Where the web side serves the feed.
FEED_PATH = "/feed/outages.atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNotice:
    """A notice that was sent to one of our own pages.

    `reference` is that of the notice. `texts` are by language, the main one first, with the newest correction
    in them; `updated_at` is the time of that. `is_open`: its outage goes on. `is_retracted`: it was deleted,
    so its texts are shown nowhere.
    """

    outage_id: int
    reference: str
    outage_kind: OutageKind
    phase: Phase
    severity: Severity
    title: str
    components: tuple[str, ...]
    texts: Mapping[str, str]
    published_at: datetime
    updated_at: datetime
    is_open: bool = True
    is_retracted: bool = False

    def text_in(self, language: str) -> tuple[str, str]:
        """Return the language, and the text in it; those of the main language where there is none."""
        found = language if language in self.texts else next(iter(self.texts))
        return found, self.texts[found]
