"""Reserve a loopback port for another process."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.app import HOST


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yield a loopback port that another process may listen on and that the system assigns to nobody else.

    A bound socket that never listens reserves it while the block runs. With `SO_REUSEADDR` on both sockets,
    another one may bind and listen beside it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((HOST, 0))
        yield holder.getsockname()[1]
