"""The rules. Standard library only: no I/O, and time is an argument."""
