"""Render issues of trackers: their words, their news, their ids."""
