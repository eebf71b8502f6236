"""Where the mail servers are, as their settings say."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and our login there. `is_tls` is true where the connection begins with TLS, `is_here` where it does not leave the machine."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)

    @property
    def is_tls(self) -> bool:
        """Whether TLS comes before the first word."""
        return self.scheme.endswith("s")

    @property
    def is_here(self) -> bool:
        """Whether it is this very machine, where nobody listens in."""
        return is_loopback(self.host)


def server_at(url: str) -> Server:
    """The server of a URL that the settings have checked."""
    parts = urlsplit(url)
    return Server(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
