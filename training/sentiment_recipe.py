"""`huaxiang train sentiment`: either tier from the data to files that can be installed, with figures to compare.

Compared are figures of the same held-out texts: Chinese, 10 % of the shop reviews, read anew by the model in use;
English, five folds of the recipe (nothing of so few reviews is kept back for good), as recorded in the model in use;
with `--extra`, a tenth of the shop's own texts, read anew.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from huaxiang import metrics
from huaxiang.errors import ConfigError, DataError
from huaxiang.text import sentiment, sentiment_accurate
from huaxiang.text.language import detect
from huaxiang.text.sentiment_tiers import ACCURATE_FILE, FAST_FILE, Reader, reader
from training import sentiment as fast_recipe
from training import sentiment_data as sets
from training.recipes import Outcome, Request
from training.sentiment_data import BAD, GOOD, NEITHER, Example

WORDS = {
    "positive": GOOD, "1": GOOD, "good": GOOD, "pos": GOOD, "正面": GOOD, "好评": GOOD,
    "negative": BAD, "0": BAD, "bad": BAD, "neg": BAD, "-1": BAD, "负面": BAD, "差评": BAD,
    "neutral": NEITHER, "中性": NEITHER, "中评": NEITHER,
}  # fmt: skip
LANGUAGES = ("zh", "en")


def train(request: Request) -> Outcome:
    """Train the tier that is asked for.

    Raises:
        ConfigError: no such tier, or a package is missing.
        DataError: a set or the extra file cannot be read.
        ModelError: the accurate tier without the encoder in the cache.
    """
    request.work.mkdir(parents=True, exist_ok=True)
    if request.tier == "fast":
        return _fast(request)
    if request.tier == "accurate":
        return _accurate(request)
    raise ConfigError(f"sentiment has no tier {request.tier!r} to train", hint="say fast or accurate", code="usage")


def _fast(request: Request) -> Outcome:
    learned, kept = extra_texts(request.extra)
    recipes: dict[str, Any] = {}
    weights: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for number, language in enumerate(LANGUAGES):
        request.tell(number, len(LANGUAGES), language)
        more = [one for one in learned if detect(one.text) == language]
        run = fast_recipe.train_chinese if language == "zh" else fast_recipe.train_english
        recipes[language], weights[language], told[language] = run(request.data, more=more, say=request.say)
        request.say(json.dumps({language: told[language]}))
    request.tell(len(LANGUAGES), len(LANGUAGES), "")
    made = request.work / FAST_FILE
    sentiment.save(made, recipes, weights, figures=told)
    card = made.with_suffix(".md")
    fast_recipe.write_card(card, recipes, told, size=made.stat().st_size)
    new = sentiment.load(str(made))
    figures = {
        "zh_accuracy": told["zh"]["test_accuracy"],
        "en_balanced_accuracy": told["en"]["folds_balanced_accuracy"],
    }
    old = reader("fast", models=request.models)
    in_use = held_out_accuracy(request.data, old) | recorded(getattr(old, "figures", {}))
    return Outcome(
        {FAST_FILE: made, card.name: card},
        figures | own_accuracy(kept, new),
        in_use | own_accuracy(kept, old),
        ("zh_accuracy", "en_balanced_accuracy", "own_accuracy"),
    )


def _accurate(request: Request) -> Outcome:
    from training.encoder_loop import Options
    from training.encoder_sentiment import fit_change
    from training.sentiment_accurate import finish

    learned, kept = extra_texts(request.extra)
    if request.fresh:
        (request.work / "checkpoint.pt").unlink(missing_ok=True)
    defaults = Options()
    options = replace(
        defaults,
        seed=request.seed,
        epochs=request.epochs or defaults.epochs,
        threads=request.threads or len(os.sched_getaffinity(0)),
    )
    delta = fit_change(
        request.data,
        request.work,
        at_most=request.at_most,
        more=learned,
        options=options,
        say=request.say,
        tell=request.tell,
    )
    fast = reader("fast", models=request.models)
    assert isinstance(fast, sentiment.SentimentModel)
    made, card, told = finish(request.data, request.work, delta, fast, say=request.say, tell=request.tell)
    figures = {
        "zh_accuracy": told["zh"]["test_accuracy"],
        "en_balanced_accuracy": told["en"]["folds_balanced_accuracy"],
    }
    in_use: dict[str, float] = {}
    if has_accurate(request.models):
        old = reader("accurate", models=request.models)
        in_use = held_out_accuracy(request.data, old) | recorded(getattr(old, "figures", {})) | own_accuracy(kept, old)
    if kept:
        figures |= own_accuracy(kept, sentiment_accurate.load(str(made)))
    return Outcome(
        {ACCURATE_FILE: made, card.name: card}, figures, in_use, ("zh_accuracy", "en_balanced_accuracy", "own_accuracy")
    )


def has_accurate(models: Path | None) -> bool:
    """Whether there is an accurate model to compare with: the shop's own, or the shipped one."""
    own = models is not None and (models / ACCURATE_FILE).is_file()
    return own or resources.files("huaxiang.text").joinpath(sentiment_accurate.SHIPPED).is_file()


def recorded(told: Any) -> dict[str, float]:
    """The English figure that a model file carries of its own making; empty where it carries none."""
    value = told.get("en", {}).get("folds_balanced_accuracy") if isinstance(told, dict) else None
    return {} if value is None else {"en_balanced_accuracy": float(value)}


def held_out_accuracy(data: Path, model: Reader) -> dict[str, float]:
    """A model's accuracy on the Chinese reviews that are kept back."""
    _, test = sets.split(sets.shopping(data))
    return {"zh_accuracy": _accuracy(model, test, ["zh"] * len(test))}


def own_accuracy(kept: Sequence[Example], model: Reader) -> dict[str, float]:
    """A model's accuracy on the part of the shop's own texts that was kept back; empty without such texts."""
    judged = [one for one in kept if one.label != NEITHER]
    return {"own_accuracy": _accuracy(model, judged, None)} if judged else {}


def _accuracy(model: Reader, examples: Sequence[Example], languages: list[str] | None) -> float:
    read = model.predict([one.text for one in examples], languages)
    said = [GOOD if one.polarity > 0 else BAD for one in read]
    return round(metrics.accuracy(said, [one.label for one in examples]), 4)


def extra_texts(path: Path | None) -> tuple[list[Example], list[Example]]:
    """(to learn from, kept back: a tenth) of a shop's own labelled texts.

    JSON lines or CSV with `text` and `label` (positive, negative, neutral, or 1 and 0; Chinese words as well).

    Raises:
        DataError: the file cannot be read, or a label is unknown (the error names the line, never the text).
    """
    if path is None:
        return [], []
    made: list[Example] = []
    for number, row in enumerate(_rows(path), start=1):
        text, label = str(row.get("text") or "").strip(), str(row.get("label", "")).strip().lower()
        if label not in WORDS:
            raise DataError(
                f"{path.name}, row {number}: the label is not one of positive, negative, neutral",
                hint="columns are text and label",
                code="bad-label",
            )
        if text:
            key = hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()
            made.append(Example(text, WORDS[label], key, "own"))
    distinct = list({one.group: one for one in made}.values())
    return sets.split(distinct, test=0.1)


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".csv":
            return list(csv.DictReader(text.splitlines()))
        rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot read {path.name!r} ({type(error).__name__})",
            hint="give JSON lines or CSV with text and label, in UTF-8",
            code="bad-extra-file",
        ) from error
    return [row if isinstance(row, dict) else {} for row in rows]
