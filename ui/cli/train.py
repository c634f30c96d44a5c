"""`huaxiang train NAME`: learn a model anew, compare it with the one in use, and install it unless it is worse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, ShopOption

if TYPE_CHECKING:
    from training.recipes import Outcome, Request

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="What to learn: sentiment, aspects, entities, intent, questions.")
]
DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The folder with the sets; its layout is in docs/sentiment.md.")
]


def train(
    name: NameArgument,
    data: DataOption,
    tier: Annotated[str, typer.Option("--tier", metavar="fast|accurate", help="Which of a model's tiers.")] = "fast",
    extra: Annotated[
        Path | None,
        typer.Option("--extra", metavar="FILE", help="Your own labelled texts: JSON lines or CSV with text and label."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to install. Default: the setting text.models, else ./models."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--work", metavar="DIR", help="Checkpoints and results. Default: ./training-NAME-TIER."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of everything random.")] = 20,
    epochs: Annotated[float | None, typer.Option("--epochs", help="Passes over the texts (accurate tier).")] = None,
    at_most: Annotated[
        int | None, typer.Option("--at-most", metavar="N", help="Learn from that many reviews (accurate tier).")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", help="0: as many as there are cores.")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on at the checkpoint.")] = False,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model, show its figures on held-out texts beside those of the model in use, and install it.

    A model that is worse in a deciding figure is not installed (exit code 1). A run that was stopped goes on where it
    was. Needs: pip install 'huaxiang[train]'.

    \b
    Examples:
      huaxiang train sentiment --data ../shared/data
      huaxiang train sentiment --tier accurate --data ../shared/data --extra my-reviews.csv
    """
    from training.recipes import Request, recipe
    from ui.cli.text import text_settings

    run = recipe(name)
    in_use = text_settings(shop).models
    folder = out or Path(in_use or "models")
    with progress.bar(output.both(f"训练 {name}", f"training {name}"), quiet=as_json) as tell:
        outcome = _ran(
            run,
            Request(
                data=data, work=work or Path(f"training-{name}-{tier}"), models=_models(folder, in_use), tier=tier,
                extra=extra, seed=seed, epochs=epochs, at_most=at_most, fresh=fresh, threads=threads,
                say=_silent if as_json else output.note, tell=tell,
            ),
        )  # fmt: skip
    _install(outcome, folder, in_use, as_json=as_json)


def _ran(run: Callable[[Request], Outcome], request: Request) -> Outcome:
    from training.recipes import missing_package

    try:
        return run(request)
    except ModuleNotFoundError as error:
        raise missing_package(error) from error


def _install(outcome: Outcome, folder: Path, in_use: str, *, as_json: bool) -> None:
    from training.recipes import install

    if not as_json:
        output.say(_compared(outcome))
    installed = install(outcome, folder)
    if as_json:
        files = [str(path) for path in installed]
        output.emit({"figures": outcome.figures, "in_use": outcome.in_use, "installed": files, "notes": outcome.notes})
        return
    for note in outcome.notes:
        output.say(note)
    output.say(
        output.both(f"已安装到 {folder}：", f"installed in {folder}: ") + ", ".join(path.name for path in installed)
    )
    if str(folder) != in_use:
        output.note(
            output.both("要启用，请在 shop.toml 中设置：", "to use it, set in shop.toml: ")
            + f'[text] models = "{folder}"'
        )


def _models(folder: Path, in_use: str) -> Path | None:
    """Where the model to compare with lies: the place it would go to, else the one in use; None for the shipped one."""
    if any(folder.glob("*.npz")):
        return folder
    return Path(in_use) if in_use else None


def _compared(outcome: Outcome) -> str:
    def cell(values: Mapping[str, float], name: str) -> str:
        return f"{values[name]:.4f}" if name in values else "-"

    names = list(dict.fromkeys([*outcome.deciding, *outcome.figures]))
    known = [name for name in names if name in outcome.figures or name in outcome.in_use]
    rows = [
        (name + (" *" if name in outcome.deciding else ""), cell(outcome.in_use, name), cell(outcome.figures, name))
        for name in known
    ]
    return output.table(
        rows,
        output.both("留出集指标（* 起决定作用）,现用,新", "held-out figure (* decides),in use,new").split(","),
        right=(1, 2),
    )


def _silent(text: str) -> None:
    """A log that nobody reads."""
