"""Use cases of cases: transitions, assignment, resolution, queue, views, card routing."""
