"""Sign the links in mails and invitations, so that they cannot be guessed."""

from itsdangerous import BadSignature, Signer

from domain.outages.subscribers import CONFIRM_PATH, UNSUBSCRIBE_PATH

ADDRESS_PATH = "/address"


class SignedLinks:
    """Makes and verifies links whose last path segment holds a value. `public_url` has no slash at its end.

    `purpose` keeps a link's signature from being valid under another path.
    """

    def __init__(self, public_url: str, secret_key: str, *, path: str, purpose: str) -> None:
        self._prefix = f"{public_url}{path}/"
        self._signer = Signer(secret_key, salt=f"switchboard.{purpose}", key_derivation="hmac")

    def link(self, value: str) -> str:
        """Return the link that holds the value."""
        return f"{self._prefix}{self._signer.sign(value).decode()}"

    def value_of(self, token: str) -> str | None:
        """Return the value in a link's last path segment; `None` where the signature is not ours."""
        try:
            return self._signer.unsign(token).decode()
        except (BadSignature, UnicodeError):
            return None


class AddressLinks(SignedLinks):
    """The links to the page on which a customer leaves an e-mail address; each holds a hand-off's nonce."""

    def __init__(self, public_url: str, secret_key: str) -> None:
        super().__init__(public_url, secret_key, path=ADDRESS_PATH, purpose="address")
        self._left = Signer(secret_key, salt="switchboard.address-left", key_derivation="hmac")

    def receipt(self, nonce: str) -> str:
        """Return what the browser that left an address is given, so that it may see it again."""
        return self._left.get_signature(nonce).decode()

    def is_receipt(self, nonce: str, shown: str) -> bool:
        """Return whether this is the receipt of the link with this nonce."""
        return shown.isascii() and self._left.verify_signature(nonce, shown)


class SubscriberLinks:
    """The links in mails to the subscribers of the e-mail list."""

    def __init__(self, public_url: str, secret_key: str) -> None:
        self._confirm = SignedLinks(public_url, secret_key, path=CONFIRM_PATH, purpose="confirm")
        self._unsubscribe = SignedLinks(public_url, secret_key, path=UNSUBSCRIBE_PATH, purpose="unsubscribe")

    def confirm(self, subscriber_id: int, nonce: str) -> str:
        """Return the link that confirms a subscription."""
        return self._confirm.link(f"{subscriber_id}-{nonce}")

    def unsubscribe(self, subscriber_id: int) -> str:
        """Return the link that ends a subscription."""
        return self._unsubscribe.link(str(subscriber_id))

    def confirmed_by(self, token: str) -> tuple[int, str] | None:
        """Return the subscriber's id and the nonce in a link that confirms; `None` where it is not ours."""
        value = self._confirm.value_of(token)
        if value is None:
            return None
        subscriber_id, _, nonce = value.partition("-")
        return int(subscriber_id), nonce

    def unsubscribed_by(self, token: str) -> int | None:
        """Return the subscriber's id in a link that ends a subscription; `None` where it is not ours."""
        value = self._unsubscribe.value_of(token)
        return int(value) if value is not None else None
