"""Load the Jinja templates of customer pages and mails."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.prompts.toml_file import PromptFileError, why_unreadable

if TYPE_CHECKING:
    from jinja2 import Template

#: Languages that are written from right to left (ISO 639).
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RENAMED = {"proof.told": "proof.instruction"}


def load_template(path: Path) -> "Template":
    """Load a template, which runs sandboxed; one that ends in ".html" escapes what is put into it.

    Its filter `direction` gives the direction of writing of a language, for the attribute `dir`.

    Raises PromptFileError, also where a value has its old name in it.
    """
    from jinja2 import TemplateSyntaxError

    try:
        source = path.read_text(encoding="utf-8")
        template = _compile(source, escapes=path.suffix == ".html")
    except TemplateSyntaxError as error:
        raise PromptFileError(path, [f"line {error.lineno}: {error.message}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PromptFileError(path, [why_unreadable(error)]) from None
    if problems := list(_renamed_values(source)):
        raise PromptFileError(path, problems)
    return template


# Compiled once in a process, however many bots are built in it.
@lru_cache(maxsize=32)
def _compile(source: str, *, escapes: bool) -> "Template":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=escapes, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["direction"] = direction_of
    return environment.from_string(source)


def direction_of(language: str) -> str:
    """Return the direction in which a language (ISO 639) is written, as the attribute `dir` names it."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _renamed_values(source: str) -> Iterator[str]:
    for number, line in enumerate(source.splitlines(), start=1):
        for old, new in _RENAMED.items():
            if re.search(rf"\b{re.escape(old)}\b", line):
                yield f"line {number}: {old}: its name is {new} now"
