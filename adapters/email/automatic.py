"""Detect automatic, bulk and bounced mail (RFC 3834, RFC 3464): it opens no case and is never answered."""

import re
from collections.abc import Sequence

from adapters.email.automatic_subjects import says_automatic
from adapters.email.headers import RawMessage, addresses, message_ids, raw, recipients, text
from adapters.email.message_ids import EmailIdentity
from adapters.email.mime import parts, subparts_of

_REPORT_TYPE = "multipart/report"
#: The local parts of mail servers themselves.
REPORT_SENDERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
#: The same by their letters alone, which servers write in several ways. Nobody reads or writes as a daemon;
#: as postmaster a person may write.
_DAEMONS, _POSTMASTER = frozenset({"mailerdaemon", "maildaemon"}), "postmaster"
_NO_LETTERS = re.compile(r"\s*\(.*|[^a-z]+", re.DOTALL)
_FAILED_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|un?able to deliver|non-?delivery|not delivered|delivery (?:status|failure|failed|error|report)|"
    r"(?:mail )?delivery (?:has )?failed|mail (?:system|delivery) (?:error|failure)|returned mail|failure notice|"
    r"message could not be|unzustellbar|nicht zugestellt|non remis|échec de (?:la )?remise|"
    r"no se (?:puede|pudo) entregar|mancato recapito|não entregue|配[信送]不能|無法(?:傳|投)|退信",
    re.IGNORECASE,
)
_BULK_PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply"})
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List")
_GROUP_HEADERS = ("X-Original-From", "X-Original-Sender")  # of mail groups, who pass on what programs answer
#: Set by autoresponders that do not set Auto-Submitted: "X-Autoreply", "X-Amazon-Auto-Reply" and their like.
_AUTOMATIC_HEADER = re.compile(
    r"x-(?:[\w-]{1,20}-)?auto-?(?:reply|repl[iy]ed|respond|responder|response|generated)(?!-suppress)(?:-[\w-]{1,20})?|"
    r"x-(?:[\w-]{1,20}-)?(?:vacation|out-?of-?office)|x-otrs-loop|x-fc-machinegenerated|"
    r"x-ms-exchange-(?:inbox-rules-loop|generated-message-source)",
    re.IGNORECASE,
)
_MAX_HEADERS = 500  # that are looked at
_OUTLOOK_COMPLAINT, _MAX_ATTACHED = "X-HmXmrOriginalRecipient", 10
_NO = frozenset({"", "no", "false", "0"})
#: A list's mail has more headers than this one; a person's never has it.
_MACHINE_PRECEDENCES = frozenset({"bulk", "junk"})
#: RFC 7489, section 7.2.1.1, and RFC 8460, section 5.
_REPORT_SUBJECT = re.compile(r"report domain: \S+ submitter: ", re.IGNORECASE)
_REPORT_FILE = re.compile(
    r"[\w.-]+![\w.-]+!\d+!\d+[\w.!-]*\.(?:xml|json)(?:\.gz)?|[^!]+!.+\.zip", re.IGNORECASE
)

_PACKED = re.compile(r".+\.(?:xml|gz|zip)", re.IGNORECASE)


def is_automatic(message: RawMessage) -> bool:
    """Return whether a program sent the mail by itself, and says so."""
    return _auto_submitted(message) not in {"", "no"} or _is_marked_automatic(message)


def is_of_form(message: RawMessage) -> bool:
    """Return whether a program may have made the mail of what somebody typed: no answer, and of no list."""
    is_of_list = any(message.get(name) for name in (*_LIST_HEADERS, *_GROUP_HEADERS))
    return (
        _auto_submitted(message) == "auto-generated" and not is_of_list and not _is_marked_automatic(message)
    )


def is_of_list(message: RawMessage) -> bool:
    """Return whether a list sent it: one that offers an unsubscription alone need not be one."""
    is_bulk = raw(message, "Precedence").lower() in _BULK_PRECEDENCES
    return is_bulk or any(message.get(name) for name in ("List-Id", "List-Post", "Mailing-List"))


def _auto_submitted(message: RawMessage) -> str:
    return raw(message, "Auto-Submitted").lower().partition(";")[0].strip()


def _is_marked_automatic(message: RawMessage) -> bool:
    precedences = {raw(message, name).lower() for name in ("Precedence", "X-Precedence", "Preference")}
    return (
        any(map(_is_set, list(message.items())[:_MAX_HEADERS]))
        or "auto_reply" in precedences
        or message.get_content_type() == _REPORT_TYPE
        or "autoresponder" in raw(message, "X-POST-MessageClass").lower()
    )


def is_automatic_answer(message: RawMessage, subjects: Sequence[str] = ()) -> bool:
    """Return whether a mail that answers us was sent by a program that does not say so as it should.

    `subjects` are those of the mails with which we begin a conversation.
    """
    is_of_list = any(message.get(name) for name in _LIST_HEADERS)
    is_bulk = raw(message, "Precedence").lower() in _MACHINE_PRECEDENCES and not is_of_list
    return is_bulk or says_automatic(subject_of(message), subjects)


def _is_set(header: tuple[str, str]) -> bool:
    name, value = header
    return _AUTOMATIC_HEADER.fullmatch(name) is not None and value.strip().lower() not in _NO


def ignored_reason(message: RawMessage, *, answers_us: bool, is_passed_on: bool) -> str | None:
    """Return why the mail is no letter to us, in words for the log; `None` where it is one.

    `answers_us` is true where it carries a token or a Message-ID of ours, `is_passed_on` where a group or
    form of our own sent it: then list headers, bulk precedence and `X-Auto-Response-Suppress` do not count.
    """
    if _is_statistics_report(message):
        return "it is a report about mail in general"
    if answers_us or is_passed_on:
        return None
    if raw(message, "X-Auto-Response-Suppress").lower() not in {"", "none"}:
        return "a program sent it by itself"
    return "it went to a list of people" if _is_bulk(message) else None


def is_delivery_report(message: RawMessage, identity: EmailIdentity) -> bool:
    """Return whether it is a delivery report (RFC 3464), or the non-standard bounce of an old server."""
    if message.get_content_type() == _REPORT_TYPE:
        return str(message.get_param("report-type", "delivery-status")).lower() == "delivery-status"
    written = addresses(message, "From")
    reporter = _letters_of_local_part(written[0][1] if written else raw(message, "From"))
    if message.get("X-Failed-Recipients") or reporter in _DAEMONS:
        return True
    return reporter == _POSTMASTER and (
        is_automatic(message)
        or has_null_sender(message)
        or _letters_of_local_part(raw(message, "Return-Path")) in _DAEMONS
        or any(identity.reported_id(address) for address in recipients(message))
        or _FAILED_SUBJECT.match(subject_of(message)) is not None
    )


def _letters_of_local_part(address: str) -> str:
    return _NO_LETTERS.sub("", address.partition("@")[0].lower())


def is_feedback_report(message: RawMessage) -> bool:
    """Return whether it is a feedback report (RFC 5965), with which a provider passes a complaint on."""
    is_report = message.get_content_type() == _REPORT_TYPE
    is_standard = is_report and str(message.get_param("report-type", "")).lower() == "feedback-report"
    return is_standard or is_outlook_complaint(message)


def is_outlook_complaint(message: RawMessage) -> bool:
    """Return whether Outlook.com passes a complaint on, in a form of its own: our mail with a header."""
    attached = subparts_of(message)[:_MAX_ATTACHED]
    mails = [one for part in attached for one in subparts_of(part)[:_MAX_ATTACHED]]
    return any(one.get(_OUTLOOK_COMPLAINT) for one in (message, *attached, *mails))


def is_ours(message: RawMessage, identity: EmailIdentity) -> bool:
    """Return whether we sent it, by the signed Message-ID: anybody can write our address into From."""
    return any(identity.is_own_id(message_id) for message_id in message_ids(message, "Message-ID"))


def is_journal_of_ours(message: RawMessage, identity: EmailIdentity) -> bool:
    """Return whether Exchange reports a mail of ours to the records, with that mail attached."""
    if "X-MS-Journal-Report" not in message:
        return False
    attached = [one for part in subparts_of(message)[:_MAX_ATTACHED] for one in subparts_of(part)[:1]]
    return any(is_ours(one, identity) for one in attached)


def is_own_list(message: RawMessage, identity: EmailIdentity) -> bool:
    """Return whether a mail group of our own domain passed it on: its members write to us through it."""
    named = re.compile(rf"(?<![\w.-])(?:[\w-]+\.)*{re.escape(identity.domain)}(?![\w.-])", re.IGNORECASE)
    return any(named.search(raw(message, name)) for name in ("List-Id", "List-Post", "Mailing-List"))


def has_null_sender(message: RawMessage) -> bool:
    """Return whether the return path is empty, as that of mails which no program may answer."""
    return "".join(raw(message, "Return-Path").split()) == "<>"


def subject_of(message: RawMessage) -> str:
    """Return the decoded subject, at most 300 characters."""
    return text(message, "Subject")[:300]


def _is_statistics_report(message: RawMessage) -> bool:
    """Return whether it reports on DMARC (RFC 7489) or TLS (RFC 8460), as servers send daily."""
    if message.get("TLS-Report-Domain") or _REPORT_SUBJECT.match(subject_of(message)):
        return True
    names = [part.name for part in parts(message) if part.name]
    written = next((address for _, address in addresses(message, "From")), "")
    is_by_dmarc = "dmarc" in written.partition("@")[0].lower() and any(map(_PACKED.fullmatch, names))
    return is_by_dmarc or any(map(_REPORT_FILE.fullmatch, names))


def _is_bulk(message: RawMessage) -> bool:
    return (
        any(message.get(name) for name in _LIST_HEADERS)
        or raw(message, "Precedence").lower() in _BULK_PRECEDENCES
    )
