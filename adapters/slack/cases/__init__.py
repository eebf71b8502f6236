"""Render lists and words of cases: tags, promises, deadlines, routes."""
