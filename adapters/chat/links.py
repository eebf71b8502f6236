"""Sign links to a live chat. The token is in the URL's fragment, which no server, log or preview sees."""

import base64
import hmac

from itsdangerous import BadSignature, URLSafeSerializer

from domain.chat.session import LinkFault, LinkRefused

#: The page's path under PUBLIC_URL.
CHAT_PATH = "/chat"
MAX_TOKEN_LENGTH = 512
_SALT = "switchboard.chat.link"  # so that nothing else that SECRET_KEY signs is accepted as a link


class ChatLinks:
    """Makes and verifies links of the form `PUBLIC_URL/chat#<token>`. They expire with their hand-off."""

    def __init__(self, *, public_url: str, secret_key: str) -> None:
        self._page = public_url.rstrip("/") + CHAT_PATH
        self._serializer = URLSafeSerializer(secret_key, salt=_SALT)
        self._key = secret_key.encode()

    @property
    def page(self) -> str:
        """The page's URL."""
        return self._page

    def link(self, nonce: str) -> str:
        """Return the link that opens the chat of the hand-off with this nonce."""
        return f"{self._page}#{self._serializer.dumps(nonce)}"

    def nonce_in(self, token: str) -> str:
        """Return the nonce in a token; raises `LinkRefused` where the signature is not ours."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise LinkRefused(LinkFault.FORGED)
        try:
            nonce = self._serializer.loads(token)
        except BadSignature:
            raise LinkRefused(LinkFault.FORGED) from None
        return str(nonce)

    def cookie_for(self, nonce: str, browser_key: str) -> str:
        """Return the session cookie for this nonce and the browser's key: a 256-bit HMAC.

        Deterministic: where our response was lost, the browser asks again with the same key and gets the same
        cookie.
        """
        digest = hmac.digest(self._key, f"{_SALT}.cookie\0{nonce}\0{browser_key}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
