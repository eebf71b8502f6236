"""Handle Slack's events, actions, commands and views by calling use cases."""
