"""Define the e-mail list: its subscribers, and the mailing of a notice to them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

#: The name of the destination that mails notices to the subscribers.
EMAIL_LIST = "email_list"
#: Where the page to subscribe is on the web side, and where the links in mails lead.
SUBSCRIBE_PATH = "/outages/subscribe"
CONFIRM_PATH = "/outages/confirm"
UNSUBSCRIBE_PATH = "/outages/unsubscribe"
#: How long the link in a confirmation mail is valid.
CONFIRMABLE_FOR = timedelta(days=7)
#: Temporary bounces in a row after which an address is taken off.
MAX_SOFT_BOUNCES = 3
#: Attempts at one mail that the mail server refuses for now.
MAX_MAIL_ATTEMPTS = 5
_DIGEST_LENGTH = 4


class SubscriberState(StrEnum):
    """The state of a subscription. Only those that are `CONFIRMED` are mailed; the last three have ended."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


ENDED = frozenset({SubscriberState.UNSUBSCRIBED, SubscriberState.BOUNCED, SubscriberState.COMPLAINED})


class Source(StrEnum):
    """Where an address came from: the page on which people subscribe, or a file that somebody imported."""

    PAGE = "page"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a subscriber wants: a language (ISO 639-1), and names of components; without any, all of them."""

    language: str
    components: tuple[str, ...] = ()


def link_nonce(secret: str, serial: str, choice: Choice) -> str:
    """Return the nonce of a link that confirms this choice.

    Links that were asked for while an earlier one is valid have its secret: whoever enters a stranger's
    address must not make the link useless that this person has, nor decide what it confirms. `serial` tells
    the links of one secret apart.
    """
    return f"{secret}.{serial}.{choice.language}.{''.join(map(_digest, choice.components))}"


def secret_of(nonce: str) -> str:
    """Return what all links have in common that are valid together."""
    return nonce.partition(".")[0]


def mail_id_of(nonce: str) -> str:
    """Return what tells the mail with this nonce from others, without its choice."""
    return ".".join(nonce.split(".")[:2])


def choice_in(nonce: str, components: Collection[str]) -> Choice | None:
    """Return what the link with this nonce confirms; `None` where it does not say.

    Those of `components` that it does not name are left out, as are names that are not among them.
    """
    _, _, choice = nonce.partition(".")
    if not choice:
        return None
    _, language, digests = choice.split(".", 2)
    chosen = {digests[at : at + _DIGEST_LENGTH] for at in range(0, len(digests), _DIGEST_LENGTH)}
    return Choice(language=language, components=tuple(name for name in components if _digest(name) in chosen))


def _digest(component: str) -> str:
    """Return a name in four characters: a link with many names would be too long for mail programs."""
    digest = hashlib.sha256(component.encode(errors="surrogatepass")).digest()
    return urlsafe_b64encode(digest[:3]).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """An address on the list.

    `asked` is what was chosen on the page last and is not confirmed yet; `nonce` (see `link_nonce`) is in the
    link that confirms it, which was asked for at `asked_at`. `added_by` names who imported the address.
    `soft_bounces` counts temporary bounces since it was confirmed.
    """

    id: int
    address: str
    choice: Choice
    state: SubscriberState
    source: Source
    created_at: datetime
    added_by: str | None = None
    asked: Choice | None = None
    asked_at: datetime | None = None
    nonce: str = ""
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    soft_bounces: int = 0

    def may_confirm(self, nonce: str, now: datetime) -> bool:
        """Return whether the link with this nonce confirms what was asked."""
        secret = secret_of(self.nonce)
        is_valid = self.asked is not None and secret_of(nonce) == secret != ""
        return is_valid and self.asked_at is not None and now - self.asked_at <= CONFIRMABLE_FOR


class MailState(StrEnum):
    """What became of the mail to one subscriber.

    `SENDING`: its content is being sent, or was when the bot died. `UNSURE`: whether the mail server took it
    is not known and cannot be found out; it is never sent again. `REFUSED`: the mail server did not take it.
    `BOUNCED`: it came back. `DROPPED`: before it was sent the subscription ended, or a person took back the
    rest of the mailing.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    REFUSED = "refused"
    BOUNCED = "bounced"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMail:
    """The mail with a notice to one subscriber. `thread` is the Message-ID of their first mail of the outage.

    Message-IDs are without angle brackets.
    """

    id: int
    subscriber_id: int
    address: str
    language: str
    message_id: str
    attempts: int = 0
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResult:
    """What became of an attempt at a mail. `due_at` is when a `QUEUED` one is tried again."""

    mail_id: int
    state: MailState
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """The mailing of one publication to the subscribers whose id is at most `last_id`.

    Those up to `position` have a mail by now. `total` is how many there were at its start. `heard_only`: it
    goes to those alone to whom an earlier notice of the outage was mailed.
    """

    publication_id: int
    outage_id: int
    components: tuple[str, ...]
    total: int
    position: int
    last_id: int
    started_at: datetime
    finished_at: datetime | None = None
    heard_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a mailing is. `waiting` is why it does not go on now; `taken_back_by` is who ended it."""

    mailed: int
    total: int
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: str | None = None
    taken_back_by: str | None = None

    @classmethod
    def of(
        cls,
        states: Mapping[MailState, int],
        total: int,
        waiting: str | None = None,
        taken_back_by: str | None = None,
    ) -> "Progress":
        """Compute it from the number of mails in each state."""
        outcomes = {
            "bounced": states.get(MailState.BOUNCED, 0),
            "refused": states.get(MailState.REFUSED, 0),
            "unsure": states.get(MailState.UNSURE, 0),
        }
        mailed = states.get(MailState.SENT, 0) + states.get(MailState.SENDING, 0) + sum(outcomes.values())
        counts = {name: count for name, count in outcomes.items() if count}
        return cls(
            mailed=mailed,
            total=max(total, mailed),
            counts=counts,
            waiting=None if taken_back_by else waiting,
            taken_back_by=taken_back_by,
        )

    def payload(self) -> dict[str, Any]:
        """Return it as the publication's data holds it."""
        ended = {"taken_back_by": self.taken_back_by} if self.taken_back_by else {}
        return {
            "mailed": self.mailed,
            "total": self.total,
            "counts": dict(self.counts),
            "waiting": self.waiting,
            **ended,
        }
