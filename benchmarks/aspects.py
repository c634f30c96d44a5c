"""Polarity of a given term, and what else the aspect readers reach: `python benchmarks/aspects.py --data ../shared/data`.

The sentences are those that `training.aspects` holds out (a fifth, by a hash of their letters; every term of a
sentence is on the same side). Beside the model: the commonest polarity of the learned part, and the fast tier's
reading of the term's clause. The fast tier's n-gram model learned from sentences of these very sets (of one polarity), so
its column is no held-out figure: it stands there to show what a clause gives, not to compare. `--categories` also asks how well the open vocabulary finds its aspect, `--speed` how
fast both tiers are.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.text import aspects_model
from huaxiang.text.aspects import split_clauses
from huaxiang.text.aspects_category import OTHER, nearest_cues
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.aspects_read import Tier, read_aspects
from huaxiang.text.aspects_units import units_of
from huaxiang.text.sentiment import sentence_polarities
from training import aspects_figures as figures
from training.aspects_data import POLARITIES, TEST_FOLDS, Judged, judged

GOALS = {"laptop14": 0.79, "restaurant14": 0.84, "phone": 0.92, "camera": 0.91}


def by_clause(one: Judged) -> list[tuple[int, int]]:
    """(said, true) of each term by the fast tier: the polarity of the clause that holds it."""
    units, spans = units_of(one.text), split_clauses(one.text)
    read = {(start, end): sentiment for start, end, sentiment in sentence_polarities(one.text, spans=spans)}
    rows = []
    for first, _, true in one.terms:
        place = units[first][0]
        span = next((span for span in spans if span[0] <= place < span[1]), None)
        label = read[span].label if span else "neutral"
        if one.source not in figures.NEUTRAL_IN and span:
            label = "positive" if read[span].polarity > 0 else "negative"
        rows.append((POLARITIES.index(label), true))
    return rows


def terms(data: Path) -> None:
    """Accuracy a set with its interval, beside the commonest answer and the fast tier."""
    examples = judged(data, Pieces.load(resolve(ENCODER)))
    held = [one for one in examples if one.fold in TEST_FOLDS]
    hits = figures.term_hits(aspects_model.load(), held)
    print(f"{'set':<14}{'terms':>6}{'commonest':>11}{'(fast)':>8}{'accurate':>10}  95 % interval     goal")
    for source, rows in hits.items():
        learned = [
            term[2] for one in examples if one.fold not in TEST_FOLDS and one.source == source for term in one.terms
        ]
        common = Counter(learned).most_common(1)[0][0]
        fast = [row for one in held if one.source == source for row in by_clause(one)]
        low, high = figures.interval([said == true for said, true in rows])
        print(
            f"{source:<14}{len(rows):>6}{figures.share([(common, true) for _, true in rows]):>11.3f}"
            f"{figures.share(fast):>8.3f}{figures.share(rows):>10.3f}  {low:.3f} to {high:.3f}  {GOALS.get(source, ''):>7}"
        )
    precision, recall, f1 = figures.term_spans(aspects_model.load(), held)
    print(f"aspect terms, English: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def categories() -> None:
    """Each cue of the taxonomy without itself among the known ones."""
    nearest = nearest_cues()
    if nearest is None:
        print("the encoder is not in the cache: huaxiang models fetch")
        return
    rows = nearest.left_out()
    answered = [(true, said) for true, said in rows if said != OTHER]
    right = sum(true == said for true, said in answered) / max(1, len(answered))
    print(
        f"cues left out: {len(answered) / len(rows):.2f} of {len(rows)} get an aspect, of those {right:.2f} the right one"
    )


def speed(data: Path) -> None:
    """Short sentences a second, each tier."""
    texts = [one.text for one in judged(data, Pieces.load(resolve(ENCODER)))]
    tiers: tuple[tuple[Tier, int], ...] = (("fast", 4000), ("accurate", 200))
    for tier, count in tiers:
        list(read_aspects(texts[:5], tier=tier))
        begun = time.perf_counter()
        found = len([one for mine in read_aspects(texts[:count], tier=tier) for one in mine])
        seconds = time.perf_counter() - begun
        print(f"{tier}: {count / seconds:.0f} sentences a second, {found / count:.2f} judgements each")


def main() -> None:
    """Parse the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--categories", action="store_true")
    parser.add_argument("--speed", action="store_true")
    chosen = parser.parse_args()
    terms(chosen.data)
    if chosen.categories:
        categories()
    if chosen.speed:
        speed(chosen.data)


if __name__ == "__main__":
    main()
