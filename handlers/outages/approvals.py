"""Have each request for the approval of a notice say what became of it."""

from typing import NamedTuple

from domain.delivery.effect import Effect
from domain.delivery.outage_effects import AskApproval, EndApprovalRequest, RequestEnd
from domain.outages.notices import Notice, NoticeState
from domain.outages.outage import Outage
from handlers.outages.lookup import get_notice
from storage.unit_of_work import UnitOfWork


def request_ends(notice: Notice, end: RequestEnd, *, by: str) -> list[Effect]:
    """Return what has the request say what became of it; nothing unless the notice waited until now."""
    if notice.state is not NoticeState.WAITING:
        return []
    return [EndApprovalRequest(notice.outage_id, notice.id, notice.version, end.value, by)]


class PostedRequest(NamedTuple):
    """A request for approval: where it stands in Slack, and what it asks for."""

    channel: str
    ts: str
    outage: Outage
    notice: Notice


def posted_request(uow: UnitOfWork, *, notice_id: int, version: int) -> PostedRequest | None:
    """Return the request for the approval of a notice; `None` where it was not posted, or long ago."""
    notice = get_notice(uow, notice_id)
    posted = uow.outbox.result_of(AskApproval(notice.outage_id, notice_id, version, ""))
    if "ts" not in posted:
        return None
    outage = uow.outages.get(notice.outage_id)
    return PostedRequest(str(posted["channel"]), str(posted["ts"]), outage, notice)
