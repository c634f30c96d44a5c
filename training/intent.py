"""`huaxiang train intent [--tier fast|accurate]`: what a customer's message or a staff question wants.

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
from huaxiang.errors import ConfigError, ModelError
from huaxiang.models.encoder import Encoder, load_encoder
from huaxiang.text import intent
from huaxiang.text.intent import OUT, IntentModel, Purpose, Tier
from training import intent_data as sets
from training.intent_data import Labelled
from training.intent_fit import FOLDS, fit
from training.intent_labels import vectors_of
from training.recipes import Outcome, Request, write_card

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


def figures(
    model: IntentModel, rows: Sequence[Labelled], name: str, encoder: Encoder | None = None
) -> dict[str, float]:
    """Accuracy in all and by language."""
    said = [one.label for one in model.predict([row.text for row in rows], encoder)]
    found = {f"{name}_accuracy": metrics.accuracy(said, [row.label for row in rows])}
    for language in ("zh", "en"):
        mine = [(one, row.label) for one, row in zip(said, rows, strict=True) if row.language == language]
        if mine:
            found[f"{name}_{language}"] = metrics.accuracy([one for one, _ in mine], [label for _, label in mine])
    return found


def train(request: Request) -> Outcome:
    """Train both fast models, about a minute of one core, or the accurate one of customers' messages, two.

    Raises:
        DataError: a file of templates cannot be read.
        ConfigError: scikit-learn is missing, or there is no such tier.
        ModelError: the accurate tier without the encoder in the cache.
    """
    if request.tier not in ("fast", "accurate"):
        raise ConfigError(f"intent has no tier {request.tier!r} to train", hint="say fast or accurate", code="usage")
    request.work.mkdir(parents=True, exist_ok=True)
    tier: Tier = "accurate" if request.tier == "accurate" else "fast"
    learned, held = customer_rows(request.data, request.seed)
    plan: list[tuple[Purpose, list[Labelled], list[Labelled], float]] = [("customer", learned, held, 0.01)]
    if tier == "fast":  # the encoder gains nothing on staff questions: 0.970 with and without
        plan.insert(0, ("staff", staff_rows(request.seed), sets.held_out(sets.OWN / "staff_held_out.tsv"), 0.0))
    encoder = load_encoder() if tier == "accurate" else None
    told: dict[str, float] = {}
    in_use: dict[str, float] = {}
    files: dict[str, Path] = {}
    for step, (purpose, rows, kept, refused) in enumerate(plan):
        request.tell(step, len(plan), purpose)
        made = request.work / intent.file_of(purpose, tier)
        intent.save(made, _fitted(rows, refused, encoder, request).parts)
        new = intent.load.__wrapped__(purpose, models=str(request.work), tier=tier)
        files[made.name] = made
        told |= (mine := figures(new, kept, purpose, encoder))
        in_use |= _in_use(purpose, request.models, kept, tier, encoder)
        request.say(json.dumps({purpose: mine, "texts": len(rows)}))
    request.tell(len(plan), len(plan), "")
    name = "intent" if tier == "fast" else "intent-accurate"
    sizes = {f"{key}_texts": f"{len(rows):,}" for key, rows, _, _ in plan}
    card = write_card(name, request.work / f"{name}.md", told, seed=str(request.seed), **sizes)
    files[card.name] = card
    return Outcome(files, told, in_use, tuple(f"{purpose}_accuracy" for purpose, _, _, _ in plan))


def _fitted(rows: Sequence[Labelled], refused: float, encoder: Encoder | None, request: Request) -> IntentModel:
    texts, labels = sets.texts_and_labels(rows)
    vectors = None
    if encoder is not None:
        request.say(f"reading {len(texts):,} messages with the encoder")
        vectors = vectors_of(encoder, texts)
    return fit(
        texts, labels, vectors=vectors, bits=BITS, seed=request.seed, groups=[row.source for row in rows],
        outside=(OUT,), refused=refused, about={"texts": len(texts), "seed": request.seed, "tier": request.tier},
    )  # fmt: skip


def _in_use(
    purpose: Purpose, models: Path | None, kept: Sequence[Labelled], tier: Tier, encoder: Encoder | None
) -> dict[str, float]:
    try:
        return figures(intent.load(purpose, models=str(models or ""), tier=tier), kept, purpose, encoder)
    except ModelError:
        return {}  # nothing to compare with: the first model of a checkout
