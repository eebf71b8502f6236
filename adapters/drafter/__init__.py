"""The drafter: a model, behind any server that speaks OpenAI's Chat Completions, that proposes replies."""

from adapters.drafter.model import ModelDrafter
from adapters.drafter.prompt import Prompt, PromptError, load_prompt

__all__ = ["ModelDrafter", "Prompt", "PromptError", "load_prompt"]
