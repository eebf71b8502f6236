"""Change and read cases: transitions, assignment, resolution, queue, views, card routing."""
