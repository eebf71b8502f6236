"""Define mails of which nobody knows whether the customer wrote them: they stand apart from the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import Refused
from domain.intake.private_messages import IncomingFile


class Doubt(StrEnum):
    """Why a mail may not be the customer's. The values are stored.

    `FROM_ALONE`: it has their address, and nothing in it answers a mail of ours. `OTHER_ADDRESS`: it answers
    ours, from an address that is not the hand-off's. `CHECK_FAILED`: our mail server says that From is forged
    (DMARC).
    """

    FROM_ALONE = "from_alone"
    OTHER_ADDRESS = "other_address"
    CHECK_FAILED = "check_failed"


class Verdict(StrEnum):
    """What a person said of an unproven mail; `WAITING` until then. The values are stored."""

    WAITING = "waiting"
    CUSTOMER = "customer"
    SOMEBODY_ELSE = "somebody_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprovenMail:
    """A mail that stands apart from the case that it says to belong to.

    `address` is its sender's, `handoff_id` the hand-off that it matched. `network`, `account_id`,
    `external_id`, `at` and `original` are as in `IncomingMessage`. `files` have no content where they are
    only listed. `decided_by` is the Slack user id of whoever said what it is.
    """

    id: int
    case_id: int
    handoff_id: int
    network: str
    account_id: str
    external_id: str
    address: str
    name: str
    text: str
    at: datetime
    doubt: Doubt
    subject: str | None = None
    original: str | None = None
    files: Sequence[IncomingFile] = ()
    verdict: Verdict = Verdict.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None


class MailDecided(Refused):
    """A press came for an unproven mail of which `by` has said by now what it is."""

    def __init__(self, verdict: Verdict, by: str | None) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.by = by


class MailGone(Refused):
    """The unproven mail is not there any more: it was erased."""
