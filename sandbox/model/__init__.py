"""Simulate a language model behind OpenAI's API."""

from sandbox.model.model import API_KEY, MODEL_NAME, Model
from sandbox.model.routes import add_routes

__all__ = ["API_KEY", "MODEL_NAME", "Model", "add_routes"]
