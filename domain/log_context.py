"""Know which case and which user a piece of work is about, for the lines that it logs.

A scope belongs to one asyncio task and the calls within it: a person's act, or the delivery of one effect.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_scope: ContextVar[dict[str, int | str] | None] = ContextVar("log_scope", default=None)


@contextmanager
def log_scope(*, case_id: int | None = None, user_id: str | None = None) -> Generator[None]:
    """Open a scope; what is logged within it is about this case and this user, where they are known."""
    token = _scope.set({})
    note_subject(case_id=case_id, user_id=user_id)
    try:
        yield
    finally:
        _scope.reset(token)


def note_subject(*, case_id: object, user_id: object) -> None:
    """Note in the current scope what it turned out to be about; does nothing outside a scope."""
    scope = _scope.get()
    if scope is None:
        return
    if isinstance(case_id, int):
        scope["case"] = case_id
    if isinstance(user_id, str):
        scope["user"] = user_id


def log_subject() -> Mapping[str, int | str]:
    """Return the current "case" and "user", those that are known."""
    return dict(_scope.get() or {})
