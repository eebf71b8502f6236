"""Use cases of those who run the bot: figures, and what must happen after a restore."""
