"""A stand-in for Cachet, version 3: its components, incidents and schedules."""

from sandbox.cachet.page import API_KEY, CachetPage
from sandbox.cachet.routes import add_routes

__all__ = ["API_KEY", "CachetPage", "add_routes"]
