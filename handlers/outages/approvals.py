"""Ask for the approval of a notice, and have each request say what became of it."""

from datetime import datetime
from typing import NamedTuple

from domain.delivery.outage_effects import AskApproval, EndApprovalRequest, RequestEnd
from domain.outages.notices import Notice, NoticeState
from domain.outages.outage import Outage
from handlers.outages.lookup import get_notice
from storage.unit_of_work import UnitOfWork


def ask_for_approval(uow: UnitOfWork, notice: Notice, *, channel: str, now: datetime) -> None:
    """Have a request for the approval of a notice posted beside its outage's board."""
    uow.outbox.add([AskApproval(notice.outage_id, notice.id, notice.version, channel)], now=now)


def end_request(uow: UnitOfWork, notice: Notice, end: RequestEnd, *, by: str, now: datetime) -> None:
    """Have the request say what became of it; do nothing unless the notice, as it was before, waits."""
    if notice.state is NoticeState.WAITING:
        ended = EndApprovalRequest(notice.outage_id, notice.id, notice.version, end.value, by)
        uow.outbox.add([ended], now=now)


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
