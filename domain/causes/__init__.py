"""Define causes: topics that recur in posts, and those that somebody tracks until they are fixed."""
