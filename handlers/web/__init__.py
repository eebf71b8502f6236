"""The web edge: Slack's requests in HTTP mode, and whether the bot is well."""
