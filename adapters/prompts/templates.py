"""Load the Jinja templates of customer pages and mails."""

from pathlib import Path
from typing import TYPE_CHECKING

from adapters.prompts.toml_file import PromptFileError

if TYPE_CHECKING:
    from jinja2 import Template


def load_template(path: Path) -> "Template":
    """Load a template, which runs sandboxed; one that ends in ".html" escapes what is put into it.

    Raises PromptFileError.
    """
    from jinja2 import StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=path.suffix == ".html", undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        return environment.from_string(path.read_text(encoding="utf-8"))
    except TemplateSyntaxError as error:
        raise PromptFileError(path, [f"line {error.lineno}: {error.message}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PromptFileError(path, [str(error)]) from None
