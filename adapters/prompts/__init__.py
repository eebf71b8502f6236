"""Load and validate the files under `prompts/`, which people edit."""
