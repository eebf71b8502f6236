"""A receiver of the bot's webhook, which checks each signature and leaves out what it has already."""

from sandbox.webhook.receiver import CALL, PATH, SECRET, Receiver, add_routes

__all__ = ["CALL", "PATH", "SECRET", "Receiver", "add_routes"]
