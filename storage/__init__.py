"""Store everything: tables, repositories, the unit of work, the outbox, migrations."""
