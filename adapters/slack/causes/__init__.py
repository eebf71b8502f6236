"""Render topics and causes."""
