"""Use cases of causes: find topics, track causes, and compare posts with them."""
