"""Load what posts about an outage have in common, by which new ones are compared with it."""

from collections.abc import Collection
from datetime import timedelta

from domain.outages.lifecycle import begin_of
from domain.outages.matching import OutageTraits, count_situations
from domain.outages.outage import Outage, OutageKind
from domain.outages.policy import OutagePolicy
from storage.unit_of_work import UnitOfWork

_LEARN_FROM = 200  # confirmed links whose situations are counted
_NEAREST_OF = 16  # vectors of confirmed posts that others are compared with


def traits_of(
    uow: UnitOfWork, outage: Outage, *, policy: OutagePolicy, encoder: str, stop_words: Collection[str]
) -> OutageTraits:
    """Return what posts about the outage have in common."""
    notices = uow.notices.of_outage(outage.id)
    return OutageTraits(
        component_words=tuple(
            word
            for component in policy.components
            if component.name in outage.components
            for word in component.words
        ),
        component_names=outage.components,
        notice_words=(
            outage.title,
            *(version.problem for notice in notices for version in notice.versions),
        ),
        stop_words=stop_words,
        begins_at=begin_of(outage, notices),
        # What breaks is reported before we announce it; what is planned is not felt before.
        window=policy.link_window if outage.kind is OutageKind.OUTAGE else timedelta(),
        situations=count_situations(uow.outage_links.confirmed_situations(outage.id, limit=_LEARN_FROM)),
        vectors=uow.outage_links.confirmed_vectors(outage.id, encoder=encoder, limit=_NEAREST_OF)
        if encoder
        else (),
    )
