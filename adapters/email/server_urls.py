"""Parse the URLs of the mail servers."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and our login there."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)

    @property
    def is_tls(self) -> bool:
        """Whether the connection begins with TLS (smtps, imaps)."""
        return self.scheme.endswith("s")

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine, where TLS is not required."""
        return is_loopback(self.host)


def parse_server_url(url: str) -> Server:
    """Parse a URL that the settings have validated; the port defaults to that of its scheme."""
    parts = urlsplit(url)
    return Server(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
