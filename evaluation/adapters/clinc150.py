"""CLINC150: 150 intents and questions outside all of them; trained on the given training split, measured on the other.

Source:
    Larson et al. (2019), "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction", EMNLP. CC BY 3.0.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from evaluation.adapters.base import Options, Published, Result, draw, files_in, read_json
from evaluation.rows import Row
from huaxiang.errors import ConfigError, DataError

OUTSIDE = "oos"
_COMPARABLE = "on the authors' test split; a file with 'val' only measures on that, and the note says so"


class Clinc150:
    """The suite `clinc150`: accuracy in scope, recall out of scope, seconds to train."""

    name = "clinc150"
    title = "CLINC150: intents and out-of-scope questions"
    layout = (
        "data_full.json as published (or clinc150_train_val.json): one object with lists of [text, intent] under 'train', "
        "'val', 'test' and 'oos_train', 'oos_val', 'oos_test'; the test split is used where there is one, else val"
    )
    licence = "CC BY 3.0"
    main = "in_scope_accuracy"
    published = (
        Published("in_scope_accuracy", 0.969, "Larson et al. 2019, BERT with the full training set, test", _COMPARABLE),
        Published("out_of_scope_recall", 0.403, "Larson et al. 2019, BERT by threshold, test", _COMPARABLE),
    )

    def check(self, data: Path) -> str:
        """One line on what was found."""
        splits = load(data)
        return ", ".join(f"{name} {len(rows)}" for name, rows in sorted(splits.items()))

    def run(self, data: Path, options: Options) -> Result:
        """Train on the training split, measure on test (or val)."""
        fit = options.fit
        if fit is None:
            raise ConfigError(
                "nothing was given that fits an intent model",
                hint="huaxiang eval run clinc150 --data DIR gives it; from Python: Plan(fit=training.intent_labels.fit_labels)",
                code="eval-not-built",
            )
        splits = load(data)
        part = "test" if splits.get("test") else "val"
        began = time.perf_counter()
        model = fit(
            [text for text, _ in splits["train"]], [label for _, label in splits["train"]],
            outside=[text for text, _ in splits.get("oos_train", ())],
        )  # fmt: skip
        trained = time.perf_counter() - began
        cases = draw([*splits[part], *splits.get(f"oos_{part}", ())], options)
        rows = []
        for number, (text, label) in enumerate(cases, start=1):
            began = time.perf_counter()
            said = model.predict(text).label
            seconds = time.perf_counter() - began
            outside = said in (None, OUTSIDE)
            values: dict[str, float | None] = {"out_of_scope_recall": float(outside)} if label == OUTSIDE else {
                "in_scope_accuracy": float(said == label), "falsely_rejected": float(outside)
            }  # fmt: skip
            rows.append(
                Row(
                    f"{part}-{number:05d}",
                    "outside" if label == OUTSIDE else "inside",
                    "en",
                    values,
                    {"seconds": seconds},
                )
            )
            if options.progress and number % 50 == 0:
                options.progress(number, len(cases), part)
        note = f"measured on the {part} split, trained on {len(splits['train'])} and {len(splits.get('oos_train', ()))} outside in {trained:.1f} s"
        return Result(rows, [note], {"training_seconds": trained})


ADAPTER = Clinc150()


def load(data: Path) -> dict[str, list[tuple[str, str]]]:
    """The splits by name; those of several files are put together.

    Raises:
        DataError: there is no training split, or nothing to measure on.
    """
    splits: dict[str, list[tuple[str, str]]] = {}
    for path in files_in(data, ".json", ".json.gz"):
        value: Any = read_json(path)
        if isinstance(value, dict):
            for name, rows in value.items():
                pairs = [(str(one[0]), str(one[1])) for one in rows if isinstance(one, list) and len(one) == 2]
                splits.setdefault(name, []).extend(pairs)
    if not splits.get("train") or not (splits.get("test") or splits.get("val")):
        raise DataError(f"{data.name!r} holds no CLINC150", hint=f"expected {ADAPTER.layout}", code="eval-data")
    return splits
