"""Store which channels the names in the settings mean."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from domain.cases.named_channels import NamedChannel
from storage.dialects import upserts
from storage.slack_tables import named_channels

_n = named_channels.c
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(named_channels).items()}
_ALL = select(_n.name, _n.channel_id, _n.told)
_SAVE_ALERTED = (
    update(named_channels).where(_n.name == bindparam("its_name")).values(told=bindparam("now_alerted"))
)
_FORGET = delete(named_channels).where(_n.name.not_in(bindparam("names", expanding=True)))


class NamedChannels:
    """The channel of each name, as it was found first."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, NamedChannel]:
        """Return them by name."""
        return {
            row.name: NamedChannel(name=row.name, channel_id=row.channel_id, alerted=row.told)
            for row in self._connection.execute(_ALL)
        }

    def add(self, channel: NamedChannel, *, at: datetime) -> None:
        """Store what a name means, unless that is stored already."""
        row = {
            "name": channel.name,
            "channel_id": channel.channel_id,
            "found_at": at,
            "told": channel.alerted,
        }
        self._connection.execute(_ADD[self._connection.dialect.name], row)

    def save_alerted(self, name: str, alerted: str) -> None:
        """Store the last alert of a channel."""
        self._connection.execute(_SAVE_ALERTED, {"its_name": name, "now_alerted": alerted})

    def forget_others(self, names: Collection[str]) -> None:
        """Delete the names that the settings no longer have."""
        self._connection.execute(_FORGET, {"names": sorted(names)})
