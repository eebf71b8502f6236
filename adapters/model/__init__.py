"""Ask a language model, over any server with OpenAI's Chat Completions API."""

from adapters.model.assistant import load_assistant
from adapters.model.client import ModelClient, ModelRequest, Output, load_model
from adapters.model.drafter import ModelDrafter, load_drafter
from adapters.model.prompt import Prompt, PromptError, load_prompt

__all__ = [
    "ModelClient",
    "ModelDrafter",
    "ModelRequest",
    "Output",
    "Prompt",
    "PromptError",
    "load_assistant",
    "load_drafter",
    "load_model",
    "load_prompt",
]
