"""Draft replies with a language model, over any server with OpenAI's Chat Completions API."""

from adapters.model.drafter import ModelDrafter
from adapters.model.prompt import Prompt, PromptError, load_prompt

__all__ = ["ModelDrafter", "Prompt", "PromptError", "load_prompt"]
