"""Read help articles from a folder of Markdown files. A bad file is named, and the others are read."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeAlias

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from adapters.prompts.front_matter import read_front_matter
from adapters.prompts.toml_file import validation_problems
from domain.diagnostics import CheckLine
from domain.knowledge.articles import Article, passages_of, title_of
from domain.web_addresses import web_address

log = logging.getLogger(__name__)

MAX_FILES = 2_000
MAX_BYTES = 200_000

#: Modification time in nanoseconds, and size: a file that has both unchanged is not read again.
_Stamp: TypeAlias = tuple[int, int]


class _FrontMatter(BaseModel):
    """Fields that are not listed are ignored: help centres have fields of their own."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(web_address)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class ArticleFiles:
    """The articles that were read, whether they differ from those of the last time, and what is wrong."""

    articles: tuple[Article, ...]
    has_changed: bool
    problems: tuple[str, ...]


@dataclass(slots=True)
class ArticleFolder:
    """A folder of articles, and what was read of it."""

    folder: Path
    _known: dict[str, tuple[_Stamp, Article | str]] = field(default_factory=dict)

    def read(self) -> ArticleFiles:
        """Read the files that are new or have changed since the last time, and forget those that are gone."""
        found: dict[str, tuple[_Stamp, Article | str]] = {}
        for path in self._files():
            name = path.relative_to(self.folder).as_posix()
            try:
                status = path.stat()
                stamp = (status.st_mtime_ns, status.st_size)
                known = self._known.get(name)
                found[name] = (
                    known if known and known[0] == stamp else (stamp, self._article(path, name, stamp[1]))
                )
            except OSError as error:
                found[name] = ((0, 0), f"{name}: {error.strerror}")
        has_changed, self._known = found != self._known, found
        results = [result for _, result in found.values()]
        return ArticleFiles(
            articles=tuple(result for result in results if isinstance(result, Article)),
            has_changed=has_changed,
            problems=(*self._folder_problems(), *(result for result in results if isinstance(result, str))),
        )

    def read_changed(self) -> tuple[Article, ...] | None:
        """Read the articles and log what is wrong; return `None` where nothing has changed."""
        files = self.read()
        if not files.has_changed:
            return None
        for problem in files.problems:
            log.warning("help article %s", problem)
        return files.articles

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.rglob("*.md") if path.name != "README.md")[:MAX_FILES]

    def _folder_problems(self) -> Iterator[str]:
        if not self.folder.is_dir():
            yield f"{self.folder} is not a folder"
        elif len(self._known) == MAX_FILES:
            yield f"{self.folder} has more than {MAX_FILES:,} articles; the others are not read"

    def _article(self, path: Path, name: str, size: int) -> Article | str:
        """Read one article; return what is wrong where it cannot be used."""
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return f"{name}: leads out of the folder"
        if not path.is_file():
            return f"{name}: is not a file"
        if size > MAX_BYTES:
            return f"{name}: is larger than {MAX_BYTES // 1000} KB"
        try:
            return _parse(name, path.read_text(encoding="utf-8-sig"))
        except ValidationError as error:
            problem = "; ".join(validation_problems(error))
        except UnicodeDecodeError:
            problem = "is not text in UTF-8"
        except (ValueError, yaml.YAMLError) as error:
            problem = " ".join(str(error).split())
        return f"{name}: {problem}"


def _parse(name: str, text: str) -> Article:
    """Parse a file. Raises `ValueError`, and what the front matter's parser raises."""
    post = read_front_matter(text)
    fields = _FrontMatter.model_validate(post.metadata)
    title = fields.title or title_of(post.content)
    passages = passages_of(post.content)
    if not title or not passages:
        raise ValueError(f"has no {'text' if title else 'title'}")
    return Article(name=name, title=title, url=fields.url, passages=passages)


def check_articles(folder: Path) -> list[CheckLine]:
    """Return how many articles the folder has, and a line for each that cannot be used."""
    files = ArticleFolder(folder).read()
    remedy = "Correct the file, or take it out of the folder"
    problems = [CheckLine("Articles", ok=False, detail=problem, remedy=remedy) for problem in files.problems]
    return [CheckLine("Articles", ok=True, detail=f"{len(files.articles)} in {folder}"), *problems]
