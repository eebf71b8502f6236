"""Load the prompts: front matter with name, version and inputs, then our instructions to the model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frontmatter
import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import UnusableFile

if TYPE_CHECKING:
    from jinja2 import Template

_FRONT_MATTER_FIELDS = frozenset({"name", "version", "inputs"})


class PromptError(UnusableFile):
    """The prompt cannot be used; the text says why."""


@dataclass(frozen=True)
class Prompt:
    """Validated instructions: every input is known, declared and used.

    Inputs are ours. What others wrote is never one: it goes to the model as data (`ModelRequest.data`).
    """

    name: str
    version: str
    inputs: frozenset[str]
    template: "Template"

    def instructions(self, values: Mapping[str, Any]) -> str:
        """Fill the inputs in; other values are ignored. Raises PromptError where the template fails."""
        try:
            return self.template.render({name: values[name] for name in self.inputs}).strip()
        except TemplateError as error:
            raise PromptError(f"the prompt {self.name} cannot be filled: {error}") from None

    def with_version_of(self, other: "Prompt") -> "Prompt":
        """Return this prompt with the version of another one in its own: "4/1"."""
        return replace(self, version=f"{self.version}/{other.version}")


def load_prompt(path: Path, known: frozenset[str] = frozenset()) -> Prompt:
    """Load and validate a prompt whose inputs are all `known`. Raises PromptError."""
    try:
        return _load(path, known)
    except PromptError as error:
        raise PromptError(
            f"The prompt in {path} cannot be used: {error}. Correct the file and start again."
        ) from None


def _load(path: Path, known: frozenset[str]) -> Prompt:
    try:
        front_matter, body = frontmatter.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise PromptError("it is not there, or is not text in UTF-8") from None
    except (ValueError, yaml.YAMLError):
        raise PromptError("its front matter is not YAML") from None
    if set(front_matter) != _FRONT_MATTER_FIELDS:
        raise PromptError(
            f"its front matter must have {', '.join(sorted(_FRONT_MATTER_FIELDS))}, and nothing else"
        )
    inputs = front_matter["inputs"]
    if not isinstance(inputs, list) or not all(isinstance(one, str) for one in inputs):
        raise PromptError("inputs must be a list of names")
    declared = frozenset(inputs)
    if unknown := declared - known:
        raise PromptError(
            f"there is no input {_join(unknown)}; known are {_join(known)}. What customers write is never one"
        )
    template = _template(body, declared)
    return Prompt(str(front_matter["name"]), str(front_matter["version"]), declared, template)


# Compiled once in a process, however many bots are built in it.
@lru_cache(maxsize=32)
def _template(body: str, declared: frozenset[str]) -> "Template":
    if not body.strip():
        raise PromptError("it holds no instructions")
    environment = _environment()
    try:
        used = meta.find_undeclared_variables(environment.parse(body))
        template = environment.from_string(body)
    except TemplateError as error:
        raise PromptError(f"it is no template: {error}") from None
    if undeclared := used - declared:
        raise PromptError(f"it uses {_join(undeclared)} without declaring it in inputs")
    if unused := declared - used:
        raise PromptError(f"it declares {_join(unused)} and does not use it")
    return template


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _join(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
