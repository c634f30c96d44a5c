"""Intents: CLINC150 with its out-of-scope questions, our held-out staff questions, and the time of one question.

    python benchmarks/intent.py --data ../shared/data            (CLINC150 needs the encoder and scikit-learn)
    python benchmarks/intent.py --only staff

CLINC150: fitted on `train` alone; `val` and `oos_val` are only measured. The border is set on a fifth of `train` so
that 1 in 20 questions in scope is refused; the recall at exactly 5 % of `val` stands beside it. Training time counts
the encoder's work. Staff: lines of another wording by the same author, fixed by hash before they were first measured.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt

from huaxiang import metrics
from huaxiang.text.intent import Floats, load
from training import intent_data as sets
from training.intent_fit import fit
from training.intent_labels import BITS, ENCODED, PASSES, vectors_of


def _below(scores: Floats, border: float, rows: npt.NDArray[np.int64]) -> float:
    return float(np.mean(scores[rows] < border))


def clinc(data: Path) -> None:
    """In-scope accuracy, recall of the out of scope, and the time of training."""
    from huaxiang.models.encoder import load_encoder

    encoder = load_encoder()
    texts, labels = sets.clinc(data, "train")
    wall, processor = time.perf_counter(), time.process_time()
    rows = np.sort(np.random.default_rng(20).permutation(len(texts))[:ENCODED])
    vectors = vectors_of(encoder, [texts[row] for row in rows])
    encoded = (time.perf_counter() - wall, time.process_time() - processor)
    model = fit(texts, labels, vectors=vectors, rows=rows, bits=BITS, passes=PASSES)
    taken = (time.perf_counter() - wall, time.process_time() - processor)
    held, truth = sets.clinc(data, "val")
    outside, _ = sets.clinc(data, "oos_val")
    for name, used in (("n-grams and encoder", encoder), ("n-grams alone", None)):
        inside = model.scores(held, used)
        beyond = model.scores(outside, used).max(axis=1)
        said = np.array(model.labels)[inside.argmax(axis=1)]
        border = np.quantile(inside.max(axis=1), 0.05)
        refused = float(np.mean(inside.max(axis=1) < model.parts.floor))
        recall = metrics.bootstrap(partial(_below, beyond, float(border)), len(beyond))
        print(f"CLINC150 val, {name}: in scope {metrics.accuracy_interval(said, np.array(truth))}")
        print(f"    out of scope: recall {recall} at 5 % false rejection")
        if used is not None:
            own = float(np.mean(beyond < model.parts.floor))
            print(f"    at the border set on train: recall {own:.3f}, false rejection {refused:.3f}")
    print(
        f"training: {taken[0]:.0f} s by the clock, {taken[1]:.0f} s of processor time "
        f"(encoder {encoded[0]:.0f} and {encoded[1]:.0f}); load of the machine is in the clock's figure"
    )


def staff() -> None:
    """Accuracy on the held-out staff questions, and milliseconds a question."""
    file = sets.OWN / "staff_held_out.tsv"
    lines = file.read_text(encoding="utf-8")
    body = "".join(line for line in lines.splitlines(keepends=True) if not line.startswith("#"))
    if hashlib.sha256(body.encode()).hexdigest() not in lines:
        raise SystemExit("staff_held_out.tsv is not the file its header names")
    rows = sets.held_out(file)
    model = load("staff")
    said = [one.label for one in model.predict([row.text for row in rows])]
    truth = [row.label for row in rows]
    print(f"staff questions held out, n={len(rows)}: {metrics.accuracy_interval(said, truth)}")
    for language in ("zh", "en"):
        mine = [i for i, row in enumerate(rows) if row.language == language]
        print(
            f"    {language}: {metrics.accuracy([said[i] for i in mine], [truth[i] for i in mine]):.4f} of {len(mine)}"
        )
    times = []
    for row in rows:
        start = time.perf_counter()
        model.predict([row.text])
        times.append((time.perf_counter() - start) * 1000)
    print(f"    one question: median {statistics.median(times):.2f} ms, 95 % under {np.quantile(times, 0.95):.2f} ms")


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description="Intents: CLINC150 and our staff questions.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", choices=("clinc", "staff"))
    args = parser.parse_args()
    if args.only != "clinc":
        staff()
    if args.only != "staff":
        clinc(args.data)


if __name__ == "__main__":
    main()
