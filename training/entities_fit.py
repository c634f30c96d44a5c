"""Reading the tagged titles and fitting the tagger; see `training.entities` for the recipe."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from huaxiang.text.entities_decode import allowed, best_path, spans
from huaxiang.text.entities_features import buckets, plain, word_hash
from training.entities_net import TAGS, Tagger, Title


class Reads(Protocol):
    """Whatever finds spans in a title."""

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Half-open spans with their kind."""
        ...


class Net(Protocol):
    """Either tagger while it is trained."""

    steps: torch.nn.Parameter
    ends: torch.nn.Parameter

    def scores(self, titles: Sequence[Any]) -> tuple[torch.Tensor, torch.Tensor]:
        """Padded emissions (n, longest, tags) and a mask."""
        ...

    def eval(self) -> Any:
        """No dropout."""
        ...

    def train(self) -> Any:
        """Dropout again."""
        ...


class Tagged(Protocol):
    """A title with its tags."""

    @property
    def text(self) -> str:
        """The title."""
        ...

    @property
    def tags(self) -> npt.NDArray[np.int64]:
        """Numbers of `TAGS`, one a character."""
        ...


Say = Callable[[str], None]
Lists = tuple[frozenset[int], frozenset[int]]


def word_lists(folder: Path) -> Lists:
    """The brand and product word lists of the set, as hashes."""
    found = []
    for name in ("brand1.dic", "product1.dic"):
        words = (folder / name).read_text(encoding="utf-8").split("\n")
        found.append(frozenset(word_hash(plain(word.strip())) for word in words if len(word.strip()) > 1))
    return found[0], found[1]


def titles(file: Path, lists: Lists) -> list[Title]:
    """Titles of a BIEOS file."""
    return [Title(text, buckets(text, lists), tags) for text, tags in tagged(file)]


def tagged(file: Path) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """Titles of a BIEOS file with the number of each character's tag; a title that holds two signs as one is left out."""
    made = []
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line]
        if rows:
            text = "".join(char for char, _ in rows)
            tags = np.array([TAGS.index(tag) for _, tag in rows], dtype=np.int64)
            if len(text) == len(tags):
                made.append((text, tags))
    return made


def masked(net: Net) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Transitions and ends in numpy, with -inf where no reader could follow."""
    follow, ends = allowed(TAGS)
    steps = np.where(follow, net.steps.detach().numpy(), -np.inf).astype(np.float32)
    return steps, np.where(ends, net.ends.detach().numpy(), -np.inf).astype(np.float32)


def f1(net: Net, held: Sequence[Tagged]) -> dict[str, float]:
    """Span F1 in all and by kind: a span counts if both borders and its kind are right."""
    net.eval()
    steps, ends = masked(net)
    counts = {"all": [0, 0, 0], "HP": [0, 0, 0], "HC": [0, 0, 0]}
    with torch.no_grad():
        for begin in range(0, len(held), 128):
            some = held[begin : begin + 128]
            emissions, _ = net.scores(some)
            for row, one in zip(emissions.numpy(), some, strict=True):
                said = set(spans(best_path(row[: len(one.tags)], steps, ends), TAGS))
                truth = set(spans(one.tags.tolist(), TAGS))
                for kind, count in counts.items():
                    a = {span for span in said if kind in ("all", span[2])}
                    b = {span for span in truth if kind in ("all", span[2])}
                    for place, value in enumerate((len(a & b), len(a), len(b))):
                        count[place] += value
    net.train()
    return {kind: 2 * both / max(1, a + b) for kind, (both, a, b) in counts.items()}


def span_f1(tagger: Reads, held: Sequence[Tagged]) -> dict[str, float]:
    """Span F1 of a tagger as it is used: in all, of brands, of products."""
    pairs = [(set(tagger.spans(one.text)), set(spans(one.tags.tolist(), TAGS))) for one in held]
    found = {}
    for name, kinds in (("dev_f1", ("HP", "HC")), ("dev_brand_f1", ("HP",)), ("dev_product_f1", ("HC",))):
        both = sum(len({s for s in a & b if s[2] in kinds}) for a, b in pairs)
        total = sum(len([s for s in [*a, *b] if s[2] in kinds]) for a, b in pairs)
        found[name] = 2 * both / max(1, total)
    return found


def fit(
    examples: Sequence[Title],
    held: Sequence[Title],
    *,
    epochs: int = 8,
    rate: float = 0.01,
    drop: float = 0.3,
    decay: float = 1e-5,
    seed: int = 20,
    say: Say = print,
    tell: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> Tagger:
    """Train; the state with the best F1 on `held` (a part of the training set) is kept, two epochs without gain end it."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Tagger(drop)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=decay)
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].tags))
    batches = [order[i : i + 48] for i in range(0, len(order), 48)]
    best, state, since = -1.0, net.state_dict(), 0
    total = epochs * len(batches)
    for epoch in range(epochs):
        rng.shuffle(batches)
        begun, losses = time.monotonic(), []
        for number, batch in enumerate(batches):
            left = 1 - (epoch * len(batches) + number) / total
            optimizer.param_groups[0]["lr"] = rate * max(0.05, left)
            loss = net.loss([examples[i] for i in batch])
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            optimizer.step()
            losses.append(float(loss.detach()))
            tell(epoch * len(batches) + number + 1, total, f"epoch {epoch + 1}")
        reached = f1(net, held)
        say(
            f"epoch {epoch + 1}/{epochs}: loss {sum(losses) / len(losses):.3f}, F1 {reached['all']:.4f} "
            f"(brand {reached['HP']:.3f}, product {reached['HC']:.3f}), {time.monotonic() - begun:.0f} s"
        )
        if reached["all"] > best:
            best, since = reached["all"], 0
            state = {name: value.detach().clone() for name, value in net.state_dict().items()}
        else:
            since += 1
            if since >= 3:
                break
    net.load_state_dict(state)
    return net
