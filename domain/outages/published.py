"""Define published notices as readers of the bot's own pages get them: the feed and the chat's banner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity

#: Where the web side serves the feed.
FEED_PATH = "/feed/outages.atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNotice:
    """A notice that was sent to one of our own pages, and not retracted since.

    `reference` is that of the notice. `texts` are by language, the main one first, with the newest correction
    in them; `updated_at` is the time of that.
    """

    outage_id: int
    reference: str
    outage_kind: OutageKind
    kind: NoticeKind
    phase: Phase
    severity: Severity
    title: str
    components: tuple[str, ...]
    texts: Mapping[str, str]
    published_at: datetime
    updated_at: datetime

    def text_in(self, languages: Sequence[str]) -> tuple[str, str]:
        """Return the first of these languages that it has, with its text; else those of the main language."""
        main = next(iter(self.texts))
        language = next((one for one in languages if one in self.texts), main)
        return language, self.texts[language]
