"""Simulate Slack, X, mail and a language model over real HTTP, WebSocket, IMAP and SMTP.

Used by the demo and by the tests.
"""
