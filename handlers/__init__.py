"""Use cases, one folder per capability, and the edges that call them: Slack, web and timers."""
