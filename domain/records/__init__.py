"""Rules of records: the audit trail."""
