"""Call Slack, and render messages, modals and App Home."""
