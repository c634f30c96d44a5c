"""How well and how fast the shipped sentiment models read: `python benchmarks/sentiment.py --data ../shared/data`.

Chinese: the 10 % of online-shopping-10-cats that is neither learned from nor calibrated on; SnowNLP on the seven
categories that its own training text does not contain. English, fast: the recipe refitted in five folds (the shipped
weights have seen these reviews); accurate: the folds' figure that the model carries from its making, since its encoder
has seen no English review and its head is cheap to refit (`huaxiang train sentiment --tier accurate` prints it again);
VADER on the same reviews. Intervals are 95 % bootstraps over texts; what a tier gains is given row by row.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from sentiment_probes import MARKS, PROBES  # noqa: E402

from huaxiang import metrics  # noqa: E402
from huaxiang.errors import ModelError  # noqa: E402
from huaxiang.text.sentiment_tiers import Reader, reader  # noqa: E402
from training import sentiment as recipe  # noqa: E402
from training import sentiment_data as sets  # noqa: E402

SNOWNLP_SAW = ("书籍", "计算机", "酒店")
SHORT = 60  # characters


def chinese(data: Path, models: dict[str, Reader], *, peer_texts: int) -> None:
    """The shipped models on the held-out Chinese reviews."""
    _, test = sets.split(sets.shopping(data))
    texts, good = [one.text for one in test], np.array([one.label == sets.GOOD for one in test])
    source = np.array([one.source for one in test])
    rights: dict[str, np.ndarray] = {}
    for name, model in models.items():
        read = model.predict(texts, ["zh"] * len(texts))
        right = rights[name] = np.array([one.polarity > 0 for one in read]) == good
        sure = np.array([one.probability for one in read])
        print(
            f"zh {name}: {len(test)} held-out reviews, accuracy {metrics.accuracy_interval(right, np.ones_like(right))}, "
            f"ECE {metrics.calibration_error(sure, right):.4f}, surest 85 % {metrics.accuracy_of_surest(sure, right):.4f}, "
            f"called neutral {np.mean([one.label == 'neutral' for one in read]):.3f}"
        )
        by = ", ".join(f"{one} {right[source == one].mean():.3f}" for one in sorted(set(source)))
        print(f"    by category: {by}", flush=True)
    if len(rights) == 2:
        print(f"    accurate less fast: {metrics.paired_difference(rights['accurate'], rights['fast'])}")
    rate = {name: speed(name, model, texts) for name, model in models.items()}
    snownlp(texts, good, ~np.isin(source, SNOWNLP_SAW), rights, rate["fast"], peer_texts)


def snownlp(
    texts: list[str], good: np.ndarray, fair: np.ndarray, rights: dict[str, np.ndarray], rate: float, count: int
) -> None:
    """The peer on a sample of the reviews it has not learned from."""
    if importlib.util.find_spec("snownlp") is None:
        print("    SnowNLP not installed: pip install snownlp vaderSentiment")
        return
    SnowNLP: Any = importlib.import_module("snownlp").SnowNLP
    chosen = np.flatnonzero(fair)[:: max(1, int(fair.sum()) // count)]
    begun = time.perf_counter()
    theirs = np.array([SnowNLP(texts[i]).sentiments > 0.5 for i in chosen]) == good[chosen]
    spent = time.perf_counter() - begun
    ones = np.ones(chosen.size, bool)
    print(
        f"    SnowNLP, {chosen.size} of the seven categories it was not trained on: accuracy "
        f"{metrics.accuracy_interval(theirs, ones)}, {chosen.size / spent:.0f} texts/s"
    )
    for name, right in rights.items():
        print(f"    ours on the same, {name}: {metrics.accuracy_interval(right[chosen], ones)}")
    print(f"    fast is {rate * spent / chosen.size:.0f} times as fast as SnowNLP")


def speed(name: str, model: Reader, texts: list[str]) -> float:
    """Texts a second on short reviews, detection of the language included: median of five runs."""
    short = [text for text in texts if len(text) <= SHORT]
    many = short * 12 if name == "fast" else short[:400]
    model.predict(many[:100])
    rates, costs = [], []
    for _ in range(5):
        begun, worked = time.perf_counter(), time.process_time()
        model.predict(many)
        rates.append(len(many) / (time.perf_counter() - begun))
        costs.append(1000 * (time.process_time() - worked) / len(many))
    print(
        f"    speed, {name}: {statistics.median(rates):,.0f} reviews of at most {SHORT} characters a second "
        f"(median of 5, {min(rates):,.0f}-{max(rates):,.0f}), {statistics.median(costs):.3f} ms of processor time each",
        flush=True,
    )
    return statistics.median(rates)


def english(data: Path, models: dict[str, Reader]) -> None:
    """The English recipes in five folds, and VADER, on the same reviews."""
    plan = recipe.PLANS["en"]
    core = [one for one in sets.amazon(data) if one.label != sets.NEITHER] + sets.neutral(data, "en")
    raw, fold_of, _ = recipe.out_of_fold(core, sets.aspect_sentences(data, "en") + sets.clauses("en"), plan)
    labels = np.array([one.label for one in core])
    chance = recipe.nested(raw, labels, fold_of)
    judged = labels != sets.NEITHER
    good = labels[judged] == sets.GOOD
    print(
        f"en fast: five folds, {judged.sum()} reviews ({(~good).sum()} bad), body only: balanced accuracy "
        f"{metrics.balanced_interval(chance[judged] > 0.5, good)}"
    )
    told = getattr(models.get("accurate"), "figures", {}).get("en", {})
    if told:
        print("en accurate, the same folds, from its making: " + ", ".join(f"{k} {v}" for k, v in told.items()))
    if importlib.util.find_spec("vaderSentiment") is None:
        print("    VADER not installed: pip install snownlp vaderSentiment")
        return
    peer: Any = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    texts = [one.text for one in core if one.label != sets.NEITHER]
    begun = time.perf_counter()
    theirs = np.array([peer.polarity_scores(text)["compound"] > 0 for text in texts])
    rate = len(texts) / (time.perf_counter() - begun)
    print(f"    VADER on the same: balanced accuracy {metrics.balanced_interval(theirs, good)}, {rate:.0f} texts/s")


def accurate_folds(data: Path) -> None:
    """The accurate tier's English figures made anew: the shipped encoder, head, n-grams and blend refitted in five folds."""
    from huaxiang.models.e5_tuned import Delta, TunedEncoder
    from huaxiang.text.sentiment_accurate import SHIPPED
    from training import sentiment_accurate as accurate_recipe

    file = ROOT / "huaxiang" / "text" / SHIPPED
    delta = Delta.load(file)
    with tempfile.TemporaryDirectory() as work:
        read = accurate_recipe.Vectors(
            TunedEncoder.load(file, keep=False), Path(work), "shipped", lambda done, total, what: None
        )
        joint = delta.head[0][:, 0], float(delta.head[1][0])
        _, _, told, _ = accurate_recipe.english(data, read, joint, say=lambda text: None)
    print(
        "en accurate, the same folds, refitted now: " + ", ".join(f"{k} {v:.4f}" for k, v in told.items()), flush=True
    )


def probes(models: dict[str, Reader]) -> None:
    """Short comments, negation, sarcasm and mixed reviews of our own, never trained on: signs right, by kind."""
    for name, model in models.items():
        said = []
        for kind, rows in {**PROBES, **MARKS}.items():
            read = model.predict([text for text, _ in rows])
            right = sum((one.polarity > 0) == (sign > 0) for one, (_, sign) in zip(read, rows, strict=True))
            said.append(f"{kind} {right}/{len(rows)}")
        print(f"probes, {name}: " + ", ".join(said))


def left_out(data: Path, categories: Sequence[str]) -> None:
    """The fast recipe refitted without `categories`, on these: what another shop's reviews would get."""
    plan = recipe.PLANS["zh"]
    reviews = sets.shopping(data)
    learned = [one for one in reviews if one.source not in categories]
    beside = sets.aspect_sentences(data, "zh") + sets.films(data) + sets.neutral(data, "zh") + sets.clauses("zh")
    own = frozenset(one.source for one in [*learned, *sets.clauses("zh")])
    line = recipe.fit(learned + beside, plan, own)
    for name in categories:
        held = [one for one in reviews if one.source == name]
        said = recipe.scores(line, [one.text for one in held], plan.recipe) > 0
        print(f"zh fast without {', '.join(categories)}, on {name}: {metrics.accuracy_interval(said, np.array([one.label == sets.GOOD for one in held]))}")  # fmt: skip


def main() -> int:
    """Print all figures; exit code 1 where the data is absent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--peer-texts", type=int, default=500, help="how many texts the slow peer reads")
    parser.add_argument("--tiers", nargs="+", choices=("fast", "accurate"), default=["fast", "accurate"])
    parser.add_argument("--left-out", nargs="*", default=[], help="also refit the fast tier without these categories")
    parser.add_argument("--skip-english", action="store_true", help="leave out the five folds (two minutes)")
    parser.add_argument(
        "--refit-accurate", action="store_true", help="also make the accurate tier's English folds anew (five minutes)"
    )
    chosen = parser.parse_args()
    if not chosen.data.exists():
        print(f"no data at {chosen.data}: give the folder with --data")
        return 1
    models: dict[str, Reader] = {}
    for tier in chosen.tiers:
        try:
            models[tier] = reader(tier)
        except ModelError as error:
            print(f"{tier}: {error}")
    probes(models)
    chinese(chosen.data, models, peer_texts=chosen.peer_texts)
    if chosen.left_out:
        left_out(chosen.data, chosen.left_out)
    if not chosen.skip_english:
        english(chosen.data, models)
    if chosen.refit_accurate:
        accurate_folds(chosen.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
