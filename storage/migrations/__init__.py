"""Migrate the schema."""
