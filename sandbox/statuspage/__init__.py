"""A stand-in for Atlassian Statuspage: one page, its components, incidents and subscribers."""

from sandbox.statuspage.page import API_KEY, PAGE_ID, StatusPage
from sandbox.statuspage.routes import add_routes

__all__ = ["API_KEY", "PAGE_ID", "StatusPage", "add_routes"]
