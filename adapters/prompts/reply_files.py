"""Read and write saved replies as Markdown files: front matter, and a section for each wording."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints, ValidationError

from adapters.prompts.front_matter import read_front_matter
from adapters.prompts.toml_file import (
    LanguageCode,
    NonEmptyText,
    PromptFileError,
    StrictModel,
    validation_problems,
    why_unreadable,
)
from domain.knowledge.saved_replies import ReplyChange, ReplyContent, ReplyVersion, Wording
from domain.triage.form_of_address import FormOfAddress
from domain.triage.saved_replies import TemplateError, check_template
from domain.triage.situations import ENGLISH, Reason, Situation, Subject

_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
#: What YAML takes for a line break, or does not take at all, within quotes.
_ESCAPED_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class _FrontMatter(StrictModel):
    title: NonEmptyText
    version: Annotated[int, Field(ge=1, strict=True)]
    situations: Annotated[frozenset[Situation], Field(min_length=1)]
    reasons: frozenset[Reason | Subject] = frozenset()
    usual: Annotated[bool, Field(strict=True)] = False
    public_only: Annotated[bool, Field(strict=True)] = False
    owner: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,40}$")] = ""
    expires_on: date | None = None
    retired: Annotated[bool, Field(strict=True)] = False
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    examples: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]


def load_replies(folder: Path, *, with_english: bool = True) -> tuple[ReplyVersion, ...]:
    """Load the saved replies in a folder. Raises `PromptFileError`, which names every mistake.

    `with_english`: each must have an English section, to which other languages fall back.
    """
    problems: list[str] = []
    replies = read_replies(folder, problems, with_english=with_english)
    if problems:
        raise PromptFileError(folder, problems)
    return replies


def read_replies(folder: Path, problems: list[str], *, with_english: bool = True) -> tuple[ReplyVersion, ...]:
    """Read the saved replies in a folder; add every mistake to `problems`."""
    files = sorted(folder.glob("*.md"))
    if not files:
        problems.append(f"{folder.name}: there is no saved reply (*.md) in this folder")
    read = (_read(file, problems, with_english=with_english) for file in files)
    return tuple(reply for reply in read if reply is not None)


def write_reply(reply: ReplyVersion) -> str:
    """Return the reply as the text of its file; reading that gives the same reply."""
    content = reply.content
    fields = [
        ("title", _plain_or_quoted(content.title)),
        ("version", str(reply.version)),
        ("situations", _flow(sorted(content.situations))),
        ("reasons", _flow(sorted(content.reasons)) if content.reasons else ""),
        ("usual", "true" if content.usual else ""),
        ("public_only", "true" if content.public_only else ""),
        ("owner", _quoted(content.owner) if content.owner else ""),
        ("expires_on", content.expires_on.isoformat() if content.expires_on is not None else ""),
        ("retired", "true" if reply.is_retired else ""),
        ("languages", _flow(content.languages)),
    ]
    head = [f"{name}: {value}" for name, value in fields if value]
    examples = [f"  - {_quoted(example)}" for example in content.examples]
    sections = [f"## {_heading(wording)}\n\n{wording.text}\n" for wording in content.wordings]
    return "\n".join(["---", *head, "examples:", *examples, "---", "", "\n".join(sections)])


def _heading(wording: Wording) -> str:
    return f"{wording.language} {wording.form}" if wording.form is not None else wording.language


def _flow(names: Sequence[str]) -> str:
    return f"[{', '.join(_plain_or_quoted(name) for name in names)}]"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED_IN_YAML.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def _plain_or_quoted(text: str) -> str:
    """Return the text as it is where YAML reads it so, alone and in a list; else in quotes."""
    try:
        is_plain = yaml.safe_load(f"name: {text}\nnames: [{text}]") == {"name": text, "names": [text]}
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain else _quoted(text)


def _read(path: Path, problems: list[str], *, with_english: bool) -> ReplyVersion | None:
    place = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
        post = read_front_matter(text)
        front_matter = _FrontMatter.model_validate(post.metadata)
    except ValidationError as error:
        problems.extend(f"{place}: {problem}" for problem in validation_problems(error))
        return None
    except (OSError, ValueError) as error:
        problems.append(f"{place}: {why_unreadable(error)}")
        return None
    except yaml.YAMLError as error:
        problems.append(f"{place}: {error}")
        return None
    if not _FILE_NAME.fullmatch(path.stem):
        problems.append(f"{place}: the name of the file may have letters, digits, - and _, at most 60")
    line = text[: text.rfind(post.content)].count("\n") + 1
    wordings, mistakes = _sections(post.content, line)
    written = list(dict.fromkeys(wording.language for wording in wordings))
    mistakes += _language_mismatches(front_matter.languages, written, with_english=with_english)
    problems.extend(f"{place}:{problem}" for problem in mistakes)
    fields = front_matter.model_dump(exclude={"languages", "version", "retired"})
    return ReplyVersion(
        name=path.stem,
        version=front_matter.version,
        content=ReplyContent(wordings=tuple(wordings), **fields),
        change=ReplyChange.RETIRED if front_matter.retired else ReplyChange.SHIPPED,
    )


def _sections(body: str, first_line: int) -> tuple[list[Wording], list[str]]:
    """Return the texts under the `## language` headings, and the mistakes, each with its line.

    Several sections of one language are several wordings of the reply. A form of address may stand behind the
    language.
    """
    wordings: list[Wording] = []
    headings = list(_HEADING.finditer(body))
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    mistakes: list[str] = []
    for heading, end in zip(headings, ends, strict=True):
        language, _, form = heading.group(1).partition(" ")
        text = body[heading.end() : end].strip()
        line = first_line + body[: heading.start()].count("\n")
        if any(wording.text == text for wording in wordings if wording.language == language):
            mistakes.append(f"{line}: this section {language!r} has the text of an earlier one")
        try:
            check_template(text)
        except TemplateError as error:
            mistakes.append(f"{line}: section {language!r}: {error}")
        if form and form not in set(FormOfAddress):
            mistakes.append(
                f"{line}: section {language!r}: {form!r} is no form of address; write formal or informal"
            )
            form = ""
        wordings.append(Wording(language=language, text=text, form=FormOfAddress(form) if form else None))
    if body[: headings[0].start() if headings else len(body)].strip():
        mistakes.append(f"{first_line}: text before the first section; begin with '## {ENGLISH}'")
    return wordings, mistakes


def _language_mismatches(declared: list[str], written: list[str], *, with_english: bool) -> Iterator[str]:
    """Compare front matter and sections: they must name the same languages."""
    yield from (
        f" languages: {name!r} is declared but has no section" for name in declared if name not in written
    )
    yield from (f" languages: section {name!r} is not declared" for name in written if name not in declared)
    if with_english and ENGLISH not in written:
        yield f" languages: {ENGLISH!r} is missing; every other language falls back to it"
