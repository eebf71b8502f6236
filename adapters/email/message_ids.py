"""Sign and recognise our Message-IDs, and the reply addresses that carry a hand-off's id."""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass

from itsdangerous import Signer

_SIGNED_BYTES = 10  # 80 bits, 16 letters: a local part holds 64 characters in all
_TOKEN = re.compile(r"(\d{1,18})-([a-z2-7]{16})")
_SIGNED_ID = re.compile(r"([mt])(\d{1,18})\.([a-z2-7]{16})@[\w.-]{1,200}", re.ASCII)
_KINDS = {"m": "message", "t": "transcript"}


@dataclass(frozen=True, slots=True)
class EmailIdentity:
    """Our address and name, and the secret that signs Message-IDs and reply addresses.

    Tokens are lower-case letters and digits: mail servers may change the case of an address.
    """

    address: str
    name: str
    key: str

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
        local, _, domain = address.casefold().rpartition("@")
        own, _, own_domain = self.address.casefold().rpartition("@")
        plain, plus, token = local.rpartition("+")
        found = _TOKEN.fullmatch(token)
        if not plus or plain != own or domain != own_domain or found is None:
            return None
        return int(found[1]) if hmac.compare_digest(found[2], self._sign("reply", found[1])) else None

    def message_id(self, message_id: int) -> str:
        """Return the Message-ID of a stored message, without angle brackets. Deterministic."""
        return self._signed_id("m", message_id)

    def transcript_message_id(self, transcript_id: int) -> str:
        """Return the Message-ID of a chat's transcript, without angle brackets. Deterministic."""
        return self._signed_id("t", transcript_id)

    def is_own_id(self, message_id: str) -> bool:
        """Return whether we signed this Message-ID."""
        found = _SIGNED_ID.fullmatch(message_id)
        return found is not None and hmac.compare_digest(found[3], self._sign(_KINDS[found[1]], found[2]))

    def own_ids_in(self, text: str) -> list[str]:
        """Find our Message-IDs in a text."""
        found = dict.fromkeys(match[0] for match in _SIGNED_ID.finditer(text))
        return [message_id for message_id in found if self.is_own_id(message_id)]

    def _signed_id(self, kind: str, number: int) -> str:
        return f"{kind}{number}.{self._sign(_KINDS[kind], str(number))}@{self.domain}"

    def _sign(self, purpose: str, value: str) -> str:
        signer = Signer(
            self.key,
            salt=f"switchboard.mail.{purpose}",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
        digest = signer.algorithm.get_signature(signer.derive_key(), value.encode())
        return b32encode(digest[:_SIGNED_BYTES]).decode().lower()
