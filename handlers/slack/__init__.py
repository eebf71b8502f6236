"""The Slack ctx: clicks, commands and views come in; use cases answer."""
