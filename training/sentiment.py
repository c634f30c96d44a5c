"""Train the fast sentiment model: `python -m training.sentiment --data ../shared/data --out huaxiang/text/weights`.

One linear model a language (L2-regularised squared hinge, liblinear) over the hashed n-grams of `huaxiang.text`. Each
n-gram is scaled before the fit by its inverse document frequency times one plus its absolute log-count ratio (after
Wang & Manning 2012, "Baselines and bigrams"), and the scale is folded into its weight. The logistic curve is fitted on
texts that were not learned from. Nothing is random but the folds, and they have a seed. Two minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang import metrics
from huaxiang.text.normalise import normalise_batch
from huaxiang.text.sentiment import Recipe, grams_of, raw_scores, save
from training import sentiment_data as sets
from training.sentiment_data import BAD, GOOD, NEITHER, Example

SEED, FOLDS = 20, 5
Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Say = Callable[[str], None]
Trained = tuple[Recipe, npt.NDArray[np.int8], dict[str, float]]


def _tell(text: str) -> None:
    print(text, flush=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was chosen for a language (zh by leaving whole categories out, en by folds; the card says what was looked at)."""

    recipe: Recipe
    cost: float
    emphasis: float = 2.0  # how much inverse document frequency counts beside the log-count ratio
    side_weight: float = 0.3  # of an example from another set
    neutral_weight: float = 0.5


PLANS = {
    "zh": Plan(Recipe((1, 2, 3, 4), (), 21, 1.0, 0.0, 0.0, 0.3, 0.5), cost=0.1),
    "en": Plan(Recipe((), (1, 2), 20, 1.0, 0.0, 0.0, 0.3, 0.5), cost=0.002, emphasis=1.0, neutral_weight=0.2),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """From a raw score to P(good); see `huaxiang.text.sentiment.Recipe`."""

    slope: float
    offset: float
    lapse: float

    def chance(self, raw: Floats) -> Floats:
        """P(good), shape of `raw`."""
        odds = np.clip(self.slope * raw + self.offset, -50, 50)
        return np.asarray(self.lapse / 2 + (1 - self.lapse) / (1 + np.exp(-odds)))


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line before quantising: weights, shape (2**bits,), and intercept, in units of the margin."""

    weights: Floats
    intercept: float


def counts(texts: Sequence[str], recipe: Recipe) -> Any:
    """n-gram counts over the root of their number, scipy CSR, shape (n_texts, 2**bits)."""
    from scipy import sparse

    batch = normalise_batch(texts)
    grams = grams_of(batch, recipe)
    at = np.concatenate([family.at for family in grams])
    bucket = np.concatenate([family.bucket for family in grams])
    row = np.searchsorted(batch.starts + batch.lengths, at, side="right")
    table = sparse.coo_matrix((np.ones(at.size), (row, bucket)), shape=(len(texts), 1 << recipe.bits)).tocsr()
    table.sum_duplicates()
    total = np.maximum(1.0, np.asarray(table.sum(axis=1)).ravel())
    return sparse.diags(1 / np.sqrt(total)) @ table


def _emphasis(table: Any, labels: Labels, plan: Plan) -> Floats:
    present = (table > 0).astype(np.float64)
    seen = np.asarray(present.sum(axis=0)).ravel()
    good = np.asarray(present[labels == GOOD].sum(axis=0)).ravel()
    bad = np.asarray(present[labels == BAD].sum(axis=0)).ravel()
    ratio = np.abs(np.log((good + 1) / (good.sum() + 1) * (bad.sum() + 1) / (bad + 1)))
    rarity = np.log(table.shape[0] / (1 + seen)).clip(min=0.0)
    # An n-gram seen once only remembers its text.
    return np.where(seen >= 2, (plan.emphasis + ratio) * rarity / 5, 0.0)


def _weigh(examples: Sequence[Example], plan: Plan, own: frozenset[str]) -> Floats:
    """Weights of examples: classes balanced within the own sets, within the others, and the neutral ones."""
    weights = np.zeros(len(examples))
    labels = np.array([example.label for example in examples])
    mine = np.array([example.source in own for example in examples])
    for ours, worth in ((True, 1.0), (False, plan.side_weight)):
        for label in (GOOD, BAD):
            here = (labels == label) & (mine == ours)
            both = (labels != NEITHER) & (mine == ours)
            weights[here] = worth * both.sum() / (2 * max(1, here.sum()))
    weights[labels == NEITHER] = plan.neutral_weight
    return weights


def fit(examples: Sequence[Example], plan: Plan, own: frozenset[str]) -> Line:
    """Fit one language. A neutral example counts half good, half bad: it is pulled to the middle."""
    from scipy import sparse
    from sklearn.svm import LinearSVC

    table = counts([example.text for example in examples], plan.recipe)
    labels = np.array([example.label for example in examples])
    scale = sparse.diags(_emphasis(table, labels, plan))
    weights = _weigh(examples, plan, own)
    neither = labels == NEITHER
    rows = sparse.vstack([table, table[neither]]).tocsr() @ scale
    target = np.concatenate([np.where(neither, GOOD, labels), np.full(neither.sum(), BAD)])
    weighed = np.concatenate([np.where(neither, weights / 2, weights), weights[neither] / 2])
    machine = LinearSVC(C=plan.cost, tol=1e-2, max_iter=100, random_state=SEED)
    machine.fit(rows, target, sample_weight=weighed)
    return Line(np.asarray(scale @ machine.coef_.ravel()), float(machine.intercept_[0]))


def quantise(line: Line) -> tuple[npt.NDArray[np.int8], float]:
    """(int8 weights, step): weight * step is the fitted weight, but for the 0.05 % largest, which are cut."""
    step = float(np.quantile(np.abs(line.weights[line.weights != 0]), 0.9995) / 127)
    return np.clip(np.rint(line.weights / step), -127, 127).astype(np.int8), step


def scores(line: Line, texts: Sequence[str], recipe: Recipe) -> Floats:
    """Scores of the line as it ships, quantised, before calibration, shape (n_texts,)."""
    weights, step = quantise(line)
    return raw_scores(normalise_batch(texts), recipe, weights) * step + line.intercept


def calibrate(raw: Floats, labels: Labels, *, balanced: bool) -> Curve:
    """Platt's curve with a lapse, by maximum likelihood; `balanced` weighs both classes alike."""
    from scipy.optimize import minimize
    from sklearn.linear_model import LogisticRegression

    size = float(np.std(raw)) or 1.0
    good = labels == GOOD
    worth = np.where(good, 0.5 / good.mean(), 0.5 / (1 - good.mean())) if balanced else np.ones(raw.size)

    def surprise(at: Floats) -> float:
        chance = Curve(at[0] / size, at[1], min(max(at[2], 0.0), 0.3)).chance(raw)
        seen = np.where(good, chance, 1 - chance)
        return float(-np.mean(worth * np.log(np.clip(seen, 1e-9, 1.0))))

    plain = LogisticRegression(C=1e6, class_weight="balanced" if balanced else None).fit((raw / size)[:, None], good)
    begin = np.array([plain.coef_[0, 0], plain.intercept_[0], 0.02])
    best = minimize(surprise, begin, method="Nelder-Mead", options={"maxiter": 2000}).x
    return Curve(float(best[0]) / size, float(best[1]), float(min(max(best[2], 0.0), 0.3)))


def neutral_band(polarity: Floats, labels: Labels) -> float:
    """|polarity| under which a text is neutral: best mean of (neutral found, opinions kept), at most 0.5."""
    tried = np.linspace(0.05, 0.5, 46)
    size = np.abs(polarity)
    gains = [np.mean(size[labels == NEITHER] < band) + np.mean(size[labels != NEITHER] >= band) for band in tried]
    return float(tried[int(np.argmax(gains))])


def folds(examples: Sequence[Example]) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """(train, test) rows, stratified by label, with no group on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    labels = [example.label for example in examples]
    groups = [example.group for example in examples]
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(splitter.split(labels, labels, groups))


def out_of_fold(
    core: Sequence[Example], extra: Sequence[Example], plan: Plan, *, say: Say = _tell
) -> tuple[Floats, npt.NDArray[np.int64], list[Line]]:
    """(scores of `core` by models that did not see them, the fold of each, the models); `extra` is in every training."""
    raw, fold_of, lines = np.zeros(len(core)), np.zeros(len(core), np.int64), []
    own = frozenset(example.source for example in core)
    for number, (train, test) in enumerate(folds(core)):
        begun = time.monotonic()
        line = fit(_variants([core[i] for i in train]) + list(extra), plan, own)
        raw[test] = scores(line, [core[i].text for i in test], plan.recipe)
        fold_of[test] = number
        lines.append(line)
        say(f"  fold {number + 1}/{FOLDS}: {time.monotonic() - begun:.0f} s")
    return raw, fold_of, lines


def _variants(examples: Sequence[Example]) -> list[Example]:
    """A review with a title is learned as body, as title and as both."""
    titled = [example for example in examples if example.title.strip()]
    more = [replace(example, text=example.title) for example in titled]
    more += [replace(example, text=f"{example.title}. {example.text}") for example in titled]
    return [*examples, *more]


def train_chinese(data: Path, *, more: Sequence[Example] = (), say: Say = _tell) -> Trained:
    """80 % to learn from, 10 % for the curve, 10 % held out; `more` are a shop's own texts."""
    plan = PLANS["zh"]
    rest, test = sets.split(sets.shopping(data), test=0.1)
    rest, spare = sets.split(rest, test=0.1)
    neutral, neutral_spare = sets.split(sets.neutral(data, "zh"), test=0.3)
    extra = sets.aspect_sentences(data, "zh") + sets.films(data)
    own = frozenset(example.source for example in [*rest, *sets.clauses("zh"), *more])
    learned = rest + extra + neutral + sets.clauses("zh") + list(more)
    say(f"zh: {len(learned)} texts to learn from, {len(spare)} for the curve, {len(test)} held out")
    line = fit(learned, plan, own)
    judged = [*spare, *neutral_spare]
    raw = scores(line, [example.text for example in judged], plan.recipe)
    labels = np.array([example.label for example in judged])
    curve = calibrate(raw[labels != NEITHER], labels[labels != NEITHER], balanced=False)
    held = curve.chance(scores(line, [example.text for example in test], plan.recipe))
    figures = report(held, np.array([example.label for example in test]), prefix="test")
    return _finish(plan, line, curve, raw, labels, figures=figures)


def train_english(data: Path, *, more: Sequence[Example] = (), say: Say = _tell) -> Trained:
    """Five folds, each calibrated on the others; what ships is the mean of the five lines."""
    plan = PLANS["en"]
    core = [example for example in sets.amazon(data) if example.label != NEITHER] + sets.neutral(data, "en")
    extra = sets.aspect_sentences(data, "en") + sets.clauses("en") + list(more)
    say(f"en: {len(core)} texts in folds, {len(extra)} beside")
    raw, fold_of, lines = out_of_fold(core, extra, plan, say=say)
    labels = np.array([example.label for example in core])
    judged = labels != NEITHER
    figures = report(nested(raw, labels, fold_of), labels, prefix="folds")
    curve = calibrate(raw[judged], labels[judged], balanced=True)
    mean = Line(np.mean([line.weights for line in lines], axis=0), float(np.mean([line.intercept for line in lines])))
    return _finish(plan, mean, curve, raw, labels, figures=figures)


def _finish(plan: Plan, line: Line, curve: Curve, raw: Floats, labels: Labels, *, figures: dict[str, float]) -> Trained:
    """Fold line and curve into a recipe, and choose the neutral band."""
    weights, step = quantise(line)
    polarity = 2 * curve.chance(raw) - 1
    band = neutral_band(polarity, labels)
    neither = labels == NEITHER
    figures["band"] = round(band, 3)
    figures["neutral_called_neutral"] = round(float(np.mean(np.abs(polarity[neither]) < band)), 4)
    figures["opinions_called_neutral"] = round(float(np.mean(np.abs(polarity[~neither]) < band)), 4)
    offset = curve.offset + curve.slope * line.intercept
    recipe = replace(plan.recipe, slope=curve.slope * step, offset=offset, lapse=curve.lapse, band=band)
    return recipe, weights, figures


def nested(raw: Floats, labels: Labels, fold_of: npt.NDArray[np.int64]) -> Floats:
    """P(good) where each fold is calibrated on the other folds only, classes balanced."""
    chance = np.zeros(raw.size)
    for number in range(FOLDS):
        others = (fold_of != number) & (labels != NEITHER)
        chance[fold_of == number] = calibrate(raw[others], labels[others], balanced=True).chance(raw[fold_of == number])
    return chance


def report(chance: Floats, labels: Labels, *, prefix: str) -> dict[str, float]:
    """Accuracy, balanced accuracy, calibration error (15 equal bins) and accuracy of the 85 % surest."""
    judged = labels != NEITHER
    truth = labels[judged] == GOOD
    right = (chance[judged] > 0.5) == truth
    sure = np.maximum(chance[judged], 1 - chance[judged])
    values = {
        "accuracy": float(right.mean()),
        "balanced_accuracy": metrics.balanced_accuracy(chance[judged] > 0.5, truth),
        "ece": metrics.calibration_error(sure, right),
        "accuracy_of_surest_85": metrics.accuracy_of_surest(sure, right),
    }
    return {f"{prefix}_{name}": round(value, 4) for name, value in values.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train both languages, write the weights and the card; prints the figures as it goes."""
    parser = argparse.ArgumentParser(prog="python -m training.sentiment", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the sets (../shared/data)")
    parser.add_argument("--out", type=Path, required=True, help="folder for sentiment.npz and its card")
    parser.add_argument("--languages", nargs="+", choices=sorted(PLANS), default=sorted(PLANS))
    chosen = parser.parse_args(arguments)
    recipes, weights, figures = {}, {}, {}
    for language in chosen.languages:
        train = train_chinese if language == "zh" else train_english
        recipes[language], weights[language], figures[language] = train(chosen.data)
        print(json.dumps({language: figures[language]}), flush=True)
    chosen.out.mkdir(parents=True, exist_ok=True)
    target = chosen.out / "sentiment.npz"
    save(target, recipes, weights, figures=figures)
    write_card(chosen.out / "sentiment.md", recipes, figures, size=target.stat().st_size)
    print(f"wrote {target} ({target.stat().st_size / 1e6:.2f} MB) and its card")
    return 0


def write_card(path: Path, recipes: dict[str, Recipe], figures: dict[str, Any], *, size: int) -> None:
    """Fill `training/cards/sentiment.md` with the figures of this run."""
    template = (Path(__file__).parent / "cards" / "sentiment.md").read_text(encoding="utf-8")
    rows = [
        f"| {language} | {name} | {value} |" for language, known in figures.items() for name, value in known.items()
    ]
    plans = {language: {k: v for k, v in asdict(PLANS[language]).items() if k != "recipe"} for language in recipes}
    text = template.replace("$figures", "\n".join(rows)).replace("$plans", json.dumps(plans))
    path.write_text(text.replace("$size", f"{size / 1e6:.2f} MB"), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
