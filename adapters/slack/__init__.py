"""Slack client, and renderers of messages, modals and App Home."""
