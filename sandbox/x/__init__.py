"""A stand-in for X: the API v2 that the bot calls, and the page where customers post."""

from sandbox.x.network import XNetwork
from sandbox.x.posts import Account, Post
from sandbox.x.routes import add_routes

__all__ = ["Account", "Post", "XNetwork", "add_routes"]
