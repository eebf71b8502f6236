"""Render outages beside their boards and modals: announcements, answers, rehearsals."""
