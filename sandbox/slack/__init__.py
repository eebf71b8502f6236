"""Simulate Slack: Web API, Socket Mode, interactions and the demo page's API, as strict as the real one."""

from sandbox.slack.delivery import Ack
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import Limits
from sandbox.slack.routes import add_routes
from sandbox.slack.workspace import Workspace

__all__ = ["Ack", "Channel", "Limits", "SlackError", "Workspace", "add_routes"]
