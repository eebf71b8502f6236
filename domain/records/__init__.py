"""Rules of record keeping: the audit trail."""
