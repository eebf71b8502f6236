"""Use cases of issue trackers: create and link issues, follow them, list who waits."""
