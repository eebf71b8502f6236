"""Sign the links to the page on which a customer leaves an e-mail address, so that they cannot be guessed."""

from itsdangerous import BadSignature, Signer

ADDRESS_PATH = "/address"


class AddressLinks:
    """Makes and verifies the links. `public_url` has no slash at its end."""

    def __init__(self, public_url: str, secret_key: str) -> None:
        self._public_url = public_url
        self._signer = Signer(secret_key, salt="switchboard.address", key_derivation="hmac")

    def link(self, nonce: str) -> str:
        """Return the link for a hand-off's nonce."""
        return f"{self._public_url}{ADDRESS_PATH}/{self._signer.sign(nonce).decode()}"

    def nonce_of(self, token: str) -> str | None:
        """Return the nonce in a link's last path segment; `None` where the signature is not ours."""
        try:
            return self._signer.unsign(token).decode()
        except (BadSignature, UnicodeError):
            return None
