"""A port that is kept free for somebody else."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.app import HOST


@contextmanager
def kept_port() -> Iterator[int]:
    """A loopback port that another process may listen on while the block runs, and that nobody is given by chance meanwhile.

    A socket is bound to it that never listens: with `SO_REUSEADDR` on both, the one that listens is let in beside it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((HOST, 0))
        yield holder.getsockname()[1]
