"""Render mails that nobody has proven to be the customer's: folded, apart from the customer's own words."""

from adapters.slack.blocks import actions, button, context
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, mention, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.rich_text import quote, rich_text, section, text_node, user_node
from adapters.slack.wording import count_of
from domain.intake.unproven_mails import Doubt, MailDecided, UnprovenMail, Verdict
from domain.records.audit import Action, Entry

MAX_FOLDED = 280  # characters of the mail that the thread shows
MAX_SIZE = MAX_FOLDED + 900
_MAX_ADDRESS = 100
_MAX_SUBJECT = 150

_DOUBTS = {
    Doubt.FROM_ALONE: "says that it is from {0}. Nothing in it answers a mail of ours",
    Doubt.OTHER_ADDRESS: "answers ours, from {0}, which is not the customer's address",
    Doubt.CHECK_FAILED: "says that it is from {0}. Our mail server calls that forged",
}
_VERDICTS = {Verdict.CUSTOMER: " says that it is the customer", Verdict.SOMEBODY_ELSE: " says that it is not"}
_ENTRIES = {
    Action.UNPROVEN_MAIL_RECEIVED: "✉️ A mail came that may not be the customer's",
    Action.UNPROVEN_MAIL_ACCEPTED: "✓ {0} said that a mail is the customer's: it is part of the case now",
    Action.UNPROVEN_MAIL_REFUSED: "✗ {0} said that a mail is not the customer's",
}


def mail_of(entry: Entry) -> int | None:
    """Return the id of the unproven mail that the thread shows for this entry; `None` for any other entry."""
    mail_id = entry.detail.get("mail") if entry.action is Action.UNPROVEN_MAIL_RECEIVED else None
    return mail_id if isinstance(mail_id, int) else None


def mail_blocks(mail: UnprovenMail) -> list[Block]:
    """Render the mail for the thread: its first words, why it is in doubt, and the buttons that decide."""
    heading = [
        text_node("✉️ Not proven: ", bold=True),
        text_node(f"{doubt_text(mail)} · "),
        date_node(mail.at, DateStyle.CLOCK),
    ]
    said = (
        [section([user_node(mail.decided_by), text_node(_VERDICTS[mail.verdict])])] if mail.decided_by else []
    )
    subject = inline(mail.subject or "", _MAX_SUBJECT)
    parts = [
        section(heading),
        *([section([text_node(subject, bold=True)])] if subject else []),
        quote(shorten(strip_control(mail.text), MAX_FOLDED)),
        *(
            [section([text_node(f"📎 {count_of(len(mail.files), 'file')}, not opened")])]
            if mail.files
            else []
        ),
        *said,
    ]
    return [rich_text(*parts), *actions(_buttons(mail))]


def doubt_text(mail: UnprovenMail) -> str:
    """Say in plain text whom the mail is from, as it says, and why that is in doubt."""
    return f"this mail {_DOUBTS[mail.doubt].format(inline(mail.address, _MAX_ADDRESS))}"


def waiting_line(count: int) -> list[Block]:
    """Render the card's line about mails that wait to be decided about; empty without any."""
    if not count:
        return []
    which, them = ("one mail", "it is") if count == 1 else (count_of(count, "mail"), "they are")
    return [
        context(
            f"✉️ *Not proven:* {which} may be from somebody else. Say in the thread whether {them} theirs."
        )
    ]


def describe_mail(entry: Entry) -> str:
    """Word an audit entry about an unproven mail."""
    return _ENTRIES[entry.action].format(mention(entry.actor))


def decided_text(refusal: MailDecided) -> str:
    """Say who has said before what the mail is."""
    who = mention(refusal.by) if refusal.by else "Somebody"
    return f"Nothing was changed: {who}{_VERDICTS.get(refusal.verdict, '')}."


def _buttons(mail: UnprovenMail) -> list[Block]:
    value = str(mail.id)
    is_folded = bool(mail.files) or len(mail.original or mail.text) > MAX_FOLDED
    shows = [button("Show all", CaseFormAction.UNPROVEN_SHOW, value)] if is_folded else []
    if mail.verdict is not Verdict.WAITING:
        return shows
    return [
        button("It is them", CaseFormAction.UNPROVEN_IS_THEM, value),
        button("It is not", CaseFormAction.UNPROVEN_IS_NOT, value),
        *shows,
    ]


DESCRIBERS = dict.fromkeys(_ENTRIES, describe_mail)
