"""Causes: topics that recur in customers' posts, and those that somebody tracks until they are fixed."""
