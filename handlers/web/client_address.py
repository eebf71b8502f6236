"""Where a request comes from, as far as limits go."""

from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

_NETWORK = 64  # bits of an IPv6 address: the rest of them is whatever the customer's device likes


def source_of(request: Request) -> str:
    """The address whose requests are counted together: an IPv6 address by its /64, which is the least that anybody is given; empty where it is not known."""
    return source(request.client.host) if request.client is not None else ""


def source(host: str) -> str:
    """What is counted of an address; the host itself where it is none."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    free = 128 - _NETWORK
    return f"{IPv6Address(int(address) >> free << free)}/{_NETWORK}"
