"""Adapt issue trackers: a folder for each."""
