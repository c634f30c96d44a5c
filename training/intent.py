"""`huaxiang train intent`: the two intent models, a customer's message and a staff question, with figures to compare.

Staff questions learn from templates and bare phrases of ours; customers' messages from templates of ours (zh, en),
Bitext's utterances (en) and, for out of scope, questions of CLINC150 that no shop is asked. Held out are 300 staff
questions of other wording, and a fifth of the message templates, whole templates at a time.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huaxiang import metrics
from huaxiang.errors import ModelError
from huaxiang.text import intent
from huaxiang.text.intent import OUT, IntentModel, Purpose
from training import intent_data as sets
from training.intent_data import Labelled
from training.intent_fit import FOLDS, fit
from training.recipes import Outcome, Request

BITS = 15
BITEXT_EACH = 120
STRANGERS = 1500


def staff_rows(seed: int) -> list[Labelled]:
    """What the staff model learns from."""
    return [
        *sets.spelt_out(sets.OWN / "staff_questions.yaml", each=8, seed=seed),
        *sets.framed(sets.OWN / "staff_phrases.yaml", each=4, seed=seed + 1),
    ]


def customer_rows(data: Path, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """Messages to learn from and messages held out: whole templates of ours, and a fifth of the other sets."""
    own = sets.spelt_out(sets.OWN / "customer_messages.yaml", each=12, seed=seed)
    phrases = sets.framed(sets.OWN / "customer_phrases.yaml", each=4, seed=seed + 1, frames=sets.GREETINGS)
    rng = np.random.default_rng(seed)
    more = sets.strangers(data, count=STRANGERS, seed=seed)
    count: dict[str, int] = {}
    found = sets.bitext(data)
    for place in rng.permutation(len(found)).tolist():
        row = found[place]
        count[row.label] = count.get(row.label, 0) + 1
        if count[row.label] <= BITEXT_EACH:
            more.append(row)
    judged = own + more
    # phrases are only learned from: a bare phrase in a frame would be an easy thing to hold out
    return [row for row in judged if not is_held(row)] + phrases, [row for row in judged if is_held(row)]


def is_held(row: Labelled) -> bool:
    """Whether a message is held out: by a hash of its template, so for every seed and whatever is added later.

    Otherwise the model in use would have learned from what the next one is compared on.
    """
    return zlib.crc32((row.source or row.text).encode()) % FOLDS == 0


def figures(model: IntentModel, rows: Sequence[Labelled], name: str) -> dict[str, float]:
    """Accuracy in all and by language."""
    said = [one.label for one in model.predict([row.text for row in rows])]
    found = {f"{name}_accuracy": metrics.accuracy(said, [row.label for row in rows])}
    for language in ("zh", "en"):
        mine = [(one, row.label) for one, row in zip(said, rows, strict=True) if row.language == language]
        if mine:
            found[f"{name}_{language}"] = metrics.accuracy([one for one, _ in mine], [label for _, label in mine])
    return found


def train(request: Request) -> Outcome:
    """Train both models; about a minute of one core.

    Raises:
        DataError: a file of templates cannot be read.
        ConfigError: scikit-learn is missing.
    """
    request.work.mkdir(parents=True, exist_ok=True)
    staff_held = sets.held_out(sets.OWN / "staff_held_out.tsv")
    learned, held = customer_rows(request.data, request.seed)
    told: dict[str, float] = {}
    in_use: dict[str, float] = {}
    files: dict[str, Path] = {}
    plan: tuple[tuple[Purpose, list[Labelled], list[Labelled], float], ...] = (
        ("staff", staff_rows(request.seed), staff_held, 0.0),
        ("customer", learned, held, 0.01),
    )
    for step, (purpose, rows, kept, refused) in enumerate(plan):
        request.tell(step, len(plan), purpose)
        texts, labels = sets.texts_and_labels(rows)
        about = {"texts": len(texts), "seed": request.seed}
        model = fit(
            texts, labels, bits=BITS, seed=request.seed, groups=[row.source for row in rows], outside=(OUT,),
            refused=refused, about=about,
        )  # fmt: skip
        made = request.work / intent.file_of(purpose)
        intent.save(made, model.parts)
        files[made.name] = made
        told |= figures(model, kept, purpose)
        in_use |= _in_use(purpose, request.models, kept)
        request.say(json.dumps({purpose: figures(model, kept, purpose), "texts": len(texts)}))
    request.tell(len(plan), len(plan), "")
    return Outcome(files, told, in_use, ("staff_accuracy", "customer_accuracy"))


def _in_use(purpose: Purpose, models: Path | None, kept: Sequence[Labelled]) -> dict[str, float]:
    try:
        return figures(intent.load(purpose, models=str(models or "")), kept, purpose)
    except ModelError:
        return {}  # nothing to compare with: the first model of a checkout
