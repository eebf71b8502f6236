"""Alert on-call of reports about our mails that anybody may have written: they change nothing."""

from datetime import datetime

from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import Bounce
from domain.policy import Policy
from domain.venues import Venue
from handlers.cases.alerts import alert
from handlers.replies.mail_reports import record_unproven_report
from storage.unit_of_work import UnitOfWork


def alert_unproven_report(uow: UnitOfWork, report: Bounce, policy: Policy, *, now: datetime) -> None:
    """Show the report in the thread of the mail's case; tell on-call of one about a notice, once an hour."""
    is_complaint = report.kind is BounceKind.COMPLAINT
    replies = [m for m in uow.messages.ours_by_external_id(report.message_ids) if m.venue is Venue.EMAIL]
    for message in replies[:1]:
        record_unproven_report(
            uow,
            message.case_id,
            message_id=message.id,
            reason=report.reason,
            is_complaint=is_complaint,
            now=now,
        )
    for transcript in uow.transcripts.by_external_id(report.message_ids)[:1] if not replies else ():
        record_unproven_report(
            uow,
            transcript.case_id,
            transcript_id=transcript.id,
            reason=report.reason,
            is_complaint=is_complaint,
            now=now,
        )
    for _, _, publication_id in uow.mailings.by_message_id(report.message_ids)[:1]:
        what = "was called spam" if is_complaint else "could not be delivered"
        text = (
            f"A report says that a mail of a notice {what}. Nothing proves that it comes from a mail server, so "
            "the address stays on the e-mail list. Set EMAIL_BOUNCES, so that such reports can be told from "
            "forged ones."
        )
        alert(uow, policy, text, dedupe_key=f"unproven-report:{publication_id}", now=now)
