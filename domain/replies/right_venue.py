"""Tell where a case is to be answered, by the guidance for its situation."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.cases.case import Case
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation

NO_GUIDANCE: Mapping[Situation, Guidance] = MappingProxyType({})


def may_be_public(case: Case) -> bool:
    """Return whether a case may be answered in public whatever its situation.

    It may where it is linked to an outage, which is spoken of in public, and where nothing is wanted.
    """
    return case.outage_id is not None or case.assessment.urgency is Urgency.LOW


def belongs_in_private(case: Case, guidance: Mapping[Situation, Guidance]) -> bool:
    """Return whether a case is to be answered in private alone."""
    found = guidance.get(case.assessment.situation)
    return found is not None and found.is_private and not may_be_public(case)
