"""The accurate tier from the fitted change to the file that ships: heads, blends, calibration, figures, card.

Everything here reads texts with the merged int8 graph, as it will be in use. The change has seen no English review, so
the English head (a logistic regression on the token mean, beside the joint head's own score) is judged in five folds,
like the n-grams. What takes long, the vectors, is kept in the working folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.models.e5_tuned import Delta, TunedEncoder
from huaxiang.text.normalise import normalise_many
from huaxiang.text.sentiment import Floats, SentimentModel
from huaxiang.text.sentiment_accurate import OTHER, Blend
from training import sentiment as fast_recipe
from training import sentiment_blend as blends
from training import sentiment_data as sets
from training.recipes import Say, Tell
from training.sentiment_blend import Scored, labels_of
from training.sentiment_data import GOOD, NEITHER, Example

CARD = Path(__file__).parent / "cards" / "sentiment-accurate.md"
STRENGTH = 0.003  # of the English head's ridge (C of scikit-learn); not searched for, so the folds do not flatter it
Head = tuple[npt.NDArray[np.float32], float]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Reads token means with one merged encoder and keeps them in `work`."""

    encoder: TunedEncoder
    work: Path
    key: str
    tell: Tell

    def __call__(self, name: str, examples: Sequence[Example]) -> Floats:
        """Token means of the examples' texts, float64 (n, 384)."""
        texts = [one.text for one in examples]
        mark = hashlib.sha256("\0".join([self.key, *texts]).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        path = self.work / f"{name}.{mark}.npy"
        if not path.exists():
            found = self.encoder.pooled(
                normalise_many(texts), lambda done, total: self.tell(done, total, f"reading {name}")
            )
            np.save(path, found.astype(np.float32))
        return np.asarray(np.load(path), dtype=np.float64)


def english_head(vectors: Floats, joint: Floats, labels: npt.NDArray[np.int64]) -> Head:
    """A head for one language: ridge-regularised logistic regression, classes balanced, in units of the token mean.

    Args:
        vectors: token means (n, 384).
        joint: the joint head's scores (n,), which the regression may lean on without a price.
        labels: GOOD, BAD; neutral rows are left out.
    """
    from sklearn.linear_model import LogisticRegression

    judged = labels != NEITHER
    middle, size = vectors[judged].mean(0), vectors[judged].std(0) + 1e-6
    table = np.column_stack([(vectors[judged] - middle) / size, 10 * joint[judged] / (joint[judged].std() + 1e-6)])
    fitted = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000).fit(table, labels[judged] == GOOD)
    own = fitted.coef_[0, :-1] / size
    lean = fitted.coef_[0, -1] * 10 / (joint[judged].std() + 1e-6)
    # score = vectors @ own + lean * joint + constant; the caller adds the joint head's weights
    return np.append(own, lean).astype(np.float32), float(fitted.intercept_[0] - middle @ own)


def apply(head: Head, vectors: Floats, joint: Floats) -> Floats:
    """Scores of such a head, (n,)."""
    weights, constant = head
    return np.asarray(vectors @ weights[:-1] + weights[-1] * joint + constant)


def chinese(data: Path, read: Vectors, joint: Head, fast: SentimentModel) -> tuple[Blend, dict[str, float], Scored]:
    """(blend, figures of the held-out reviews, what the blend was fitted on)."""
    rest, test = sets.split(sets.shopping(data), test=0.1)
    _, spare = sets.split(rest, test=0.1)
    _, neutral = sets.split(sets.neutral(data, "zh"), test=0.3)

    def scored(name: str, examples: list[Example]) -> Scored:
        texts = [one.text for one in examples]
        scores = read(name, examples) @ joint[0] + joint[1]
        return Scored(scores, fast.log_odds(texts, "zh"), labels_of(examples), np.zeros(len(texts), np.int64))

    judged, held = scored("zh-spare", spare + neutral), scored("zh-test", test)
    blend = blends.fit(judged, balanced=False)
    figures = blends.figures(blends.chance(blend, held), held.labels, prefix="test")
    alone = blends.fit(judged, balanced=False, ngrams=False)
    told = blends.figures(blends.chance(alone, held), held.labels, prefix="")
    figures["test_encoder_alone_accuracy"] = told["_accuracy"]
    return *_banded(blend, blends.chance(blend, judged), judged.labels, figures), judged


def english(data: Path, read: Vectors, joint: Head, *, say: Say) -> tuple[Head, Blend, dict[str, float], Scored]:
    """(head, blend, figures of the folds, scores out of fold)."""
    core = [one for one in sets.amazon(data) if one.label != NEITHER] + sets.neutral(data, "en")
    beside = sets.aspect_sentences(data, "en") + sets.clauses("en")
    raw, fold_of = _ngram_folds(core, beside, read.work, say)
    every = labels_of(core)
    curve = fast_recipe.calibrate(raw[every != NEITHER], every[every != NEITHER], balanced=True)
    chosen = _thinned(every)
    labels, raw, fold_of = every[chosen], raw[chosen], fold_of[chosen]
    vectors = read("en-folds", [core[i] for i in chosen])
    shared = vectors @ joint[0] + joint[1]
    scores = np.zeros(labels.size)
    for number in np.unique(fold_of):
        here = fold_of == number
        scores[here] = apply(english_head(vectors[~here], shared[~here], labels[~here]), vectors[here], shared[here])
    out = Scored(scores, curve.slope * raw + curve.offset, labels, fold_of)
    figures = blends.figures(blends.nested(out), labels, prefix="folds")
    for name, other in (("zero_shot", replace(out, encoder=shared)), ("encoder_alone", out)):
        told = blends.figures(blends.nested(other, ngrams=False), labels, prefix="")
        figures[f"folds_{name}_balanced_accuracy"] = told["_balanced_accuracy"]
    head = english_head(vectors, shared, labels)
    # folded into one column: the joint score is itself a column of weights
    whole = (head[0][:-1] + head[0][-1] * joint[0]).astype(np.float32), head[1] + float(head[0][-1]) * joint[1]
    blend, figures = _banded(blends.fit(out, balanced=True), blends.nested(out), labels, figures)
    return whole, replace(blend, head=1), figures, replace(out, encoder=shared)


def _ngram_folds(
    core: Sequence[Example], beside: Sequence[Example], work: Path, say: Say
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Scores of the n-grams out of fold, and the folds; kept in `work`, since five fits take minutes."""
    plan = fast_recipe.PLANS["en"]
    content = "\0".join([repr(plan), *(one.text for one in [*core, *beside])])
    path = work / f"en-ngrams.{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.npy"
    if not path.exists():
        raw, fold_of, _ = fast_recipe.out_of_fold(core, beside, plan, say=say)
        np.save(path, np.stack([raw, fold_of.astype(np.float64)]))
    kept = np.load(path)
    return np.asarray(kept[0]), np.asarray(kept[1], dtype=np.int64)


def _thinned(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows to read: all bad ones, a quarter of the others. Praise is twenty times as frequent, and counts no more."""
    rows = np.arange(labels.size)
    keep = labels == sets.BAD
    for label in (GOOD, NEITHER):
        keep[rows[labels == label][::4]] = True
    return np.asarray(rows[keep], dtype=np.int64)


def _banded(
    blend: Blend, chances: Floats, labels: npt.NDArray[np.int64], figures: dict[str, float]
) -> tuple[Blend, dict[str, float]]:
    """The blend with its neutral band, and what the band does."""
    polarity = 2 * chances - 1
    band = fast_recipe.neutral_band(polarity, labels)
    neither = labels == NEITHER
    told = {
        "band": round(band, 3),
        "neutral_called_neutral": round(float(np.mean(np.abs(polarity[neither]) < band)), 4),
        "opinions_called_neutral": round(float(np.mean(np.abs(polarity[~neither]) < band)), 4),
    }
    return replace(blend, band=band), figures | told


def other(zh: Scored, en: Scored) -> Blend:
    """For languages without n-grams: the joint head alone, fitted on both languages with equal weight."""
    rng = np.random.default_rng(fast_recipe.SEED)
    rows = []
    for offset, part in ((0, zh), (zh.labels.size, en)):
        for label in (GOOD, sets.BAD):
            at = np.flatnonzero(part.labels == label)
            rows.append(offset + rng.choice(at, 1000))
    both = Scored(*(np.concatenate([a, b]) for a, b in ((zh.encoder, en.encoder), (zh.ngrams, en.ngrams), (zh.labels, en.labels), (zh.fold_of, en.fold_of))))  # fmt: skip
    return replace(blends.fit(both[np.concatenate(rows)], balanced=True, ngrams=False), band=0.5)


def finish(
    data: Path, work: Path, delta_file: Path, fast: SentimentModel, *, say: Say, tell: Tell
) -> tuple[Path, Path, dict[str, Any]]:
    """Heads, blends and card of a fitted change: (model file, card, figures by language), both files in `work`."""
    delta = Delta.load(delta_file)
    key = hashlib.sha256(delta_file.read_bytes()).hexdigest()
    read = Vectors(TunedEncoder.load(delta_file, keep=False), work, key, tell)
    joint: Head = (delta.head[0][:, 0], float(delta.head[1][0]))
    zh, zh_figures, zh_scored = chinese(data, read, joint, fast)
    say(json.dumps({"zh": zh_figures}))
    head, en, en_figures, en_scored = english(data, read, joint, say=say)
    say(json.dumps({"en": en_figures}))
    known = {"zh": zh, "en": en, OTHER: other(zh_scored, en_scored)}
    figures = {"zh": zh_figures, "en": en_figures}
    heads = np.column_stack([joint[0], head[0]]).astype(np.float32), np.array([joint[1], head[1]], np.float32)
    about = {**delta.about, "blends": {name: asdict(blend) for name, blend in known.items()}, "figures": figures}
    made = work / "sentiment-accurate.npz"
    replace(delta, head=heads, about=about).save(made)
    card = made.with_suffix(".md")
    write_card(card, about, size=made.stat().st_size)
    return made, card, figures


def write_card(path: Path, about: dict[str, Any], *, size: int) -> None:
    """Fill `training/cards/sentiment-accurate.md` with the settings and figures of this run."""
    rows = [f"| {code} | {name} | {value} |" for code, told in about["figures"].items() for name, value in told.items()]
    told = {name: value for name, value in about.items() if name not in ("figures", "blends")}
    text = CARD.read_text(encoding="utf-8").replace("$figures", "\n".join(rows))
    text = text.replace("$blends", json.dumps(about["blends"])).replace("$run", json.dumps(told))
    path.write_text(text.replace("$size", f"{size / 1e6:.2f} MB"), encoding="utf-8")
