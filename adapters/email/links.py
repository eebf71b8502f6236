"""Links to the page on which a customer leaves an e-mail address: signed, so that nobody can try for one."""

from itsdangerous import BadSignature, Signer

ADDRESS_PATH = "/address"


class AddressLinks:
    """Makes and reads them. `public_url` has no slash at its end."""

    def __init__(self, public_url: str, secret_key: str) -> None:
        self._public_url = public_url
        self._signer = Signer(secret_key, salt="switchboard.address", key_derivation="hmac")

    def link(self, nonce: str) -> str:
        """The link for a hand-off's nonce."""
        return f"{self._public_url}{ADDRESS_PATH}/{self._signer.sign(nonce).decode()}"

    def nonce_of(self, token: str) -> str | None:
        """The nonce in a link's last part; `None` where we did not make it."""
        try:
            return self._signer.unsign(token).decode()
        except (BadSignature, UnicodeError):
            return None
