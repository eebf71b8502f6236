"""Read and write the accepted figures of an evaluation, by classifier and by name."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import RootModel, ValidationError

from adapters.prompts.toml_file import PromptFileError, validation_problems
from domain.knowledge.evaluation import OF_SUGGESTIONS, EvaluationReport


class _Figures(RootModel[dict[str, dict[str, float]]]):
    pass


def load_figures(path: Path) -> dict[str, dict[str, float]]:
    """Load the figures; none where there is no file. Raises `PromptFileError`."""
    if not path.exists():
        return {}
    try:
        return _Figures.model_validate_json(path.read_bytes()).root
    except ValidationError as error:
        raise PromptFileError(path, validation_problems(error)) from None


def save_figures(path: Path, reports: Mapping[str, EvaluationReport]) -> None:
    """Write the figures that could be measured; not those of suggestions, which may break no rule."""
    figures = {
        name: {
            figure.name: round(figure.value, 4)
            for figure in report.figures
            if figure.value is not None and figure.name not in OF_SUGGESTIONS
        }
        for name, report in reports.items()
    }
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
