"""Render the alert of a spike and the board of a flood."""
