"""Fine-tune the encoder for sentiment; the first and longest step of `huaxiang train sentiment --tier accurate`.

Chinese shop reviews and what `training.sentiment_data` has beside them, Chinese and English in one change. The splits
are those of `training.sentiment`: what that holds out is held out here. Needs the extra `finetune` (torch, transformers,
peft) and the encoder in the cache. About an hour on two cores; it goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from training import sentiment_data as sets
from training.encoder_loop import Fit, Options, Rows, Say, Tell
from training.encoder_model import Adapter, Classifier, Tokens, bert
from training.sentiment_data import BAD, GOOD, NEITHER, Example

TOKENS = 96
"""Cut for training: a tenth of the reviews is longer, and it would double the time."""
READ_TOKENS = 192
"""Cut in use: twice as much, a third of it from the end."""
FIRST_LAYER = 4
"""The lower layers know words, not opinions; leaving them saves a fifth of the time."""
TARGET = {GOOD: 1.0, BAD: 0.0, NEITHER: 0.5}


def balanced(examples: Sequence[Example], worth: float) -> np.ndarray:
    """Weights that give good and bad the same sum within these examples; neutral ones count `worth`."""
    labels = np.array([example.label for example in examples])
    weights = np.full(labels.size, worth)
    for label in (GOOD, BAD):
        here = labels == label
        if here.any():
            weights[here] *= (labels != NEITHER).sum() / (2 * here.sum())
    return weights


def rows(parts: Sequence[tuple[list[Example], float]], tokens: Tokens) -> Rows:
    """Token ids, targets and weights of several sets, each balanced within itself and weighed by its number."""
    examples = [example for part, _ in parts for example in part]
    weights = np.concatenate([balanced(part, worth) for part, worth in parts if part])
    targets = np.array([[TARGET[example.label]] for example in examples])
    return Rows(tokens([example.text for example in examples]), targets, weights)


def chinese(data: Path, *, without: frozenset[str] = frozenset()) -> tuple[list[Example], list[Example], list[Example]]:
    """(to learn from, for curves, held out) of the shop reviews, as in `training.sentiment`; `without` drops categories."""
    rest, test = sets.split(sets.shopping(data), test=0.1)
    rest, spare = sets.split(rest, test=0.1)
    return [one for one in rest if one.source not in without], spare, test


def assemble(
    data: Path, *, without: frozenset[str], at_most: int | None
) -> tuple[list[tuple[list[Example], float]], list[Example]]:
    """Sets with their worth, and the reviews to look at on the way."""
    learned, spare, _ = chinese(data, without=without)
    if at_most is not None:
        learned = sorted(learned, key=lambda one: one.group[::-1])[:at_most]
    share = 1.0 if at_most is None else min(1.0, at_most / 40_000)

    def some(examples: list[Example], count: int) -> list[Example]:
        return sorted(examples, key=lambda one: one.group)[: int(count * share) + 1]

    neutral, _ = sets.split(sets.neutral(data, "zh"), test=0.3)
    neutral_en, _ = sets.split(sets.neutral(data, "en"), test=0.3)
    parts = [
        (learned, 1.0),
        (some(sets.aspect_sentences(data, "zh"), 9000), 0.7),
        (some(sets.films(data), 9000), 0.5),
        (some(neutral, 1500), 0.5),
        (some(sets.clauses("zh"), 9000), 1.0),
        (some(sets.aspect_sentences(data, "en"), 9000), 0.7),
        (some(neutral_en, 1000), 0.5),
        (some(sets.clauses("en"), 9000), 1.0),
    ]
    return parts, sorted(spare, key=lambda one: one.group[::-1])[:1000]


def fit_change(
    data: Path,
    work: Path,
    *,
    without: Sequence[str] = (),
    at_most: int | None = None,
    more: Sequence[Example] = (),
    options: Options | None = None,
    adapter: Adapter | None = None,
    say: Say = print,
    tell: Tell | None = None,
) -> Path:
    """Fit the change and write it as `delta.npz` into `work`, going on at the checkpoint there.

    Args:
        data: the folder with the sets.
        work: for the checkpoint and the result.
        without: shop categories to leave out.
        at_most: that many of the shop reviews instead of all.
        more: a shop's own texts.
        options: how to fit.
        adapter: size of the change.
        say: takes lines for the log.
        tell: called with (steps done, steps in all, what).

    Raises:
        ModelError: the encoder is not in the cache.
    """
    import torch

    options, adapter = options or Options(), adapter or Adapter(first_layer=FIRST_LAYER)
    folder = resolve(ENCODER)
    tokens = Tokens(folder, limit=TOKENS)
    parts, dev = assemble(data, without=frozenset(without), at_most=at_most)
    train = rows([*parts, (list(more), 1.0)], tokens)
    say(f"{len(train.ids)} texts, {sum(map(len, train.ids))} tokens")
    torch.manual_seed(options.seed)
    model = Classifier(bert(folder), adapter, outputs=1)
    fit = Fit(model, train, rows([(dev, 1.0)], tokens), options, folder=work, say=say, tell=tell)
    loss = fit.run()
    about = {"options": asdict(options), "adapter": asdict(adapter), "tokens": READ_TOKENS, "dev_loss": round(loss, 5)}
    about |= {"without": list(without), "at_most": at_most, "texts": len(train.ids)}
    target = work / "delta.npz"
    model.delta(about).save(target)
    return target


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit only the change (the whole tier: `huaxiang train sentiment --tier accurate`)."""
    about = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m training.encoder_sentiment", description=about)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoint and the result")
    parser.add_argument("--without", nargs="*", default=[], help="shop categories to leave out")
    parser.add_argument("--at-most", type=int, help="that many shop reviews instead of all")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=Options().rate)
    parser.add_argument("--first-layer", type=int, default=FIRST_LAYER)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    fit_change(
        chosen.data,
        chosen.work,
        without=chosen.without,
        at_most=chosen.at_most,
        options=Options(epochs=chosen.epochs, rate=chosen.rate, threads=chosen.threads),
        adapter=Adapter(first_layer=chosen.first_layer),
        say=lambda text: print(text, flush=True),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
