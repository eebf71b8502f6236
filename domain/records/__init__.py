"""Define the rules of records: the audit trail."""
