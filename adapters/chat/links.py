"""Links into a live chat: signed, short-lived, and in the URL's fragment, which no server, log or preview ever sees."""

import base64
import hmac

from itsdangerous import BadSignature, URLSafeSerializer

from domain.chat.session import LinkFault, LinkRefused

#: The page's path under PUBLIC_URL.
CHAT_PATH = "/chat"
LONGEST_TOKEN = 512
_SALT = "switchboard.chat.link"  # nothing else that SECRET_KEY signs can be used as such a link


class ChatLinks:
    """Makes and reads links of the form `PUBLIC_URL/chat#<token>`."""

    def __init__(self, *, public_url: str, secret_key: str) -> None:
        self._page = public_url.rstrip("/") + CHAT_PATH
        self._serializer = URLSafeSerializer(secret_key, salt=_SALT)
        self._key = secret_key.encode()

    @property
    def page(self) -> str:
        """The page itself."""
        return self._page

    def link(self, nonce: str) -> str:
        """The link that opens the chat of the hand-off with this nonce; how long it does is the hand-off's affair."""
        return f"{self._page}#{self._serializer.dumps(nonce)}"

    def nonce_in(self, token: str) -> str:
        """The nonce that a token names; raises `LinkRefused` where we did not sign it."""
        if len(token) > LONGEST_TOKEN:
            raise LinkRefused(LinkFault.FORGED)
        try:
            nonce = self._serializer.loads(token)
        except BadSignature:
            raise LinkRefused(LinkFault.FORGED) from None
        return str(nonce)

    def cookie_for(self, nonce: str, browser_key: str) -> str:
        """The cookie of the browser that came by this nonce with a key of its own: 256 bits that only we and it can have.

        Where our answer was lost on the way, the browser asks again with the same key and is given the same cookie.
        """
        made = hmac.digest(self._key, f"{_SALT}.cookie\0{nonce}\0{browser_key}".encode(), "sha256")
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
