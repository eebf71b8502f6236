"""Define facts about how the bot works, for those who run it."""
