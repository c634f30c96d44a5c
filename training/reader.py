"""Fit the evidence reader: `python -m training.reader --out DIR` (half an hour of one core; needs torch and the encoder).

Learns from questions of ours over records of ours, `training/data/reader_*.jsonl`: which records of a customer answer a
question, and questions that none answers. The encoder stays as it is; what is learned are projections of its token
states and a small head. Nets of several seeds may vote (`--nets`).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from huaxiang.models.e5_states import StatesEncoder, TokenStates
from huaxiang.text.reader import FORMAT, TOKENS, Read, record_text
from training.reader_net import Net, Shape

DATA = Path(__file__).parent / "data"
NEGATIVES = 7
"""Records that do not answer, a question: those nearest in meaning among twice as many, and one of another customer."""
BATCH = 12
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the customer's records as the reader sees them, and the places of those that answer.

    `bag`: at least one of the places answers, not each.
    """

    source: str
    text: str
    records: tuple[str, ...]
    gold: tuple[int, ...]
    bag: bool


def questions(files: Sequence[Path]) -> Iterator[Question]:
    """Read the files: a customer a line, `{source, records: [{kind, text, …}], questions: [{q, gold, bag, source}]}`."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            records = tuple(record_text(**record) for record in one["records"])
            for asked in one["questions"]:
                gold = tuple(asked["gold"])
                source = asked.get("source", one["source"])
                yield Question(source, asked["q"], records, gold, bool(asked.get("bag")) and len(gold) > 1)


class Library:
    """Every text once, encoded and reduced to the leading directions of its states."""

    def __init__(self, encoder: StatesEncoder, asked: Sequence[str], records: Sequence[str], dim: int) -> None:
        read = list(dict.fromkeys(records))
        states = dict(zip(read, encoder.passages(read), strict=True))
        self.rarity = _rarity(list(states.values()))
        self.unknown = math.log(len(states) + 1)
        self.bases = {name: _basis([getattr(one, name) for one in states.values()], dim) for name in ("low", "high")}
        self.records = {text: self.reduce(one) for text, one in states.items()}
        self.questions = {text: self.reduce(encoder.question(text)) for text in dict.fromkeys(asked)}

    def reduce(self, states: TokenStates) -> Read:
        """As `huaxiang.text.reader.EvidenceReader` does."""
        parts = [(_unit(getattr(states, name)[:TOKENS]) - mean) @ basis for name, (mean, basis) in self.bases.items()]
        rarity = np.array([self.rarity.get(one, self.unknown) for one in states.ids[:TOKENS]], dtype=np.float32)
        return Read(np.concatenate(parts, axis=1).astype(np.float32), rarity, states.ids, states.vector)

    def arrays(self) -> dict[str, Any]:
        """What reducing needs, for the file."""
        found: dict[str, Any] = {}
        for name, (mean, basis) in self.bases.items():
            found[f"{name}.mean"], found[f"{name}.basis"] = mean.astype(np.float16), basis.astype(np.float16)
        found["rarity.ids"] = np.array(list(self.rarity), dtype=np.int32)
        found["rarity"] = np.array(list(self.rarity.values()), dtype=np.float16)
        return found


def _unit(states: Any) -> Any:
    return states / (np.linalg.norm(states, axis=1, keepdims=True) + 1e-6)


def _rarity(texts: Sequence[TokenStates]) -> dict[int, float]:
    counts = Counter(one for text in texts for one in set(text.ids))
    return {token: math.log((len(texts) + 1) / (count + 1)) for token, count in counts.items()}


def _basis(states: Sequence[Any], dim: int) -> tuple[Any, Any]:
    """Mean and leading directions of the tokens' states, scaled so that a state has about length 1 in them."""
    chosen = random.Random(0).sample(list(states), min(1200, len(states)))
    rows = np.concatenate([_unit(one) for one in chosen])
    mean = rows.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((rows - mean).T))
    # float16 as in the file: what is trained on is what is used
    basis = (vectors[:, ::-1][:, :dim] / np.sqrt(values.mean())).astype(np.float16).astype(np.float32)
    return mean.astype(np.float16).astype(np.float32), basis


def fit(library: Library, learn: Sequence[Question], shape: Shape, *, epochs: int, seed: int, say: Say) -> Net:
    """One net."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    net, order = Net(shape), list(learn)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = epochs * (len(order) // BATCH + 1) + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    everything = list(library.records)
    for epoch in range(epochs):
        net.train()
        chance.shuffle(order)
        total = 0.0
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            picked = [_picked(one, library, everything, chance) for one in batch]
            pairs = [
                (library.questions[q.text], [library.records[r] for r in some])
                for q, (some, _) in zip(batch, picked, strict=True)
            ]
            loss = _loss(net(pairs), batch, picked)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        say(f"seed {seed} epoch {epoch + 1}/{epochs}: loss {total / len(order):.4f}")
    net.eval()
    return net


def _picked(one: Question, library: Library, others: list[str], chance: random.Random) -> tuple[list[str], int]:
    """Records to compare, those that answer first, and how many of them do."""
    right = list(one.gold)
    chance.shuffle(right)
    right = right[:4]
    wrong = [place for place in range(len(one.records)) if place not in one.gold]
    if len(wrong) > NEGATIVES:
        vector = library.questions[one.text].vector
        wrong.sort(key=lambda place: -float(vector @ library.records[one.records[place]].vector))
        wrong = chance.sample(wrong[: 2 * NEGATIVES], NEGATIVES)
    return [one.records[place] for place in right + wrong] + [chance.choice(others)], len(right)


def _loss(scores: torch.Tensor, batch: Sequence[Question], picked: Sequence[tuple[list[str], int]]) -> torch.Tensor:
    """Each record by itself, and among the question's records; a question without an answer pays for its best record."""
    softplus, total, place = torch.nn.functional.softplus, torch.zeros(()), 0
    for one, (some, right) in zip(batch, picked, strict=True):
        mine = scores[place : place + len(some)]
        place += len(some)
        total = total + 3 * softplus(mine[right:]).mean()
        if not right:
            total = total + softplus(mine.max())
            continue
        together = torch.logsumexp(mine[:right], 0)
        total = total + (softplus(-together) if one.bag else softplus(-mine[:right]).mean())
        total = total + torch.logsumexp(mine, 0) - together
    return total / len(batch)


def odds(nets: Sequence[Net], library: Library, one: Question) -> Any:
    """Mean log-odds of a question's records, (n,)."""
    pair = (library.questions[one.text], [library.records[record] for record in one.records])
    with torch.no_grad():
        return np.mean([net([pair]).numpy() for net in nets], axis=0)


def figures(nets: Sequence[Net], library: Library, asked: Sequence[Question]) -> dict[str, float]:
    """Recall of the best and of the best three records, and how well the best score tells answerable questions."""
    scored = [(one, odds(nets, library, one)) for one in asked if one.records]
    known = [(one, np.argsort(-found)) for one, found in scored if one.gold]
    best = {bool(one.gold): [] for one, _ in scored}  # type: dict[bool, list[float]]
    for one, found in scored:
        best[bool(one.gold)].append(float(found.max()))
    told = [(a > b) + 0.5 * (a == b) for a in best.get(True, []) for b in best.get(False, [])]
    return {
        "questions": len(scored),
        "recall@1": float(np.mean([order[0] in one.gold for one, order in known])) if known else math.nan,
        "recall@3": float(np.mean([bool(set(order[:3].tolist()) & set(one.gold)) for one, order in known])),
        "auc": float(np.mean(told)) if told else math.nan,
    }


def calibrate(nets: Sequence[Net], library: Library, asked: Sequence[Question]) -> tuple[float, float]:
    """Slope and offset that make odds of single records probabilities on questions not learned from (Platt 1999)."""
    rows = [
        (float(score), float(place in one.gold))
        for one in asked if one.records for place, score in enumerate(odds(nets, library, one).tolist())
    ]  # fmt: skip
    scores, held = torch.tensor([row[0] for row in rows]), torch.tensor([row[1] for row in rows])
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=100)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(line[0] * scores + line[1], held)
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call, unused-ignore]
    slope, offset = line.detach().tolist()
    return float(slope), float(offset)


def save(
    folder: Path, nets: Sequence[Net], library: Library, shape: Shape, *, calibration: tuple[float, float], questions: int
) -> int:  # fmt: skip
    """Write `reader.npz` into the folder; its size in bytes."""
    about = {
        "format": FORMAT, "nets": len(nets), "heads": shape.heads, "width": shape.width, "calibration": calibration,
        "unknown_rarity": library.unknown, "questions": questions,
    }  # fmt: skip
    arrays = library.arrays()
    for number, net in enumerate(nets):
        arrays |= {f"{number}/{name}": value for name, value in net.arrays().items()}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "reader.npz", **arrays)
    return (folder / "reader.npz").stat().st_size


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print figures of the questions held out, and write `reader.npz`."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for reader.npz")
    parser.add_argument("--data", type=Path, nargs="*", default=sorted(DATA.glob("reader_*.jsonl")))
    parser.add_argument("--hold", nargs="*", default=["sample_dev6"], help="sources that calibrate and are not learned")
    parser.add_argument("--test", nargs="*", default=["sample_dev7", "gen_dev2"], help="sources for figures alone")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--nets", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    asked = [one for one in questions(chosen.data) if one.text.strip() and one.records]
    shape = Shape()
    library = Library(StatesEncoder.load(), [q.text for q in asked], [r for q in asked for r in q.records], shape.dim)
    learn = [one for one in asked if one.source not in {*chosen.hold, *chosen.test}]
    say: Say = lambda text: print(text, flush=True)  # noqa: E731
    say(f"{len(learn)} questions to learn from, {len(library.records)} records")
    nets: list[Net] = []
    for seed in range(chosen.nets):  # the file is written after each net: a run that is stopped leaves what it had
        nets.append(fit(library, learn, shape, epochs=chosen.epochs, seed=seed, say=say))
        for source in [*chosen.hold, *chosen.test]:
            say(f"{source}: {figures(nets, library, [one for one in asked if one.source == source])}")
        line = calibrate(nets, library, [one for one in asked if one.source in chosen.hold])
        say(f"{save(chosen.out, nets, library, shape, calibration=line, questions=len(learn))} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
