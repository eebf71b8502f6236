"""Read the YAML above a Markdown text, of files that come from elsewhere: flat, and without aliases.

An alias (`*name`) stands for what is elsewhere in the file. A few lines of them stand for more than any
memory holds, and for hours of comparing it.
"""

from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

_MAX_LENGTH = 100_000  # characters; some two seconds
_MAX_DEPTH = 20  # brackets within brackets; the time to find a mistake in them is their square


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias (*name) is not read; write out what it stands for")
        return super().compose_node(parent, index)

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803, ANN401 - the library's names
        if self.flow_level >= _MAX_DEPTH:
            raise yaml.YAMLError(f"brackets stand within brackets more than {_MAX_DEPTH} deep")
        super().fetch_flow_collection_start(TokenClass)


class _Handler(YAMLHandler):
    def load(self, fm: str, **kwargs: object) -> Any:  # noqa: ANN401 - whatever the file has
        if len(fm) > _MAX_LENGTH:
            raise yaml.YAMLError(f"its front matter is longer than {_MAX_LENGTH:,} characters")
        return super().load(fm, **{**kwargs, "Loader": _Loader})


def read_front_matter(text: str) -> frontmatter.Post:
    """Parse a text and its front matter. Raises `ValueError` and `yaml.YAMLError`."""
    try:
        return frontmatter.loads(text, handler=_Handler())
    except RecursionError:
        raise yaml.YAMLError("lists stand within lists too deeply") from None
