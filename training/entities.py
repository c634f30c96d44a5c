"""`huaxiang train entities [--tier fast|accurate]`: the taggers of brands and products, from tagged shop titles.

A tenth of the training titles is held out to stop by. The published split's `dev` part is never trained on nor looked
at for stopping: it is the figure.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from huaxiang.errors import DataError, ModelError
from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.require import require
from huaxiang.text import entities_encoder, entities_tagger
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.entities_seen import seen
from training.aspects_lower import Lower
from training.aspects_net import base_weights
from training.entities_fit import Lists, f1, fit, span_f1, tagged, titles, word_lists
from training.entities_net import TAGS, Title
from training.entities_upper import Read, UpperTagger
from training.entities_upper_fit import CHECKPOINT, Fit, Options
from training.recipes import Outcome, Request, write_card

FOLDER = "ecommerce-ner-zh"


def train(request: Request) -> Outcome:
    """Train the tagger of a tier: a minute or two of one core for `fast`, ten minutes for `accurate`.

    Raises:
        DataError: the set is not in the data folder.
        ModelError: the accurate tier without the encoder in the cache.
        ConfigError: the working folder holds a checkpoint of other options.
    """
    folder = request.data / FOLDER
    if not (folder / "train.txt.bieos").is_file():
        raise DataError(f"no {FOLDER}/train.txt.bieos in the data folder", hint="see docs/text.md", code="no-such-file")
    request.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(request.threads or 1)
    return _accurate(request, folder) if request.tier == "accurate" else _fast(request, folder)


def _fast(request: Request, folder: Path) -> Outcome:
    lists = word_lists(folder)
    learned = titles(folder / "train.txt.bieos", lists)
    random.Random(request.seed).shuffle(learned)
    held, learned = learned[: len(learned) // 10], learned[len(learned) // 10 :][: request.at_most]
    net = fit(learned, held, epochs=int(request.epochs or 8), seed=request.seed, say=request.say, tell=request.tell)
    dev = titles(folder / "dev.txt.bieos", lists)
    weights = net.features.weight.detach().numpy()
    made = request.work / entities_tagger.FILE
    about: dict[str, Any] = {"tags": TAGS, "titles": len(learned), "seed": request.seed, "dev_f1": f1(net, dev)["all"]}
    entities_tagger.save(made, weights, net.steps.detach().numpy(), net.ends.detach().numpy(), lists, about)
    shipped = entities_tagger.load.__wrapped__(models=str(request.work))
    figures = span_f1(shipped, dev)
    in_use: dict[str, float] = {}
    try:
        in_use = span_f1(entities_tagger.load(models=str(request.models or "")), dev)
    except ModelError:
        request.say("no tagger is in use yet")
    card = write_card(
        "entities", request.work / "entities.md", figures, titles=f"{len(learned):,}", seed=str(request.seed),
        size=f"{made.stat().st_size / 1e6:.1f} MB",
    )  # fmt: skip
    return Outcome({made.name: made, card.name: card}, figures, in_use, ("dev_f1",))


def reads(rows: Sequence[tuple[str, Any]], lists: Lists, lower: Lower, pieces: Pieces) -> list[Read]:
    """Tagged titles as the accurate tagger reads them."""
    made = []
    for text, tags in rows:
        found = seen(text, pieces, lists)
        made.append(Read(text, found, tags, lower.states(found.ids)))
    return made


def _accurate(request: Request, folder: Path) -> Outcome:
    encoder = resolve(ENCODER)
    if request.fresh:
        (request.work / CHECKPOINT).unlink(missing_ok=True)
    options = Options(
        epochs=int(request.epochs or Options().epochs), seed=request.seed, threads=request.threads or 1
    )  # fmt: skip
    model = require("onnx", extra="app").load(str(encoder / "model.int8.onnx"))
    weights = base_weights(model)
    lower, pieces, lists = (
        Lower(model, options.first_layer, threads=options.threads),
        Pieces.load(encoder),
        word_lists(folder),
    )
    request.say("reading the titles with the lower layers")
    rows = tagged(folder / "train.txt.bieos")
    random.Random(request.seed).shuffle(rows)
    held = reads(rows[: len(rows) // 10], lists, lower, pieces)
    learned = reads(rows[len(rows) // 10 :][: request.at_most], lists, lower, pieces)
    torch.manual_seed(request.seed)
    net = UpperTagger(weights, first_layer=options.first_layer, rank=options.rank).train()
    reached = Fit(net, learned, held, options, request.work, say=request.say, tell=request.tell).run()
    about = {"tags": TAGS, "titles": len(learned), "held_f1": reached, "options": asdict(options)}
    return finish(net, lists, about, request, tagged(folder / "dev.txt.bieos"))


def finish(
    net: UpperTagger, lists: Lists, about: dict[str, Any], request: Request, dev: Sequence[tuple[str, Any]]
) -> Outcome:
    """Write the model and its card into the working folder and measure it, as it runs in use, on `dev`."""
    low_rank, heads, grams = net.packed()
    made = request.work / entities_encoder.FILE
    entities_encoder.save(made, low_rank, heads, grams, lists, about)
    rows = [Title(text, np.zeros((0, 0), np.int64), tags) for text, tags in dev]
    figures = span_f1(entities_encoder.load.__wrapped__(models=str(request.work)), rows)
    in_use: dict[str, float] = {}
    try:
        in_use = span_f1(entities_encoder.load.__wrapped__(models=str(request.models or "")), rows)
    except ModelError:
        request.say("no accurate tagger is in use yet")
    card = write_card(
        made.stem, request.work / f"{made.stem}.md", figures, size=f"{made.stat().st_size / 1e6:.2f} MB",
        titles=f"{about['titles']:,}", held=f"{about['held_f1']:.3f}", epochs=str(about["options"]["epochs"]),
        rate=f"{about['options']['rate']:g}", seed=str(about["options"]["seed"]),
    )  # fmt: skip
    return Outcome({made.name: made, card.name: card}, figures, in_use, ("dev_f1",))
