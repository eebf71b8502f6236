"""Prepare an agent's requests to a model, and store what it wrote."""
