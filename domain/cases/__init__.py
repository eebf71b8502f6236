"""Define the rules of cases: the case and its transitions, its messages and files, its view models."""
