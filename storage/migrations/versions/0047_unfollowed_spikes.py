"""Store which spikes nobody followed to their end, as they were dismissed while they went on.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_spikes = sa.table(
    "spikes",
    sa.column("state", sa.Text),
    sa.column("ended_at", sa.Text),
    sa.column("dismissed_at", sa.Text),
    sa.column("is_unfollowed", sa.Boolean),
)
_c = _spikes.c
_is_over = _c.state == "ended"


def upgrade() -> None:
    op.add_column(
        "spikes", sa.Column("is_unfollowed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Who dismissed one that went on ended it at that moment; one that was taken back too late kept it.
    was_open = sa.or_(_c.ended_at == _c.dismissed_at, sa.and_(_is_over, _c.dismissed_at.is_not(None)))
    op.execute(_spikes.update().where(was_open).values(is_unfollowed=sa.true()))
    op.execute(_spikes.update().where(_is_over).values(dismissed_at=sa.null()))


def downgrade() -> None:
    unfollowed = sa.and_(_is_over, _c.is_unfollowed)
    op.execute(_spikes.update().where(unfollowed).values(dismissed_at=_c.ended_at))
    op.drop_column("spikes", "is_unfollowed")
