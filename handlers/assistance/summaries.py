"""Summarise a case for whoever takes it over, and keep the summary until the case goes on."""

from datetime import datetime

from domain.assistance.assistant import CaseSummary, Line, SummaryRequest
from domain.assistance.forms import CaseRequest
from domain.assistance.machine_texts import MachineText, TextKind, summary_content
from domain.assistance.transcript import transcript_digest, transcript_lines
from handlers.assistance.requests import names_of, record_request
from handlers.cases.views import MAX_CARD_MESSAGES
from storage.unit_of_work import UnitOfWork


def summary_request(
    uow: UnitOfWork, *, case_id: int, language: str, brand: str, user_id: str, now: datetime
) -> SummaryRequest:
    """Build the request to summarise the case's newest messages, and record who asked."""
    record_request(uow, case_id, CaseRequest.SUMMARISE.value, user_id=user_id, now=now)
    return SummaryRequest(
        lines=_lines(uow, case_id), language=language, brand=brand, known=names_of(uow.cases.get(case_id))
    )


def save_summary(
    uow: UnitOfWork,
    *,
    case_id: int,
    request: SummaryRequest,
    summary: CaseSummary,
    user_id: str,
    now: datetime,
) -> bool:
    """Keep the summary; return `False` where the conversation has changed since it was requested."""
    # Locked as by a deletion of a message, which then comes before us, or erases what we keep.
    uow.cases.lock([case_id])
    if _lines(uow, case_id) != request.lines:
        return False
    uow.machine_texts.save(
        MachineText(
            case_id=case_id,
            kind=TextKind.SUMMARY,
            language=request.language,
            source=transcript_digest(request.lines),
            content=summary_content(summary),
            provenance=summary.provenance,
            requested_by=user_id,
            created_at=now,
        )
    )
    return True


def _lines(uow: UnitOfWork, case_id: int) -> tuple[Line, ...]:
    return transcript_lines(uow.messages.of_case(case_id, limit=MAX_CARD_MESSAGES))
