"""Slack: the client, and every message, view and home that we draw there."""
