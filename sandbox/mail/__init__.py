"""The pretend world's mail: a server that takes and delivers it, mailboxes for everybody, and the page's side of them."""

from sandbox.mail.post_office import PASSWORD, PostOffice
from sandbox.mail.serving import open_for_business
from sandbox.mail.ui import add_routes

__all__ = ["PASSWORD", "PostOffice", "add_routes", "open_for_business"]
