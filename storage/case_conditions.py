"""Define conditions on cases and outages, for the `where` of several queries."""

from sqlalchemy import ColumnElement, Text, and_, cast, or_

from domain.cases.case import ACTIVE, CaseState
from domain.outages.folding import GRAVE
from domain.outages.outage import OutageState, Phase
from domain.triage.situations import Situation
from storage.outage_tables import outages
from storage.tables import cases

_c = cases.c

IS_ACTIVE: ColumnElement[bool] = _c.state.in_(sorted(state.value for state in ACTIVE))
UNCLAIMED: tuple[ColumnElement[bool], ...] = (_c.state == CaseState.OPEN.value, _c.claimed_by.is_(None))
#: The order of the queue.
BY_RANK = (_c.sort_key.desc(), _c.id)
#: As `domain.outages.folding.is_grave`. A reason stands in quotation marks in both databases' JSON.
IS_GRAVE: ColumnElement[bool] = or_(
    _c.situation == Situation.SAFETY_OR_LEGAL.value,
    *(cast(_c.reasons, Text).contains(f'"{reason.value}"') for reason in sorted(GRAVE)),
)
#: Announced, not resolved, and no maintenance that is still to begin.
OUTAGE_GOES_ON: ColumnElement[bool] = and_(
    outages.c.state == OutageState.ANNOUNCED.value, outages.c.phase != Phase.SCHEDULED.value
)
