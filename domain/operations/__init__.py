"""Facts about how the bot works, for those who run it."""
