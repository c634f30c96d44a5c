"""What another shop's reviews would get: both tiers without three categories, judged on these.

    python -m training.encoder_sentiment --data DIR --work WORK --at-most 3500 --without 酒店 水果 蒙牛
    python benchmarks/sentiment_left_out.py --data DIR --delta WORK/delta.npz --without 酒店 水果 蒙牛

The blend is fitted on 800 reviews of the other categories and applied with more and less weight on the n-grams.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from huaxiang import metrics  # noqa: E402
from huaxiang.models.e5_tuned import TunedEncoder  # noqa: E402
from huaxiang.text.normalise import normalise_many  # noqa: E402
from training import sentiment as fast  # noqa: E402
from training import sentiment_blend as blends  # noqa: E402
from training import sentiment_data as sets  # noqa: E402
from training.encoder_sentiment import chinese  # noqa: E402
from training.sentiment_blend import Scored, labels_of  # noqa: E402
from training.sentiment_data import GOOD, Example  # noqa: E402

EACH, OTHERS = 400, 800
FACTORS = (1.5, 1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.0)


def ngrams(data: Path, without: frozenset[str], texts: list[list[str]]) -> list[np.ndarray]:
    """Log-odds of the fast recipe fitted without some categories, for several lists of texts."""
    plan = fast.PLANS["zh"]
    learned, spare, _ = chinese(data, without=without)
    neutral, _ = sets.split(sets.neutral(data, "zh"), test=0.3)
    clauses = sets.clauses("zh")
    own = frozenset(one.source for one in [*learned, *clauses])
    line = fast.fit([*learned, *sets.aspect_sentences(data, "zh"), *sets.films(data), *neutral, *clauses], plan, own)
    judged = [one for one in spare if one.source not in without]
    raw = fast.scores(line, [one.text for one in judged], plan.recipe)
    curve = fast.calibrate(raw, labels_of(judged), balanced=False)
    return [curve.slope * fast.scores(line, each, plan.recipe) + curve.offset for each in texts]


def main() -> int:
    """Print accuracy on the categories left out and on the others, by weight of the n-grams."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--delta", type=Path, required=True, help="an encoder fitted without these categories")
    parser.add_argument("--without", nargs="+", required=True)
    chosen = parser.parse_args()
    without = frozenset(chosen.without)
    _, spare, _ = chinese(chosen.data)
    others = [one for one in spare if one.source not in without][:OTHERS]
    every = sorted(sets.shopping(chosen.data), key=lambda one: one.group[::-1])
    held: list[Example] = []
    for name in chosen.without:
        held += [one for one in every if one.source == name][:EACH]
    texts = [[one.text for one in part] for part in (others, held)]
    encoder = TunedEncoder.load(chosen.delta, keep=False)
    grams = ngrams(chosen.data, without, texts)
    known, new = (
        Scored(encoder.scores(normalise_many(each))[:, 0].astype(float), fast_odds, labels_of(part), np.zeros(len(part), np.int64))
        for each, fast_odds, part in zip(texts, grams, (others, held), strict=True)
    )  # fmt: skip
    source, good = np.array([one.source for one in held]), new.labels == GOOD
    right = (new.ngrams > 0) == good
    by = ", ".join(f"{name} {right[source == name].mean():.4f}" for name in chosen.without)
    print(f"n-grams alone, {len(held)} reviews left out: {metrics.accuracy_interval(new.ngrams > 0, good)} ({by})")
    blend = blends.fit(known, balanced=False)
    for factor in FACTORS:
        tried = replace(blend, ngrams=blend.ngrams * factor)
        said = blends.chance(tried, new) > 0.5
        inside = metrics.accuracy(blends.chance(tried, known) > 0.5, known.labels == GOOD)
        by = ", ".join(f"{name} {(said == good)[source == name].mean():.4f}" for name in chosen.without)
        print(
            f"blend, n-grams x {factor}: left out {metrics.accuracy_interval(said, good)} ({by}), others {inside:.4f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
