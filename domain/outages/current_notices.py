"""Find what an outage's notices say now: each by its newest correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.outages.notices import Notice, NoticeKind, NoticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentNotice:
    """A notice that was released, and `newest`: its newest correction, or itself."""

    notice: Notice
    newest: Notice

    @property
    def is_corrected(self) -> bool:
        """Whether a correction took its place."""
        return self.newest.id != self.notice.id


def current_notices(notices: Sequence[Notice]) -> tuple[CurrentNotice, ...]:
    """Return the released notices, the newest first; `notices` is oldest first.

    A correction counts as what it corrects, however much later it came.
    """
    by_id = {one.id: one for one in notices}
    found: dict[int, CurrentNotice] = {}
    for notice in notices:
        if notice.state is not NoticeState.APPROVED:
            continue
        root = by_id.get(corrected_root(notice, by_id), notice)
        found[root.id] = CurrentNotice(notice=root, newest=notice)
    return tuple(found[number] for number in sorted(found, reverse=True))


def newest_notice(notices: Sequence[Notice]) -> Notice | None:
    """Return what the newest notice says now; `None` before any was released."""
    return next((one.newest for one in current_notices(notices)), None)


def is_outdated(correction: Notice, notices: Sequence[Notice]) -> bool:
    """Return whether a newer notice was released than what is corrected; `notices` is oldest first."""
    [newest, *_] = current_notices(notices)
    return corrected_root(correction, {one.id: one for one in notices}) != newest.notice.id


def corrected_root(notice: Notice, notices: Mapping[int, Notice]) -> int:
    """Return the id of what a correction corrects, over other corrections; that of any other notice."""
    return (corrected_chain(notice, notices) or [notice.id])[-1]


def corrected_chain(notice: Notice, notices: Mapping[int, Notice]) -> list[int]:
    """Return the ids of what a correction corrects, the newest first: other corrections, then the notice."""
    chain: list[int] = []
    current: Notice | None = notice
    while current is not None and current.kind is NoticeKind.CORRECTION and current.corrects is not None:
        chain.append(current.corrects)
        current = notices.get(current.corrects)
    return chain
