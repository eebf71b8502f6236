"""Serve HTTP: Slack's requests in HTTP mode, customers' pages, and the health check."""
