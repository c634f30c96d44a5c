"""What English looks like, letter by letter: the table behind "English or not" in `huaxiang.text.language`.

One class only: counts of three letters in a row in English texts, no other language is needed. The borders are set so
that one in two hundred held-out English texts of the length is taken for something else.

    python -m training.language --data ../shared/data --out huaxiang/text/weights/english.npz
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from huaxiang.text import english

REFUSED = 0.005
LENGTHS = (20, 30, 45, 60, 90, 140)


def texts_of(data: Path) -> list[str]:
    """Questions of CLINC150 and reviews of gift cards; the instruments are left for measuring."""
    held = json.loads((data / "intents/clinc150_train_val.json").read_text(encoding="utf-8"))
    found = [text for text, _ in held["train"]]
    for file in sorted((data / "amazon-gift-cards").glob("*.json.gz")):
        if file.name.startswith("meta"):
            continue
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [json.loads(line).get("reviewText") or "" for line in lines]
    return [text for text in found if len(text) >= LENGTHS[0]]


def fit(texts: list[str]) -> np.ndarray:
    """Bits that the third of three letters costs, in 32nds, shape (27, 27, 27), uint8."""
    counts = np.zeros((27, 27, 27))
    for text in texts:
        codes = np.frombuffer(english.letters(text), dtype=np.uint8)
        np.add.at(counts, (codes[:-2], codes[1:-1], codes[2:]), 1)
    pairs = counts.sum(axis=0, keepdims=True) + 0.1
    backed = counts + 4 * pairs / pairs.sum(axis=2, keepdims=True)
    cost = -np.log2(backed / backed.sum(axis=2, keepdims=True))
    return np.asarray(np.clip(cost * english.STEPS, 0, 255).round(), dtype=np.uint8)


def main() -> None:
    """Count, set the borders on texts that were not counted, write."""
    parser = argparse.ArgumentParser(description="Make the table of English letters.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    texts = texts_of(args.data)
    order = np.random.default_rng(20).permutation(len(texts))
    kept, held = order[: len(order) * 4 // 5], order[len(order) * 4 // 5 :]
    table = fit([texts[i] for i in kept])
    costs = [
        english.cost(texts[i][:length], table.tobytes()) for length in LENGTHS for i in held if len(texts[i]) >= length
    ]
    sizes = [length for length in LENGTHS for i in held if len(texts[i]) >= length]
    borders = [
        float(np.quantile([c for c, n in zip(costs, sizes, strict=True) if n == length], 1 - REFUSED))
        for length in LENGTHS
    ]
    np.savez_compressed(args.out, table=table, lengths=np.array(LENGTHS), borders=np.array(borders, dtype=np.float32))
    print(json.dumps({"texts": len(kept), "borders": dict(zip(LENGTHS, [round(b, 2) for b in borders], strict=True))}))


if __name__ == "__main__":
    main()
