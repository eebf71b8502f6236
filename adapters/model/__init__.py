"""The drafter: a model, behind any server that speaks OpenAI's Chat Completions, that proposes replies."""

from adapters.model.drafter import ModelDrafter
from adapters.model.prompt import Prompt, PromptError, load_prompt

__all__ = ["ModelDrafter", "Prompt", "PromptError", "load_prompt"]
