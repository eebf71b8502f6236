"""Loaders of the files under `prompts/` that people edit."""
