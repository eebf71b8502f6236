"""Render hand-offs: the names of venues, audit lines."""
