"""How well and how fast the shipped sentiment model reads: `python benchmarks/sentiment.py --data ../shared/data`.

Chinese: the 10 % of online-shopping-10-cats that is neither learned from nor calibrated on; SnowNLP on the seven categories that its own
training text does not contain. English: the recipe refitted in five folds (the shipped weights have seen these reviews),
and VADER on the same. Intervals are 95 % bootstraps over texts.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from huaxiang.text import sentiment  # noqa: E402
from training import sentiment as recipe  # noqa: E402
from training import sentiment_data as sets  # noqa: E402

SNOWNLP_SAW = ("书籍", "计算机", "酒店")


def interval(right: np.ndarray, *, rounds: int = 1000) -> str:
    """Mean and its 95 % bootstrap interval."""
    rng = np.random.default_rng(20)
    means = [right[rng.integers(0, right.size, right.size)].mean() for _ in range(rounds)]
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{right.mean():.4f} [{low:.4f}, {high:.4f}]"


def balanced_interval(right: np.ndarray, good: np.ndarray, *, rounds: int = 1000) -> str:
    """Mean of the recall of both classes, and its 95 % bootstrap interval within classes."""
    rng = np.random.default_rng(20)
    sides = [right[good], right[~good]]
    value = np.mean([side.mean() for side in sides])
    draws = [np.mean([side[rng.integers(0, side.size, side.size)].mean() for side in sides]) for _ in range(rounds)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return f"{value:.4f} [{low:.4f}, {high:.4f}]"


def chinese(data: Path, *, peer_texts: int) -> None:
    """The shipped model on the held-out Chinese reviews."""
    _, test = sets.split(sets.shopping(data))
    texts, good = [example.text for example in test], np.array([example.label == sets.GOOD for example in test])
    read = sentiment.load().predict(texts, ["zh"] * len(texts))
    right = np.array([one.polarity > 0 for one in read]) == good
    sure = np.array([one.probability for one in read])
    surest = np.argsort(-sure)[: int(0.85 * sure.size)]
    print(f"zh  held-out reviews {len(test)}: accuracy {interval(right)}, ECE {recipe.calibration_error(sure, right):.4f}, "
          f"surest 85 % {right[surest].mean():.4f}, called neutral {np.mean([one.label == 'neutral' for one in read]):.3f}")  # fmt: skip
    source = np.array([example.source for example in test])
    print("    by category: " + ", ".join(f"{name} {right[source == name].mean():.3f}" for name in sorted(set(source))))
    rate = speed(texts)
    fair = ~np.isin(source, SNOWNLP_SAW)
    if importlib.util.find_spec("snownlp") is None:
        print("    SnowNLP not installed: pip install snownlp vaderSentiment")
        return
    from snownlp import SnowNLP

    chosen = np.flatnonzero(fair)[:: max(1, int(fair.sum()) // peer_texts)]
    begun = time.perf_counter()
    theirs = np.array([SnowNLP(texts[i]).sentiments > 0.5 for i in chosen]) == good[chosen]
    spent = time.perf_counter() - begun
    print(f"    SnowNLP, {len(chosen)} of the seven categories it was not trained on: accuracy {interval(theirs)}, "
          f"{len(chosen) / spent:.0f} texts/s; ours on the same {interval(right[chosen])}, {rate * spent / len(chosen):.0f} times as fast")  # fmt: skip


def speed(texts: list[str]) -> float:
    """Texts a second, detection of the language included; the best of three runs on one thread."""
    many = texts * 4
    sentiment.load().predict(texts[:100])
    rates = []
    for _ in range(3):
        begun = time.perf_counter()
        sentiment.load().predict(many)
        rates.append(len(many) / (time.perf_counter() - begun))
    print(
        f"    speed: {max(rates):,.0f} reviews/s on one thread (mean {np.mean([len(t) for t in texts]):.0f} characters)"
    )
    return max(rates)


def english(data: Path) -> None:
    """The English recipe in five folds, and VADER, on the same reviews."""
    plan = recipe.PLANS["en"]
    core = [example for example in sets.amazon(data) if example.label != sets.NEITHER] + sets.neutral(data, "en")
    raw, fold_of, _ = recipe.out_of_fold(core, sets.aspect_sentences(data, "en") + sets.clauses("en"), plan)
    labels = np.array([example.label for example in core])
    chance = recipe.nested(raw, labels, fold_of)
    judged = labels != sets.NEITHER
    good = labels[judged] == sets.GOOD
    right = (chance[judged] > 0.5) == good
    print(
        f"en  five folds, {judged.sum()} reviews ({(~good).sum()} bad), body only: balanced accuracy {balanced_interval(right, good)}"
    )
    if importlib.util.find_spec("vaderSentiment") is None:
        print("    VADER not installed: pip install snownlp vaderSentiment")
        return
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader: Any = SentimentIntensityAnalyzer()
    texts = [example.text for example in core if example.label != sets.NEITHER]
    begun = time.perf_counter()
    theirs = np.array([reader.polarity_scores(text)["compound"] > 0 for text in texts]) == good
    print(
        f"    VADER on the same: balanced accuracy {balanced_interval(theirs, good)}, {len(texts) / (time.perf_counter() - begun):.0f} texts/s"
    )


def main() -> int:
    """Print all figures; exit code 1 where the data is absent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--peer-texts", type=int, default=500, help="how many texts the slow peer reads")
    chosen = parser.parse_args()
    if not chosen.data.exists():
        print(f"no data at {chosen.data}: give the folder with --data")
        return 1
    chinese(chosen.data, peer_texts=chosen.peer_texts)
    english(chosen.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
