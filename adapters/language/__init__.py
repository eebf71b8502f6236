"""Detect the language of a text."""
