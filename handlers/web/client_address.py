"""Derive the key under which a client's requests are rate limited."""

from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

_IPV6_PREFIX = 64  # bits of an IPv6 address; the customer's device chooses the rest freely


def rate_limit_key(request: Request) -> str:
    """Return the client's address group; empty if its address is unknown."""
    return address_group(request.client.host) if request.client is not None else ""


def address_group(host: str) -> str:
    """Return an IPv6 address's /64 network, any other host unchanged.

    A /64 is the smallest block that anybody is assigned.
    An IPv4-mapped IPv6 address becomes its IPv4 address.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    host_bits = 128 - _IPV6_PREFIX
    return f"{IPv6Address(int(address) >> host_bits << host_bits)}/{_IPV6_PREFIX}"
