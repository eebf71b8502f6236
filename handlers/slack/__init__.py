"""The Slack edge: clicks, commands and views come in; use cases answer."""
