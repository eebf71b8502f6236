"""Encode texts as vectors, and score these with trained linear heads."""
