"""Simulate X: the API v2 that the bot calls, and the demo page's API for customers."""

from sandbox.x.network import XNetwork
from sandbox.x.posts import Account, Post
from sandbox.x.routes import add_routes

__all__ = ["Account", "Post", "XNetwork", "add_routes"]
