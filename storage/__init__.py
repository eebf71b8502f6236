"""Memory: tables, the unit of work, the outbox, migrations."""
