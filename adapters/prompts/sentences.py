"""Load texts that customers read, by language: those of a page, or the phrases of a mail."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from adapters.prompts.toml_file import PromptFileError, load_toml
from adapters.prompts.toml_lines import TomlLines
from domain.triage.form_of_address import WITH_FORMS, FormOfAddress

DEFAULT_LANGUAGE = "en"

Sentences = Mapping[str, Mapping[str, str]]  # by language (ISO 639-1), by name

_PLACEHOLDER = re.compile(r"\{+\s*\w+\s*\}+")


def _no_table(value: object) -> object:
    if isinstance(value, dict):
        message = "no form of address; a table in a language is called `formal` or `informal`"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports no TypeError
    return value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty; write one, or take the whole language out")
    return text


_Text: TypeAlias = Annotated[str, BeforeValidator(_no_table), AfterValidator(_not_blank)]


class _Language(BaseModel):
    """The texts of a language, which are the extra fields; in a form of address those that differ."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, _Text] = Field(init=False)

    formal: dict[str, _Text] = {}
    informal: dict[str, _Text] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        return self.__pydantic_extra__

    @property
    def by_form(self) -> Mapping[FormOfAddress, Mapping[str, str]]:
        return {FormOfAddress.FORMAL: self.formal, FormOfAddress.INFORMAL: self.informal}

    def in_form(self, form: FormOfAddress | None) -> dict[str, str]:
        return {**self.texts, **(self.by_form[form] if form else {})}


class _Languages(RootModel[dict[str, _Language]]):
    pass


@dataclass(frozen=True, slots=True)
class _Problem:
    language: str
    place: tuple[str, ...]  # within the language
    message: str


def load_sentences(
    path: Path, forms: Mapping[str, FormOfAddress], names: Collection[str] | None = None
) -> Sentences:
    """Load a folder with one TOML file per language, or one TOML file with one table per language.

    Every language must have exactly these names; where none are given, those of `DEFAULT_LANGUAGE`. Texts of
    the table `formal` or `informal` in a language take the place of its others where `forms` has that form.
    Raises PromptFileError, which names every mistake.
    """
    languages = _load_folder(path) if path.is_dir() else load_toml(path, _Languages).root
    default = languages.get(DEFAULT_LANGUAGE)
    if not default or not default.texts:
        problem = f"{DEFAULT_LANGUAGE}: missing; its texts are shown where a language is missing"
        raise PromptFileError(path, [problem])
    expected = set(default.texts if names is None else names)
    if problems := [_placed(path, problem) for problem in _problems(languages, expected)]:
        raise PromptFileError(path, problems)
    return {language: texts.in_form(forms.get(language)) for language, texts in languages.items()}


def _load_folder(folder: Path) -> Mapping[str, _Language]:
    languages: dict[str, _Language] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            languages[file.stem] = load_toml(file, _Language)
        except PromptFileError as error:
            problems.extend(f"{file.name}: {problem}" for problem in error.problems)
    if problems:
        raise PromptFileError(folder, problems)
    return languages


def _placed(path: Path, problem: _Problem) -> str:
    """Return the problem with its file or field, and its line."""
    in_folder = path.is_dir()
    file = path / f"{problem.language}.toml" if in_folder else path
    keys = problem.place if in_folder else (problem.language, *problem.place)
    line = TomlLines(file.read_text(encoding="utf-8")).line_of(keys)
    at_line = "" if line is None else f" (at line {line})"
    return f"{f'{file.name}: ' if in_folder else ''}{'.'.join(keys)}: {problem.message}{at_line}"


def _problems(languages: Mapping[str, _Language], expected: set[str]) -> Iterator[_Problem]:
    """Yield every text that is missing, that nothing uses, or that cannot take the place of the other."""
    for language, written in languages.items():
        for name in sorted(expected - set(written.texts)):
            yield _Problem(language, (name,), "missing; every language needs this text")
        for name in sorted(set(written.texts) - expected):
            yield _Problem(language, (name,), "unknown; there is no text of this name")
        for form, texts in written.by_form.items():
            if texts and language not in WITH_FORMS:
                chosen = ", ".join(WITH_FORMS)
                yield _Problem(language, (form,), f"unused; a form can be chosen for {chosen}")
            yield from _form_problems(language, form, written.texts, texts, expected)


def _form_problems(
    language: str, form: FormOfAddress, plain: Mapping[str, str], texts: Mapping[str, str], expected: set[str]
) -> Iterator[_Problem]:
    for name, text in sorted(texts.items()):
        if name not in expected:
            yield _Problem(language, (form, name), "unknown; there is no text of this name")
        elif (needed := _placeholders(plain.get(name, text))) != _placeholders(text):
            listed = ", ".join(sorted(needed)) or "none"
            message = f"other placeholders than the text that it takes the place of, which has {listed}"
            yield _Problem(language, (form, name), message)


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))
