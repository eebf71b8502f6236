"""Render reports: summaries, their table, definitions, and what was refused."""
