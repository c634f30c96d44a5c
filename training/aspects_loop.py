"""One training run of the aspect model over three kinds of examples at once; it goes on where it was stopped."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from huaxiang.errors import ConfigError
from training.aspects_data import Graded, Judged, Talk
from training.aspects_lower import Kept
from training.aspects_net import AspectNet
from training.aspects_steps import graded_loss, judged_loss, talk_loss

Say = Callable[[str], None]
Tell = Callable[[int, int, str], None]
CHECKPOINT = "aspects.ckpt"
Example = TypeVar("Example", Graded, Judged, Talk)
Batch = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Options:
    """How to fit. `tokens` and `talk_tokens` bound a batch with its padding; heads learn `head_rate` times as fast."""

    epochs: int = 5
    rate: float = 8e-4
    head_rate: float = 1.5
    rank: int = 16
    first_layer: int = 6
    warmup: int = 60
    tokens: int = 600
    talk_tokens: int = 900
    clip: float = 1.0
    decay: float = 0.01
    patience: int = 2
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Examples:
    """What to learn from; a few English dialogues are seen `few_shot` times an epoch."""

    judged: list[Judged]
    talks: list[Talk]
    graded: list[Graded]
    english: list[Talk]
    few_shot: int = 2


def batches(examples: Sequence[Example], tokens: int, rng: random.Random) -> list[list[Example]]:
    """Examples of like length together, up to a number of tokens with padding."""
    order = sorted(examples, key=lambda one: len(one.passage.ids) + rng.random() * 6)
    made: list[list[Example]] = []
    for one in order:
        if not made or (len(made[-1]) + 1) * len(one.passage.ids) > tokens:
            made.append([])
        made[-1].append(one)
    return made


def nobody(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""


class Fit:
    """A run. `run()` resumes from `folder/aspects.ckpt` if it is there and of the same options."""

    def __init__(
        self,
        net: AspectNet,
        kept: Kept,
        examples: Examples,
        options: Options,
        folder: Path,
        say: Say,
        tell: Tell = nobody,
    ) -> None:
        torch.set_num_threads(options.threads)
        self.net, self.kept, self.examples, self.options, self.say, self.tell = net, kept, examples, options, say, tell
        self.file = folder / CHECKPOINT
        upper = [value for name, value in net.named_parameters() if name.startswith("upper")]
        heads = [value for name, value in net.named_parameters() if not name.startswith("upper")]
        self.rates = (options.rate, options.rate * options.head_rate)
        groups = [{"params": values, "lr": rate} for values, rate in zip((upper, heads), self.rates, strict=True)]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=options.decay, betas=(0.9, 0.98))
        self.epoch, self.best, self.since = 0, float("-inf"), 0
        self.per_epoch = len(self.plan(0))

    def plan(self, epoch: int) -> list[Batch]:
        """The batches of an epoch in their order; the same for the same seed."""
        rng = random.Random(self.options.seed * 1000 + epoch)
        mine = self.examples
        share = max(1, len(mine.graded) // max(1, self.options.epochs))
        talks = [*mine.talks, *mine.english * mine.few_shot]
        made: list[Batch] = [("terms", one) for one in batches(mine.judged, self.options.tokens, rng)]
        made += [("talks", one) for one in batches(talks, self.options.talk_tokens, rng)]
        graded = mine.graded[epoch * share : (epoch + 1) * share]
        made += [("graded", one) for one in batches(graded, self.options.tokens, rng)]
        rng.shuffle(made)
        return made

    def run(self, score: Callable[[], float]) -> None:
        """Train; after each epoch `score()` (higher is better) decides whether to stop early. The best state stays.

        Raises:
            ConfigError: the checkpoint is of another run.
        """
        self._resume()
        best_state = {name: value.detach().clone() for name, value in self.net.state_dict().items()}
        while self.epoch < self.options.epochs:
            self._one_epoch()
            self.epoch += 1
            self.net.eval()
            reached = score()
            self.net.train()
            self.say(f"epoch {self.epoch}/{self.options.epochs}: score {reached:.4f}")
            if reached > self.best:
                self.best, self.since = reached, 0
                best_state = {name: value.detach().clone() for name, value in self.net.state_dict().items()}
            else:
                self.since += 1
            self._keep()
            if self.since >= self.options.patience:
                self.say("no gain: stopped early")
                break
        self.net.load_state_dict(best_state)
        self.net.eval()

    def _one_epoch(self) -> None:
        begun, losses = time.monotonic(), dict[str, list[float]]()
        plan = self.plan(self.epoch)
        for number, (kind, batch) in enumerate(plan):
            self._set_rate(self.epoch * self.per_epoch + number)
            loss = self._loss(kind, batch)
            self.optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.options.clip)
            self.optimizer.step()
            self.tell(
                self.epoch * self.per_epoch + number + 1,
                self.per_epoch * self.options.epochs,
                f"epoch {self.epoch + 1}",
            )
            losses.setdefault(kind, []).append(float(loss.detach()))
            if (number + 1) % 50 == 0:
                seconds = (time.monotonic() - begun) / (number + 1)
                left = seconds * (len(plan) - number - 1) / 60
                means = ", ".join(f"{name} {sum(rows) / len(rows):.3f}" for name, rows in sorted(losses.items()))
                self.say(f"epoch {self.epoch + 1} step {number + 1}/{len(plan)}: {means}; {left:.0f} min left of it")

    def _set_rate(self, step: int) -> None:
        share = step / max(1, self.per_epoch * self.options.epochs)
        factor = min(1.0, (step + 1) / self.options.warmup) * max(0.02, 1 - share)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor

    def _loss(self, kind: str, batch: list[Any]) -> Tensor:
        lower = self.kept.of(batch)
        if kind == "terms":
            return judged_loss(self.net, batch, lower)
        if kind == "graded":
            return graded_loss(self.net, batch, lower)
        return talk_loss(self.net, batch, lower, own_spans=self.epoch >= 1)

    def _keep(self) -> None:
        state = {
            "options": asdict(self.options), "epoch": self.epoch, "best": self.best, "since": self.since,
            "net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(), "random": torch.get_rng_state(),
        }  # fmt: skip
        unfinished = self.file.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.replace(self.file)

    def _resume(self) -> None:
        if not self.file.exists():
            return
        state = torch.load(self.file, weights_only=True)
        if state["options"] != asdict(self.options):
            raise ConfigError(
                f"the checkpoint {self.file.name} is of a run with other options",
                hint="start over with --fresh, or choose another --work",
                code="checkpoint",
            )
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.best, self.since = state["epoch"], state["best"], state["since"]
        torch.set_rng_state(state["random"])
        self.say(f"going on after epoch {self.epoch}")
