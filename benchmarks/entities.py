"""Span F1 of brands and products in Chinese shop titles (ecommerce-ner-zh, dev), and titles a second.

    python benchmarks/entities.py --data ../shared/data [--tier accurate]

`dev` was not trained on. A span counts if both borders and its kind are right. Published on this set: 0.752.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt

from huaxiang import metrics
from huaxiang.text import entities_tiers


def read(file: Path) -> list[tuple[str, set[tuple[int, int, str]]]]:
    """Titles and their spans, without the training code."""
    found = []
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line]
        spans, start = set(), 0
        for place, (_, tag) in enumerate(rows):
            if tag[0] in "BS":
                start = place
            if tag[0] in "ES":
                spans.add((start, place + 1, tag[2:]))
        if rows:
            found.append(("".join(char for char, _ in rows), spans))
    return found


def _f1(both: npt.NDArray[np.int64], total: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> float:
    return float(2 * both[rows].sum() / max(1, total[rows].sum()))


def measure(tier: str, rows: list[tuple[str, set[tuple[int, int, str]]]], repeats: int) -> None:
    """Print F1 and speed of a tier."""
    tagger = entities_tiers.tagger(tier)
    said, rates = [], []
    for _ in range(repeats):
        start = time.process_time()
        said = [set(tagger.spans(text)) for text, _ in rows]
        rates.append(len(rows) / (time.process_time() - start))
    for name, kinds in (("brands and products", "HP HC"), ("brands", "HP"), ("products", "HC")):
        pairs = [
            ({s for s in mine if s[2] in kinds}, {s for s in there if s[2] in kinds})
            for mine, (_, there) in zip(said, rows, strict=True)
        ]
        both, total = np.array([len(a & b) for a, b in pairs]), np.array([len(a) + len(b) for a, b in pairs])
        f1 = metrics.bootstrap(partial(_f1, both, total), len(rows))
        print(f"{tier}, {name}: F1 {f1}, {len(rows)} titles")
    print(
        f"{tier}, speed: median {statistics.median(rates):,.0f} titles a second of processor time "
        f"({min(rates):,.0f}..{max(rates):,.0f})"
    )


def main() -> None:
    """Print F1 and speed of both tiers."""
    parser = argparse.ArgumentParser(description="Entities in shop titles.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--tier", choices=("fast", "accurate"))
    args = parser.parse_args()
    rows = read(args.data / "ecommerce-ner-zh/dev.txt.bieos")
    for tier, repeats in (("fast", 5), ("accurate", 3)):
        if args.tier in (None, tier):
            measure(tier, rows, repeats)


if __name__ == "__main__":
    main()
