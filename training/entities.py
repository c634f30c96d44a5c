"""`huaxiang train entities`: the tagger of brands and products from tagged shop titles, with a held-out tenth to stop by.

The published split's `dev` part is never trained on nor looked at for stopping: it is the figure.
"""

from __future__ import annotations

import random
from typing import Any

import torch

from huaxiang.errors import DataError, ModelError
from huaxiang.text import entities_tagger
from training.entities_fit import f1, fit, span_f1, titles, word_lists
from training.entities_net import TAGS
from training.recipes import Outcome, Request

FOLDER = "ecommerce-ner-zh"


def train(request: Request) -> Outcome:
    """Train the tagger: one or two minutes of one core.

    Raises:
        DataError: the set is not in the data folder.
    """
    folder = request.data / FOLDER
    if not (folder / "train.txt.bieos").is_file():
        raise DataError(f"no {FOLDER}/train.txt.bieos in the data folder", hint="see docs/text.md", code="no-such-file")
    request.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(request.threads or 1)
    lists = word_lists(folder)
    learned = titles(folder / "train.txt.bieos", lists)
    random.Random(request.seed).shuffle(learned)
    held, learned = learned[: len(learned) // 10], learned[len(learned) // 10 :]
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
    return Outcome({made.name: made}, figures, in_use, ("dev_f1",))
