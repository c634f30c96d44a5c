"""What can be trained, and when a new model may take the place of the one in use.

A recipe is a function from `Request` to `Outcome`, named in `RECIPES` by module and function: one line each. The frame
(`huaxiang train NAME`) asks for the data, shows progress, compares, refuses a worse model and installs a better one.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from huaxiang.errors import ConfigError, HuaxiangError

RECIPES: dict[str, str] = {
    "sentiment": "training.sentiment_recipe:train",
    "aspects": "training.aspects:train",
    "intent": "training.intent:train",
    "entities": "training.entities:train",
    "questions": "training.questions:train",
    "stated": "training.stated:train",
}
CARDS = Path(__file__).parent / "cards"
TOLERANCE = 0.001
"""A deciding figure may be lower by that much: less is noise of the order in which texts are read."""

Say = Callable[[str], None]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a recipe.

    `data` is the folder with the sets, `extra` a file of the shop's own labelled texts. What a run needs to go on
    after it was stopped, and what it makes, lies in `work`. `models` is the folder with the models in use ("" for the
    shipped ones). `say` takes a line for the log, `tell` (done, in all, what).
    """

    data: Path
    work: Path
    models: Path | None
    tier: str = "fast"
    extra: Path | None = None
    seed: int = 20
    epochs: float | None = None
    at_most: int | None = None
    fresh: bool = False
    threads: int = 0
    say: Say = print
    tell: Tell = lambda done, total, what: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recipe made: `files` (name in the models folder: file), and figures of the same held-out texts.

    `figures` are the new model's, `in_use` those of the model it would replace (empty where there is none);
    `deciding` names those that may not fall. Higher is better.
    """

    files: Mapping[str, Path]
    figures: Mapping[str, float]
    in_use: Mapping[str, float]
    deciding: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


class WorseModel(HuaxiangError):
    """The new model is worse than the one in use and was not installed."""

    code, exit_code = "worse-model", 1


def recipe(name: str) -> Callable[[Request], Outcome]:
    """The recipe of that name.

    Raises:
        ConfigError: there is none, or it needs packages that are not installed (`pip install 'huaxiang[train]'`).
    """
    if name not in RECIPES:
        raise ConfigError(
            f"no recipe is called {name!r}", hint=f"the recipes are: {', '.join(RECIPES)}", code="no-such-recipe"
        )
    module, _, function = RECIPES[name].partition(":")
    try:
        found: Callable[[Request], Outcome] = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        raise missing_package(error) from error
    return found


def missing_package(error: ModuleNotFoundError) -> ConfigError:
    """What to say when training lacks a package."""
    return ConfigError(
        f"training needs the package {error.name!r}", hint="pip install 'huaxiang[train]'", code="missing-package"
    )


def write_card(template: str, path: Path, figures: Mapping[str, float], **words: str) -> Path:
    """Fill `training/cards/TEMPLATE.md` with this run's figures (a table) and words, and return where it was written."""
    text = (CARDS / f"{template}.md").read_text(encoding="utf-8")
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in figures.items())
    path.write_text(Template(text).substitute(figures=rows, **words), encoding="utf-8")
    return path


def worse(outcome: Outcome) -> dict[str, tuple[float, float]]:
    """Deciding figures that fell by more than `TOLERANCE`: name to (in use, new). A figure that is missing counts 0."""
    return {
        name: (outcome.in_use[name], outcome.figures.get(name, 0.0))
        for name in outcome.deciding
        if name in outcome.in_use and outcome.figures.get(name, 0.0) < outcome.in_use[name] - TOLERANCE
    }


def install(outcome: Outcome, folder: Path) -> list[Path]:
    """Copy the new files into `folder`, each in one step; the file that was there stays as `NAME.before`.

    Raises:
        WorseModel: a deciding figure fell; nothing was copied.
    """
    fallen = worse(outcome)
    if fallen:
        said = ", ".join(f"{name} {new:.4f} after {old:.4f}" for name, (old, new) in fallen.items())
        where = next(iter(outcome.files.values())).parent.name
        raise WorseModel(
            f"the new model is worse than the one in use ({said}) and was not installed",
            hint=f"it lies in the working folder {where!r}; more data or epochs may help; to use it all the same, copy it into a folder of your own and set [text] models",
        )
    folder.mkdir(parents=True, exist_ok=True)
    installed = []
    for name, source in outcome.files.items():
        target = folder / name
        if target.exists():
            shutil.copyfile(target, target.with_name(f"{name}.before"))
        unfinished = target.with_name(f"{name}.part")
        shutil.copyfile(source, unfinished)
        unfinished.replace(target)
        installed.append(target)
    return installed
