"""Render the form that shows all of an unproven mail."""

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import context
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.labels import file_fault_text
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.rich_text import quote, rich_text
from adapters.slack.unproven_mails import doubt_text
from domain.cases.files import MAX_FILES
from domain.intake.private_messages import IncomingFile
from domain.intake.unproven_mails import UnprovenMail

MAX_SHOWN = 20_000  # characters
_MAX_PART = 2900
_MAX_FILE_NAME = 80


def render_unproven_mail(mail: UnprovenMail) -> View:
    """Render the mail as it was received, and the names of its files."""
    at = date_mrkdwn(mail.at, DateStyle.DAY_AND_CLOCK)
    heading = context(f"⚠️ *Not proven:* {escape(doubt_text(mail))} · {at}")
    text = shorten(strip_control(mail.original or mail.text), MAX_SHOWN)
    quoted = [rich_text(quote(text[start : start + _MAX_PART])) for start in range(0, len(text), _MAX_PART)]
    files = [context("\n".join(_file_line(file) for file in mail.files[:MAX_FILES]))] if mail.files else []
    return modal("Unproven mail", CallbackId.ORIGINAL, [heading, *quoted, *files], close="Close")


def _file_line(file: IncomingFile) -> str:
    name = escape(inline(file.name, _MAX_FILE_NAME)) or "a file"
    return f"📎 {name}" + (f": {escape(file_fault_text(str(file.refused)))}" if file.refused else "")
