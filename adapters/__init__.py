"""The outside: one file or folder for each system that we talk to."""
