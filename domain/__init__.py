"""Define the business rules. Standard library only, no I/O; the current time is always an argument."""
