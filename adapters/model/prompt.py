"""Load the prompt: front matter with name, version and inputs, then a system and a customer part."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frontmatter
import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import UnusableFile
from domain.triage.assessment import Urgency
from domain.triage.drafts import DraftRequest
from domain.triage.situations import Situation

if TYPE_CHECKING:
    from jinja2 import Template

_PARTS = ("system", "customer")
_HEADING = re.compile(rf"^## ({'|'.join(_PARTS)})[ \t]*$", re.MULTILINE)
_FRONT_MATTER_FIELDS = frozenset({"name", "version", "inputs"})
#: Untrusted text: must not be in the system part (prompt injection).
_CUSTOMER_INPUTS = frozenset({"post", "earlier"})


class PromptError(UnusableFile):
    """The prompt cannot be used; the text says why."""


@dataclass(frozen=True)
class Prompt:
    """A validated prompt: every input is known, declared and used."""

    name: str
    version: str
    inputs: frozenset[str]
    parts: Mapping[str, "Template"]

    def messages(self, request: DraftRequest) -> tuple[str, str]:
        """Render the system and the customer message. Raises PromptError where a template fails."""
        values = {name: value for name, value in _values(request).items() if name in self.inputs}
        try:
            system, customer = (self.parts[part].render(values).strip() for part in _PARTS)
        except TemplateError as error:
            raise PromptError(f"the prompt {self.name} cannot be filled: {error}") from None
        return system, customer


def load_prompt(path: Path) -> Prompt:
    """Load and validate a prompt. Raises PromptError."""
    try:
        return _load(path)
    except PromptError as error:
        raise PromptError(
            f"The prompt in {path} cannot be used: {error}. Correct the file and start again."
        ) from None


def _load(path: Path) -> Prompt:
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
    if unknown := declared - set(_values(_EMPTY_REQUEST)):
        raise PromptError(f"there is no input {_join(unknown)}; known are {_join(_values(_EMPTY_REQUEST))}")
    return Prompt(str(front_matter["name"]), str(front_matter["version"]), declared, _parts(body, declared))


def _parts(body: str, declared: frozenset[str]) -> dict[str, "Template"]:
    pieces = _HEADING.split(body)
    texts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    if tuple(texts) != _PARTS or pieces[0].strip():
        raise PromptError(
            "it must have the parts “## system” and “## customer”, in this order, and nothing before them"
        )
    environment = _environment()
    try:
        used = {part: meta.find_undeclared_variables(environment.parse(text)) for part, text in texts.items()}
        parts = {part: environment.from_string(text) for part, text in texts.items()}
    except TemplateError as error:
        raise PromptError(f"it is no template: {error}") from None
    _check_use(used, declared)
    return parts


def _check_use(used: Mapping[str, set[str]], declared: frozenset[str]) -> None:
    all_used = set().union(*used.values())
    if undeclared := all_used - declared:
        raise PromptError(f"it uses {_join(undeclared)} without declaring it in inputs")
    if unused := declared - all_used:
        raise PromptError(f"it declares {_join(unused)} and does not use it")
    if misplaced := used["system"] & _CUSTOMER_INPUTS:
        raise PromptError(f"{_join(misplaced)} is the customer's and belongs into the customer part alone")
    if "post" not in used["customer"]:
        raise PromptError("the customer part does not hold the post")


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _values(request: DraftRequest) -> dict[str, Any]:
    from babel import Locale

    return {
        "brand": request.brand,
        "counting_rule": request.counting_rule,
        "earlier": request.earlier,
        "groundings": request.groundings,
        "language": request.language,
        "language_name": Locale("en").languages.get(request.language, request.language),
        "limit": request.limit,
        "post": request.text,
        "situations": [situation.value for situation in Situation],
        "urgencies": [urgency.name.lower() for urgency in reversed(Urgency)],
    }


_EMPTY_REQUEST = DraftRequest(text="", network="", language="", brand="", limit=0, groundings=())


def _join(names: Mapping[str, Any] | frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
