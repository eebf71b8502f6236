"""Render the audit trail, and mask contact data."""
