"""Issue trackers: a folder for each."""
