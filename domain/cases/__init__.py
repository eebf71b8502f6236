"""Rules of cases: the case, its transitions, its messages and files, and what is shown of it."""
