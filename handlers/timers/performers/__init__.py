"""One performer for each kind of effect; a test compares the two lists."""
