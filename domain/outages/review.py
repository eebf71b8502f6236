"""Define what is shown of a notice before it leaves: texts, reach, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.outages.destinations import DestinationProfile, Preflight
from domain.outages.notice_checks import NoticeWarning
from domain.outages.notices import Notice, NoticeText
from domain.outages.outage import Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReview:
    """A notice that has not left.

    `texts` are those of the notice, or what was typed in their place. `preflights` are by destination; one
    without an entry is being asked. `profiles` are by destination too.
    """

    outage: Outage
    notice: Notice
    texts: tuple[NoticeText, ...]
    profiles: Mapping[str, DestinationProfile]
    preflights: Mapping[str, Preflight]
    warnings: tuple[NoticeWarning, ...]
    needs_approval: bool

    def warnings_of(self, text: NoticeText) -> list[NoticeWarning]:
        """Return the warnings of one text."""
        place = (text.destination, text.language)
        return [one for one in self.warnings if (one.destination, one.language) == place]
