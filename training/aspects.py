"""Train the aspect model: `python -m training.aspects --data ../shared/data --work DIR` (or `huaxiang train aspects`).

Three things are learned together by the upper six layers of the encoder (low-rank) and small heads: the polarity of a
given term (SemEval 2014 laptops and restaurants; Chinese phones, cameras, cars, notebooks), who says what of which
product (DiaASQ), and what praise and blame sound like (review titles with stars). Needs the extra `finetune` and the
encoder in the cache. About 35 minutes on one core; it goes on where it was stopped, epoch by epoch.

A fifth of the sentences (by a hash of their letters), the last 80 Chinese training dialogues and all validation
dialogues but half of the English ones are held out. The threshold comes from those 80.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
from training import aspects_data as sets
from training import aspects_figures as figures
from training.aspects_loop import CHECKPOINT, Examples, Fit, Options, Say, Tell, nobody
from training.aspects_lower import Kept, Lower
from training.aspects_net import MATRICES, AspectNet, base_weights
from training.aspects_steps import found_by_torch
from training.recipes import Outcome, Request, install

SHIPPED = Path(aspects_model.__file__).parent / "weights" / FILE
CARD = Path(__file__).parent / "cards" / "aspects.md"
NOT_SHIPPED = ("mood.",)
HELD_TALKS = 80
JOINED = 600


@dataclass(frozen=True, slots=True)
class Data:
    """All examples, split."""

    learned: Examples
    terms: list[sets.Judged]
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
    return Data(
        Examples(
            [*learned[::step], *sets.joined(learned, pieces, count=JOINED // step)],
            talks[:-HELD_TALKS:step],
            titles[:graded:step],
            english[0::2],
            few_shot,
        ),
        [one for one in judged if one.fold in sets.TEST_FOLDS],
        talks[-HELD_TALKS:],
        sets.talks(data / "diaasq" / "zh-valid.json.gz", pieces),
        english[1::2],
    )


def packed(net: AspectNet, first_layer: int) -> tuple[dict[str, Any], dict[str, Any]]:
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
    found["aspect terms F1, en"] = figures.term_spans(model, data.terms)[2]
    for name, talks in (("zh", data.zh), ("en", data.en)):
        for kind, (_, _, value) in figures.talk_figures(figures.read_talks(model, talks), threshold).items():
            found[f"DiaASQ {name}, {kind} F1"] = value
    return found


def fit(data: Data, options: Options, folder: Path, work: Path, say: Say, tell: Tell = nobody) -> AspectNet:
    """Train, or go on training, on examples that were read before."""
    onnx = require("onnx", extra="app")
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    model = onnx.load(str(folder / "model.int8.onnx"))
    net = AspectNet(base_weights(model), first_layer=options.first_layer, rank=options.rank).train()
    kept = Kept(Lower(model, options.first_layer, threads=options.threads))
    Fit(net, kept, data.learned, options, work, say, tell).run(lambda: quick_score(net, kept, data))
    return net


def finish(net: AspectNet, data: Data, options: Options, work: Path, say: Say) -> Path:
    """Write the model into `work`, with the threshold that is best on the development dialogues."""
    low_rank, heads = packed(net, options.first_layer)
    file = work / FILE
    aspects_model.save(file, low_rank, heads, {"threshold": 0.4})
    say("choosing the threshold")
    threshold, reached = figures.best_threshold(figures.read_talks(fresh(file), data.dev))
    about = {"threshold": threshold, "development quadruple F1": reached, "options": asdict(options)}
    aspects_model.save(file, low_rank, heads, about)
    return file


def fresh(file: Path) -> AspectModel:
    """The model of a file that may have been written a moment ago."""
    aspects_model.load.cache_clear()
    return aspects_model.load(str(file))


def write_card(path: Path, found: Mapping[str, float], *, size: int, threshold: float, passes: str) -> None:
    """Fill `training/cards/aspects.md` with the figures of this run."""
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in found.items())
    template = Template(CARD.read_text(encoding="utf-8"))
    path.write_text(
        template.substitute(figures=rows, size=f"{size / 1e6:.2f} MB", threshold=f"{threshold:g}", passes=passes),
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
        (work / CHECKPOINT).unlink(missing_ok=True)
    data = assemble(request.data, Pieces.load(folder), at_most=request.at_most)
    options = Options(epochs=int(request.epochs or Options().epochs), seed=request.seed, threads=request.threads or 1)
    net = fit(data, options, folder, work, request.say, request.tell)
    file = finish(net, data, options, work, request.say)
    request.say("measuring on what was held out")
    model = fresh(file)
    found = measure(model, data, float(model.about["threshold"]))
    card = work / "aspects.md"
    write_card(
        card, found, size=file.stat().st_size, threshold=float(model.about["threshold"]),
        passes=f"At most {options.epochs} passes at rate {options.rate:g}, falling to 0; seed {options.seed}.",
    )  # fmt: skip
    in_use = measure_in_use(request.models, data)
    deciding = tuple(name for name in found if name.startswith("polarity") or "quadruple" in name)
    return Outcome({FILE: file, "aspects.md": card}, found, in_use, deciding)


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
