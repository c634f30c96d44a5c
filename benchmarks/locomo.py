"""What each sign adds to the search in long talks, and what weights chosen on other conversations reach.

    python benchmarks/locomo.py --data ../shared/data/locomo-dev

Prints evidence recall@10 by turn (categories 1-4) of single signs and of mixes, by conversation; then, for each conversation,
the weights of a coarse grid that are best on all others, measured on it. The suite itself: `huaxiang eval run locomo`.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluation.adapters.locomo import COUNTED, Conversation, load  # noqa: E402
from huaxiang.models.encoder import Encoder, load_encoder  # noqa: E402
from vectorstore.fusion import K  # noqa: E402
from vectorstore.talks import Mix, Talk, Words  # noqa: E402

TOP = 10
GRID = {
    "words": (0.5, 1.0, 1.5), "meaning": (0.5, 1.0, 1.5), "session": (0.0, 0.5, 1.0, 1.5), "speaker": (0.0, 1.0, 2.0, 3.0, 4.0),
    "asks": (0.0, -0.5, -1.0),
}  # fmt: skip
Signs = dict[str, npt.NDArray[np.float64]]
Asked = tuple[Signs, list[int], int]
"""The signs of a question, the places of its evidence, and how many turns its evidence names."""
PLAIN = "plain: "


def asked(talk: Conversation, encoder: Encoder) -> list[Asked]:
    """Every counted question of a conversation with its signs; those called `plain` are for comparison only."""
    built = Talk(talk.turns, encoder)
    lines = [one.line for one in talk.turns]
    words, meaning = Words(lines), encoder.encode_passages(lines)
    around = [" ".join(lines[start:end]) for start, end in built._neighbours()]
    near = encoder.encode_passages(around)
    place = {one.id: number for number, one in enumerate(talk.turns)}
    found = []
    for one in talk.questions:
        if one.category in COUNTED and one.evidence:
            signs = built.signs(one.text)
            vector = encoder.encode_queries([one.text])[0]
            signs[PLAIN + "words"] = words.scores(one.text)
            signs[PLAIN + "meaning"] = np.asarray(meaning @ vector, float)
            four = [signs[PLAIN + "words"], signs["words"], signs[PLAIN + "meaning"], np.asarray(near @ vector, float)]
            signs[PLAIN + "four by ranks"] = np.sum([1 / (K + 1 + np.argsort(np.argsort(-s))) for s in four], axis=0)
            found.append((signs, [place[turn] for turn in one.evidence if turn in place], len(one.evidence)))
    return found


def recall(questions: list[Asked], mix: dict[str, float]) -> float:
    """Mean share of evidence among the first ten."""
    shares = []
    for signs, gold, size in questions:
        scores = np.sum([weight * signs[name] for name, weight in mix.items()], axis=0)
        top = set(np.argsort(-scores, kind="stable")[:TOP].tolist())
        shares.append(sum(one in top for one in gold) / size)
    return float(np.mean(shares))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "locomo-dev")
    encoder = load_encoder()
    talks = {one.id: asked(one, encoder) for one in load(parser.parse_args().data)}
    everything = [one for part in talks.values() for one in part]
    shipped = asdict(Mix())
    rows: dict[str, dict[str, float]] = {
        **{
            name: {name: 1.0}
            for name in (PLAIN + "words", PLAIN + "meaning", PLAIN + "four by ranks", "words", "meaning")
        },
        "words + meaning": {"words": 1.0, "meaning": 1.0},
        "words + meaning + session": {"words": 1.0, "meaning": 1.0, "session": 1.0},
        "the same + speaker": {"words": 1.0, "meaning": 1.0, "session": 1.0, "speaker": shipped["speaker"]},
        "shipped": shipped,
    }
    for name, mix in rows.items():
        per = " ".join(f"{recall(part, mix):.3f}" for part in talks.values())
        print(f"{name:28} {recall(everything, mix):.3f}   {per}")
    grid = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*GRID.values())]
    table = np.array([[recall(part, mix) for part in talks.values()] for mix in grid])
    sizes = np.array([len(part) for part in talks.values()], float)
    got = []
    for left, name in enumerate(talks):
        rest = [number for number in range(len(talks)) if number != left]
        best = int((table[:, rest] @ sizes[rest]).argmax())
        got.append(table[best, left])
        print(f"chosen without {name:14} {table[best, left]:.3f}   {grid[best]}")
    print(f"{'each left out once':28} {float(np.array(got) @ sizes / sizes.sum()):.3f}")


if __name__ == "__main__":
    main()
