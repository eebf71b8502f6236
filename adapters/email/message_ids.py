"""Sign and recognise our Message-IDs, and the reply addresses that carry a hand-off's id."""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import Signer
from itsdangerous.signer import SigningAlgorithm

from domain.handoffs.email_addresses import ascii_domain

_SIGNED_BYTES = 10  # 80 bits, 16 letters: a local part holds 64 characters in all
_TOKEN = re.compile(r"(\d{1,18})-([a-z2-7]{16})")
_UNSUBSCRIBE_TOKEN = re.compile(r"u(\d{1,18})-([a-z2-7]{16})")
#: A token or the signed part of a Message-ID in a text, folded, quoted or encoded as programs do.
_IN_TEXT = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=[%=]2B))([ub]?[mnt]?)(\d{1,18}(?:-\d{1,18})?)(?:[-.]|%2[DE]|=2[DE])"
    r"((?:[a-z2-7](?:[\s>\u00ad\u200b-\u200d\u2060\ufeff]|=\r?\n){0,4}){16})(?![a-z2-7])",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[^A-Za-z2-7]")
_BOUNCE_TOKEN = re.compile(r"b([mnt]\d{1,18}(?:-\d{1,18})?)-([a-z2-7]{16})")
_MAX_LOCAL_LENGTH = 64  # RFC 5321
_SIGNED_ID = re.compile(r"([mnt])(\d{1,18}(?:-\d{1,18})?)\.([a-z2-7]{16})@[\w.-]{1,200}", re.ASCII)
_KINDS = {"m": "message", "n": "notice", "t": "transcript"}


@dataclass(frozen=True, slots=True)
class EmailIdentity:
    """Our address and name, and the secret that signs Message-IDs and reply addresses.

    Tokens are lower-case letters and digits: mail servers may change the case of an address. `authserv_id`
    is the name by which our receiving server signs what it found out about a sender (RFC 8601). `bounces` is
    the address that reports about our mails come to, where mails may be sent from it with a tag (VERP).
    `reporters` are further addresses and domains whose reports count where our server confirms the sender.
    """

    address: str
    name: str
    key: str
    authserv_id: str = ""
    bounces: str = ""
    reporters: frozenset[str] = frozenset()

    @property
    def domain(self) -> str:
        """The part of our address after the @."""
        return self.address.rpartition("@")[2]

    def reply_address(self, handoff_id: int) -> str:
        """Return our address with the hand-off's token, for `Reply-To` (subaddressing, RFC 5233)."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{handoff_id}-{self._sign('reply', str(handoff_id))}@{domain}"

    def handoff_of(self, address: str) -> int | None:
        """Return the id of the hand-off whose token the address carries; `None` without a valid token."""
        found = self._token(address, _TOKEN)
        if found is None or not hmac.compare_digest(found[2], self._sign("reply", found[1])):
            return None
        return int(found[1])

    def unsubscribe_address(self, subscriber_id: int) -> str:
        """Return our address with the token that ends a subscription, for `List-Unsubscribe`."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}+u{subscriber_id}-{self._sign('unsubscribe', str(subscriber_id))}@{domain}"

    def subscriber_of(self, address: str) -> int | None:
        """Return the id of the subscriber whose subscription a mail to this address ends."""
        found = self._token(address, _UNSUBSCRIBE_TOKEN)
        if found is None or not hmac.compare_digest(found[2], self._sign("unsubscribe", found[1])):
            return None
        return int(found[1])

    def envelope_sender(self, message_id: str) -> str:
        """Return the address that reports about the mail with this Message-ID of ours come back to.

        Its token is signed: a report that comes to it was made by somebody who had the mail.
        """
        found = _SIGNED_ID.fullmatch(message_id)
        if not self.bounces or found is None:
            return self.bounces or self.address
        value = f"{found[1]}{found[2]}"
        local, _, domain = self.bounces.rpartition("@")
        tagged = f"{local}+b{value}-{self._sign('bounce', value)}"
        return f"{tagged if len(tagged) <= _MAX_LOCAL_LENGTH else local}@{domain}"

    def reported_id(self, address: str) -> str | None:
        """Return the Message-ID of the mail that a report to this address is about.

        `None` without a valid token.
        """
        found = self._token(address, _BOUNCE_TOKEN, self.bounces) if self.bounces else None
        if found is None or not hmac.compare_digest(found[2], self._sign("bounce", found[1])):
            return None
        return self._signed_id(found[1][0], found[1][1:])

    def message_id(self, message_id: int) -> str:
        """Return the Message-ID of a stored message, without angle brackets. Deterministic."""
        return self._signed_id("m", message_id)

    def transcript_message_id(self, transcript_id: int) -> str:
        """Return the Message-ID of a chat's transcript, without angle brackets. Deterministic."""
        return self._signed_id("t", transcript_id)

    def notice_message_id(self, publication_id: int, subscriber_id: int) -> str:
        """Return the Message-ID of a notice to one subscriber, without angle brackets. Deterministic."""
        return self._signed_id("n", f"{publication_id}-{subscriber_id}")

    def is_own_id(self, message_id: str) -> bool:
        """Return whether we signed this Message-ID."""
        found = _SIGNED_ID.fullmatch(message_id)
        return found is not None and hmac.compare_digest(found[3], self._sign(_KINDS[found[1]], found[2]))

    def own_ids_in(self, text: str) -> list[str]:
        """Find our Message-IDs in a text."""
        found = dict.fromkeys(match[0] for match in _SIGNED_ID.finditer(text))
        return [message_id for message_id in found if self.is_own_id(message_id)]

    def without_tokens(self, text: str) -> str:
        """Leave out what we signed, wherever it stands: who holds a token may write to the case."""
        return _IN_TEXT.sub(lambda found: "…" if self._is_signed(*found.groups()) else found[0], text)

    def _is_signed(self, kind: str, value: str, written: str) -> bool:
        kind, signature = kind.lower(), _NO_LETTER.sub("", written).lower()
        signed = {"": ("reply", value), "u": ("unsubscribe", value)}
        signed |= {f"b{one}": ("bounce", f"{one}{value}") for one in _KINDS}
        signed |= {one: (purpose, value) for one, purpose in _KINDS.items()}
        return kind in signed and hmac.compare_digest(signature, self._sign(*signed[kind]))

    def _token(self, address: str, token: re.Pattern[str], ours: str = "") -> re.Match[str] | None:
        """Return the token of this form in our address, or in another one of `ours`."""
        local, _, domain = address.casefold().rpartition("@")
        own, _, own_domain = (ours or self.address).casefold().rpartition("@")
        plain, plus, found = local.rpartition("+")
        is_ours = plain == own and ascii_domain(domain) == ascii_domain(own_domain)
        return token.fullmatch(found) if plus and is_ours else None

    def _signed_id(self, kind: str, value: int | str) -> str:
        return f"{kind}{value}.{self._sign(_KINDS[kind], str(value))}@{self.domain}"

    def _sign(self, purpose: str, value: str) -> str:
        algorithm, derived = _algorithm_and_key(self.key, purpose)
        digest = algorithm.get_signature(derived, value.encode())
        return b32encode(digest[:_SIGNED_BYTES]).decode().lower()


@lru_cache(16)
def _algorithm_and_key(key: str, purpose: str) -> tuple[SigningAlgorithm, bytes]:
    """Derive a purpose's key once: it takes longer than a signature."""
    signer = Signer(
        key, salt=f"switchboard.mail.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
    )
    return signer.algorithm, signer.derive_key()
