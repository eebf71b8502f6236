"""Define causes: topics that recur in what customers post, and those that are tracked until they are fixed."""
