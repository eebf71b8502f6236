"""Alert whoever leads, and on-call, of a notice that a destination did not take, or may have taken.

The board shows each line, but nobody is notified of what is edited there.
"""

from datetime import datetime

from domain.delivery.effects import Alert
from domain.outages.notices import Publication, PublicationState
from domain.outages.policy import OutagePolicy
from domain.outages.standing import is_superseded
from storage.unit_of_work import UnitOfWork


def alert_not_sent(
    uow: UnitOfWork, *, publication_id: int, label: str, policy: OutagePolicy, now: datetime
) -> None:
    """Alert that a notice did not arrive at the destination `label`; not where a newer one took its place."""
    publication = uow.publications.get(publication_id)
    earlier = uow.publications.of_outage(publication.outage_id)
    notices = uow.notices.of_outage(publication.outage_id)
    if not is_superseded(publication, earlier, notices):
        happened, needed = f"was not sent to {label}", "Press “Try again” on its board."
        _alert(uow, publication, happened, needed, policy, now)


def alert_unsure(
    uow: UnitOfWork, *, publication_id: int, label: str, policy: OutagePolicy, now: datetime
) -> None:
    """Alert that a person has to find out whether the destination `label` has a notice."""
    publication = uow.publications.get(publication_id)
    if publication.state is PublicationState.UNSURE:
        happened = f"may not have been sent to {label}, and cannot be found there by the bot"
        needed = "Look there, then press on its board what you saw."
        _alert(uow, publication, happened, needed, policy, now)


def _alert(
    uow: UnitOfWork, publication: Publication, happened: str, needed: str, policy: OutagePolicy, now: datetime
) -> None:
    """Enqueue one alert for each reader, however many destinations fail with the same notice."""
    outage, notice = uow.outages.get(publication.outage_id), uow.notices.get(publication.notice_id)
    reason = (publication.error or "no reason was given").rstrip(".")
    text = (
        f"“{outage.title}”: its {notice.kind} {happened}: {reason}. {needed} "
        "The board has a line for each destination: look at them all."
    )
    key = f"outage:{outage.id}:{publication.state}:{notice.id}:{publication.attempt}"
    uow.outbox.add(
        [
            Alert(text, f"{key}:{channel}", channel, outage.id)
            for channel in sorted({outage.lead, policy.oncall_channel})
        ],
        now=now,
    )
