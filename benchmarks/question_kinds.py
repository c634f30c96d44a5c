"""Which kind of question a staff question is: accuracy on sentences held out, beside words alone, and the time of one.

    python benchmarks/question_kinds.py

Four fifths of the sentences of `training/data/questions` are learned from, the fifth that is left is measured; the words
are hashed n-grams under the same kind of machine. Needs the encoder and scikit-learn.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from huaxiang import metrics
from huaxiang.models.encoder import load_encoder
from huaxiang.text import questions as shipped
from training import intent_fit, questions


def main() -> None:
    """Fit and print."""
    encoder = load_encoder()
    learned, kept = questions.split()
    print(f"{len(learned)} sentences to learn from, {len(kept)} held out; load {os.getloadavg()[0]:.1f}")
    for name, value in questions.figures(questions.fit(encoder, learned), encoder, kept).items():
        print(f"{name:28} {value:.3f}")
    words = intent_fit.fit([one.text for one in learned], [one.label for one in learned], bits=14)
    said = [one.label for one in words.predict([one.text for one in kept])]
    print(f"{'words alone':28} {metrics.accuracy(said, [one.label for one in kept]):.3f}")
    times = []
    for one in kept[:200]:
        began = time.perf_counter()
        shipped.load().predict([one.text], encoder)
        times.append(time.perf_counter() - began)
    print(f"one question: median {statistics.median(times) * 1000:.1f} ms, largest {max(times) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
