"""Render the modals of outages: form, preview, review, small forms."""
