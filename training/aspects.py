"""Train the aspect models: `python -m training.aspects --data ../shared/data --work DIR` (or `huaxiang train aspects`).

Two files come of it. `aspects.npz` says who says what of which product: first it learns everything at once (terms of
SemEval 2014 laptops and restaurants and of Chinese phones, cameras, cars, notebooks; DiaASQ; titles with stars), then
the dialogues alone with little beside. `aspects-terms.npz` says how a given term is spoken of. Both are low-rank changes
of the encoder's upper layers with small heads. Needs the extra `finetune` and the encoder in the cache. About an hour of
one core; it goes on where it was stopped, epoch by epoch.

A fifth of the sentences (by a hash of their letters), the last 80 Chinese training dialogues and all validation
dialogues but half of the English ones are held out. What is chosen is chosen by those 80 dialogues and, for the terms,
by a tenth of the sentences, which the terms' model has not learned from either.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

import torch

from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.require import require
from huaxiang.text import aspects_model
from huaxiang.text.aspects_model import FILE, AspectModel
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.aspects_terms import FILE as TERMS_FILE
from huaxiang.text.dialogue_decode import SPAN_WEIGHT
from training import aspects_data as sets
from training import aspects_figures as figures
from training.aspects_loop import Fit, Options, Say, Task, Tell, nobody
from training.aspects_lower import Kept, Lower
from training.aspects_net import MATRICES, AspectNet, base_weights
from training.aspects_steps import found_by_torch
from training.aspects_tasks import Dialogues, Examples, Together
from training.aspects_terms import LEGS as TERM_LEGS
from training.aspects_terms import Asked, TermNet, TermTask, asked, scorer
from training.recipes import Outcome, Request, install

SHIPPED = Path(aspects_model.__file__).parent / "weights" / FILE
CARD = Path(__file__).parent / "cards" / "aspects.md"
NOT_SHIPPED = ("mood.",)
HELD_TALKS = 80
JOINED = 600
DEV_FOLD = 2
"""The terms' model chooses by it."""
LEGS = (
    Options(epochs=3, rate=8e-4, patience=99),
    Options(epochs=2, rate=6e-4),
    Options(epochs=1, rate=5e-4, dropped=0.05),
)
"""Of the model of spans and links: everything together, then dialogues, then dialogues with words left out."""

Legs = tuple[list[Options], list[Options]]


@dataclass(frozen=True, slots=True)
class Data:
    """All examples, split; `asked` and `dev_terms` are what the terms' model learns from and chooses by."""

    learned: Examples
    terms: list[sets.Judged]
    asked: list[Asked]
    dev_terms: list[Asked]
    dev: list[sets.Talk]
    zh: list[sets.Talk]
    en: list[sets.Talk]


def assemble(data: Path, pieces: Pieces, *, graded: int = 6_000, few_shot: int = 2, at_most: int | None = None) -> Data:
    """Read and split everything; `at_most` sentences and a like share of the rest are learned from.

    Half of the English validation dialogues (even numbers) are learned from `few_shot` times an epoch; `en` is the rest.
    """
    judged = sets.judged(data, pieces)
    talks = sets.talks(data / "diaasq" / "zh-train.json.gz", pieces)
    english = sets.talks(data / "diaasq" / "en-valid.json.gz", pieces)
    titles = sets.graded(data, pieces)
    random.Random(0).shuffle(titles)
    learned = [one for one in judged if one.fold not in sets.TEST_FOLDS]
    step = 1 if at_most is None else max(1, round(len(learned) / max(1, at_most)))
    known = [one for one in learned if one.fold != DEV_FOLD][::step]
    return Data(
        Examples(
            [*learned[::step], *sets.joined(learned, pieces, count=JOINED // step)],
            talks[:-HELD_TALKS:step],
            titles[:graded:step],
            english[0::2],
            few_shot,
        ),
        [one for one in judged if one.fold in sets.TEST_FOLDS],
        asked([*known, *sets.joined(known, pieces, count=JOINED // step)], pieces),
        asked([one for one in learned if one.fold == DEV_FOLD], pieces),
        talks[-HELD_TALKS:],
        sets.talks(data / "diaasq" / "zh-valid.json.gz", pieces),
        english[1::2],
    )


def packed(net: AspectNet | TermNet, first_layer: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """(low-rank changes, heads) as numpy, under the names of `huaxiang.text.aspects_model`."""
    state = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    low_rank = {
        f"l{first_layer + number}.{matrix}": (
            state[f"upper.{number}.{matrix}.down"],
            state[f"upper.{number}.{matrix}.up"],
        )
        for number in range(len(net.upper))
        for matrix in MATRICES
    }
    heads = {name: value for name, value in state.items() if not name.startswith(("upper.", *NOT_SHIPPED))}
    return low_rank, heads


def quick_score(net: AspectNet, kept: Kept, data: Data) -> float:
    """Quadruple F1 of the development dialogues, by torch: for early stopping. The held-out sentences are not looked at."""
    return figures.best_threshold(found_by_torch(net, kept, data.dev))[1]


def measure(model: AspectModel, data: Data, threshold: float) -> dict[str, float]:
    """All figures on what was held out, with the model as it runs in use; higher is better."""
    hits = figures.term_hits(model, data.terms)
    found = {f"polarity of terms, {name}": figures.share(rows) for name, rows in sorted(hits.items())}
    for language, mine in (("en", figures.NEUTRAL_IN), ("zh", sets.TERM_SETS.keys() - set(figures.NEUTRAL_IN))):
        found[f"{language} polarity of terms"] = figures.share([row for name in mine for row in hits.get(name, ())])
    found["aspect terms F1, en"] = figures.term_spans(model, data.terms)[2]
    for name, talks in (("zh", data.zh), ("en", data.en)):
        for kind, (_, _, value) in figures.talk_figures(figures.read_talks(model, talks), threshold).items():
            found[f"DiaASQ {name}, {kind} F1"] = value
    return found


def fit(data: Data, legs: Sequence[Options], folder: Path, work: Path, say: Say, tell: Tell = nobody) -> AspectNet:
    """Train the model of spans and links, or go on training: everything together, then the dialogues."""
    model = start(legs[0], folder)
    net = AspectNet(base_weights(model), first_layer=legs[0].first_layer, rank=legs[0].rank)
    kept = Kept(Lower(model, legs[0].first_layer, threads=legs[0].threads))
    for number, options in enumerate(legs, start=1):
        task: Task = (Together if number == 1 else Dialogues)(net, kept, data.learned, options)
        say(f"leg {number} of {len(legs)}: {type(task).__name__.lower()}")
        score = partial(quick_score, net, kept, data)
        Fit(net, task, options, work / f"aspects-{number}.ckpt", say, tell).run(score)
    return net


def fit_terms(data: Data, legs: Sequence[Options], folder: Path, work: Path, say: Say, tell: Tell = nobody) -> TermNet:
    """Train the reader of given terms, or go on training."""
    model = start(legs[0], folder)
    net = TermNet(base_weights(model), first_layer=legs[0].first_layer, rank=legs[0].rank)
    kept = Kept(Lower(model, legs[0].first_layer, threads=legs[0].threads))
    for number, options in enumerate(legs, start=1):
        say(f"terms, leg {number} of {len(legs)}")
        for layer in net.upper:
            layer.dropout = options.dropout
        task = TermTask(net, kept, data.asked, data.learned.graded, options)
        score = scorer(net, kept, data.dev_terms)
        Fit(net, task, options, work / f"aspects-terms-{number}.ckpt", say, tell).run(score)
    return net


def start(options: Options, folder: Path) -> Any:
    """The cached graph, after the seeds were set."""
    onnx = require("onnx", extra="app")
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    return onnx.load(str(folder / "model.int8.onnx"))


def finish(net: AspectNet, terms: TermNet, data: Data, legs: Legs, work: Path, say: Say) -> Path:
    """Write both models into `work`, with the threshold that is best on the development dialogues."""
    mine, theirs = legs
    about_terms = {"legs": [asdict(leg) for leg in theirs]}
    aspects_model.save(work / TERMS_FILE, *packed(terms, theirs[0].first_layer), about_terms)
    low_rank, heads = packed(net, mine[-1].first_layer)
    file = work / FILE
    aspects_model.save(file, low_rank, heads, {"threshold": 0.4})
    say("choosing the threshold")
    threshold, reached = figures.best_threshold(figures.read_talks(fresh(file), data.dev))
    about = {
        "threshold": threshold,
        "development quadruple F1": reached,
        "legs": [asdict(leg) for leg in mine],
    }
    aspects_model.save(file, low_rank, heads, about)
    return file


def fresh(file: Path) -> AspectModel:
    """The model of a file that may have been written a moment ago."""
    aspects_model.load.cache_clear()
    return aspects_model.load(str(file))


def asked_for(options: Options, request: Request) -> Options:
    """The recipe's options with what was asked for."""
    epochs = int(request.epochs or options.epochs)
    return replace(options, epochs=epochs, seed=request.seed, threads=request.threads or 1)


def told(legs: Sequence[Options]) -> str:
    """Legs in words."""
    return ", then ".join(f"at most {leg.epochs} passes at rate {leg.rate:g} falling to 0" for leg in legs)


def write_card(path: Path, found: Mapping[str, float], *, size: tuple[int, int], threshold: float, passes: str) -> None:
    """Fill `training/cards/aspects.md` with the figures of this run; `size` is that of the model and of the terms'."""
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in found.items())
    template = Template(CARD.read_text(encoding="utf-8"))
    path.write_text(
        template.substitute(
            figures=rows,
            size=f"{size[0] / 1e6:.2f} MB",
            terms=f"{size[1] / 1e6:.2f} MB",
            threshold=f"{threshold:g}",
            passes=passes,
            span_weight=f"{SPAN_WEIGHT:g}",
        ),
        encoding="utf-8",
    )


def train(request: Request) -> Outcome:
    """The recipe `aspects`: read, fit, measure, and measure the model in use on the same examples.

    Raises:
        ModelError: the encoder is not in the cache.
        ConfigError: `work` holds a checkpoint of other options.
    """
    folder, work = resolve(ENCODER), request.work
    work.mkdir(parents=True, exist_ok=True)
    if request.fresh:
        for old in work.glob("aspects-*.ckpt"):
            old.unlink()
    data = assemble(request.data, Pieces.load(folder), at_most=request.at_most)
    legs: Legs = ([asked_for(leg, request) for leg in LEGS], [asked_for(leg, request) for leg in TERM_LEGS])
    net = fit(data, legs[0], folder, work, request.say, request.tell)
    terms = fit_terms(data, legs[1], folder, work, request.say, request.tell)
    file = finish(net, terms, data, legs, work, request.say)
    request.say("measuring on what was held out")
    model = fresh(file)
    found = measure(model, data, float(model.about["threshold"]))
    card = work / "aspects.md"
    write_card(
        card, found, size=(file.stat().st_size, (work / TERMS_FILE).stat().st_size), threshold=float(model.about["threshold"]),
        passes=f"`aspects.npz`: {told(legs[0])}. `aspects-terms.npz`: {told(legs[1])}. Seed {request.seed}."
        + (f" **A trial run on {len(data.asked):,} terms and {len(data.learned.talks):,} dialogues only.**" if request.at_most else ""),
    )  # fmt: skip
    in_use = measure_in_use(request.models, data)
    # a set alone is too small to decide: three terms are a point and a half of the cars
    deciding = tuple(name for name in found if name.endswith("polarity of terms") or "quadruple" in name)
    return Outcome({FILE: file, TERMS_FILE: work / TERMS_FILE, "aspects.md": card}, found, in_use, deciding)


def measure_in_use(models: Path | None, data: Data) -> dict[str, float]:
    """Figures of the model that a new one would replace; empty where there is none.

    The shipped model may have learned from what is held out here if it was trained with other options.
    """
    own = models / FILE if models is not None else SHIPPED
    if not own.is_file():
        return {}
    model = fresh(own)
    return measure(model, data, float(model.about["threshold"]))


def main() -> None:
    """Train and put the result where it ships from, unless the one there is better."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoint and the new model")
    parser.add_argument("--out", type=Path, default=SHIPPED.parent)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    request = Request(chosen.data, chosen.work, None, seed=chosen.seed, epochs=chosen.epochs, threads=chosen.threads)
    outcome = train(request)
    print(json.dumps(dict(outcome.figures), ensure_ascii=False, indent=2))
    print(*install(outcome, chosen.out))


if __name__ == "__main__":
    main()
