"""Store the desk's saved replies: each change is a version of its own.

Nothing is overwritten, but for the words of customers who deleted their post.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from domain.knowledge.saved_replies import ReplyChange, ReplyContent, ReplyVersion, Wording
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Situation
from storage.dialects import is_sqlite, upserts
from storage.knowledge_tables import saved_replies
from storage.types import AnyRow

_r = saved_replies.c
_ADD = {
    name: insert.on_conflict_do_nothing().returning(_r.id) for name, insert in upserts(saved_replies).items()
}
#: Serialises who saves a reply and who deletes a customer's words from all versions: else a version that is
#: being saved would keep them. ("outc" in ASCII.)
_LOCK = text("SELECT pg_advisory_xact_lock(1869968483)")
#: A number that grows with every change: rows are added, and redacted.
REVISION = select(func.count() + func.coalesce(func.sum(_r.redactions), 0)).select_from(saved_replies)
_ALL = select(_r.id, _r.content)
_REDACT = (
    update(saved_replies)
    .where(_r.id == bindparam("its_id"))
    .values(content=bindparam("its_content"), redactions=_r.redactions + 1)
)
_newest = select(_r.name, func.max(_r.version).label("version")).group_by(_r.name).subquery()
_LATEST = (
    select(saved_replies)
    .join(_newest, (_r.name == _newest.c.name) & (_r.version == _newest.c.version))
    .order_by(_r.name)
)
_OF_NAME = (
    select(saved_replies)
    .where(_r.name == bindparam("its_name"))
    .order_by(_r.version.desc())
    .limit(bindparam("most"))
)


class SavedReplies:
    """The versions of the desk's saved replies."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> int:
        """Return a number that grows with every change: rows are added, and redacted."""
        return self._connection.scalar(REVISION) or 0

    def latest(self) -> list[ReplyVersion]:
        """Return the newest version of each reply, by name."""
        return [_version_from(row) for row in self._connection.execute(_LATEST)]

    def versions(self, name: str, *, limit: int) -> list[ReplyVersion]:
        """Return the reply's newest versions, the newest first."""
        rows = self._connection.execute(_OF_NAME, {"its_name": name, "most": limit})
        return [_version_from(row) for row in rows]

    def is_withdrawn(self, name: str, today: date) -> bool:
        """Return whether the desk has retired the reply, or let it expire."""
        newest = next(iter(self.versions(name, limit=1)), None)
        return newest is not None and (newest.is_retired or newest.is_expired(today))

    def lock(self) -> None:
        """Let nobody else save a reply, or delete examples, until this transaction ends. After cases."""
        if not is_sqlite(self._connection):
            self._connection.execute(_LOCK)

    def delete_examples(self, is_quote: Callable[[str], bool]) -> None:
        """Delete the examples that quote a text, from all versions."""
        self.lock()
        for row in self._connection.execute(_ALL).all():
            examples = row.content["examples"]
            kept = [example for example in examples if not is_quote(example)]
            if len(kept) < len(examples):
                values = {"its_id": row.id, "its_content": {**row.content, "examples": kept}}
                self._connection.execute(_REDACT, values)

    def add(self, version: ReplyVersion) -> bool:
        """Insert a version; return whether its number was free: if not, somebody else was first."""
        row = {
            "name": version.name,
            "version": version.version,
            "change": version.change.value,
            "by": version.by,
            "at": version.at,
            "content": _json_of(version.content),
        }
        return self._connection.scalar(_ADD[self._connection.dialect.name], row) is not None


def _json_of(content: ReplyContent) -> dict[str, Any]:
    return {
        "title": content.title,
        "situations": sorted(content.situations),
        "reasons": sorted(content.reasons),
        "usual": content.usual,
        "public_only": content.public_only,
        "owner": content.owner,
        "expires_on": content.expires_on.isoformat() if content.expires_on is not None else None,
        "examples": list(content.examples),
        "wordings": [
            {"language": wording.language, "text": wording.text, "form": wording.form}
            for wording in content.wordings
        ],
    }


def _version_from(row: AnyRow) -> ReplyVersion:
    content = row.content
    expires_on = content["expires_on"]
    return ReplyVersion(
        name=row.name,
        version=row.version,
        change=ReplyChange(row.change),
        by=row.by,
        at=row.at,
        content=ReplyContent(
            title=content["title"],
            situations=frozenset(map(Situation, content["situations"])),
            reasons=frozenset(content["reasons"]),
            usual=content["usual"],
            public_only=content["public_only"],
            owner=content["owner"],
            expires_on=date.fromisoformat(expires_on) if expires_on is not None else None,
            examples=tuple(content["examples"]),
            wordings=tuple(
                Wording(
                    language=wording["language"],
                    text=wording["text"],
                    form=FormOfAddress(wording["form"]) if wording["form"] is not None else None,
                )
                for wording in content["wordings"]
            ),
        ),
    )
