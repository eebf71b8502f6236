"""Serve the live chat: its page, static files and requests."""
