"""Define what is shown of a notice before it leaves: texts, reach, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.delivery.pause import Pause
from domain.outages.destinations import DestinationProfile, Preflight
from domain.outages.notice_checks import Fault, NoticeWarning
from domain.outages.notices import Notice, NoticeKind, NoticeText
from domain.outages.outage import Outage
from domain.outages.stated_facts import FactChange, StatedFacts, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReview:
    """A notice that has not left.

    `texts` are those of the notice, or what was typed in their place. `preflights` are by destination; one
    without an entry is being asked. `profiles` are by destination too. `rehearsal_channel` is where a
    rehearsal goes on, which this notice is not of. `pause` is that of all sending, which holds the notice.
    `left_out` are the notice's components by the destinations that show components and do not know these.
    `not_there` are destination and language of those texts of a correction that have nothing to correct,
    as what it corrects did not arrive.
    """

    outage: Outage
    notice: Notice
    texts: tuple[NoticeText, ...]
    profiles: Mapping[str, DestinationProfile]
    preflights: Mapping[str, Preflight]
    warnings: tuple[NoticeWarning, ...]
    needs_approval: bool
    rehearsal_channel: str | None = None
    pause: Pause | None = None
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_there: frozenset[tuple[str, str]] = frozenset()

    @property
    def facts(self) -> StatedFacts:
        """What is stated of the outage once the notice has left."""
        return self.notice.facts or facts_of(self.outage)

    @property
    def changes(self) -> tuple[FactChange, ...]:
        """What the notice changes of that; a correction changes nothing."""
        if self.notice.kind in {NoticeKind.ANNOUNCEMENT, NoticeKind.CORRECTION}:
            return ()
        return self.facts.changes_from(facts_of(self.outage))

    def warnings_of(self, text: NoticeText) -> list[NoticeWarning]:
        """Return the warnings of one text."""
        place = (text.destination, text.language)
        return [one for one in self.warnings if (one.destination, one.language) == place]

    @property
    def shared_warnings(self) -> list[NoticeWarning]:
        """The warnings that all texts have, where there are several: one of each."""
        if len(self.texts) < 2:  # noqa: PLR2004 - one text shares nothing
            return []
        found: dict[tuple[Fault, str], list[NoticeWarning]] = {}
        for warning in self.warnings:
            found.setdefault((warning.fault, warning.detail), []).append(warning)
        return [same[0] for same in found.values() if len(same) == len(self.texts)]

    def own_warnings(self, text: NoticeText) -> list[NoticeWarning]:
        """Return the warnings of one text that not all others have, too."""
        shared = {(one.fault, one.detail) for one in self.shared_warnings}
        return [one for one in self.warnings_of(text) if (one.fault, one.detail) not in shared]
