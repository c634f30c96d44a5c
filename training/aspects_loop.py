"""A training run in passes over batches of several kinds; it goes on where it was stopped and keeps the best mean of its weights."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn

from huaxiang.errors import ConfigError
from huaxiang.text.aspects_passage import Passage

Say = Callable[[str], None]
Tell = Callable[[int, int, str], None]
Batch = tuple[str, list[Any]]


class Read(Protocol):
    """What has a passage."""

    @property
    def passage(self) -> Passage:
        """What the encoder reads."""


Example = TypeVar("Example", bound=Read)


@dataclass(frozen=True, slots=True)
class Options:
    """How to fit. `tokens` and `talk_tokens` bound a batch with its padding; heads learn `head_rate` times as fast.

    `dropped` is the share of pieces that a dialogue does without (their lower states are blank).
    `dropout` is that of the layers; `smoothing` is taken from the labels of terms; `agree` weighs how far two draws of the dropout must say the same of them
    (Wu et al. 2021, "R-Drop").
    What is kept is the running mean of the weights, of which a step's share is 1 - `average` (0: the last weights).
    """

    epochs: int = 3
    rate: float = 8e-4
    head_rate: float = 1.5
    rank: int = 16
    first_layer: int = 6
    warmup: int = 60
    tokens: int = 600
    talk_tokens: int = 900
    clip: float = 1.0
    decay: float = 0.01
    average: float = 0.99
    dropped: float = 0.0
    smoothing: float = 0.05
    agree: float = 0.0
    dropout: float = 0.1
    patience: int = 2
    seed: int = 0
    threads: int = 1


class Task(Protocol):
    """What a run learns."""

    def plan(self, epoch: int, rng: random.Random) -> list[Batch]:
        """The batches of an epoch, by kind; `rng` is the same for the same seed and epoch."""

    def loss(self, kind: str, batch: list[Any], epoch: int) -> Tensor:
        """What a batch teaches."""


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
    """A run. `run()` resumes from the checkpoint `file` if it is there and of the same options."""

    def __init__(self, net: nn.Module, task: Task, options: Options, file: Path, say: Say, tell: Tell = nobody) -> None:
        torch.set_num_threads(options.threads)
        self.net, self.task, self.options, self.file, self.say, self.tell = net, task, options, file, say, tell
        self.trained = {name: value for name, value in net.named_parameters() if value.requires_grad}
        upper = [value for name, value in self.trained.items() if name.startswith("upper")]
        heads = [value for name, value in self.trained.items() if not name.startswith("upper")]
        self.rates = (options.rate, options.rate * options.head_rate)
        groups = [{"params": values, "lr": rate} for values, rate in zip((upper, heads), self.rates, strict=True)]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=options.decay, betas=(0.9, 0.98))
        self.mean = self._copy()
        self.epoch, self.step, self.best, self.since = 0, 0, float("-inf"), 0
        self.best_mean = self._copy()
        self.per_epoch = len(self.plan(0))

    def plan(self, epoch: int) -> list[Batch]:
        """The batches of an epoch in their order; the same for the same seed."""
        rng = random.Random(self.options.seed * 1000 + epoch)
        made = self.task.plan(epoch, rng)
        rng.shuffle(made)
        return made

    def run(self, score: Callable[[], float]) -> None:
        """Train; after each epoch `score()` (higher is better) of the mean weights decides whether to stop early.

        The net ends with the best mean weights, in its evaluation mode.

        Raises:
            ConfigError: the checkpoint is of another run.
        """
        self._resume()
        while self.epoch < self.options.epochs and self.since < self.options.patience:
            self.net.train()
            self._one_epoch()
            self.epoch += 1
            live = self._copy()
            self._put(self.mean)
            self.net.eval()
            reached = score()
            self.say(f"epoch {self.epoch}/{self.options.epochs}: score {reached:.4f}")
            if reached > self.best:
                self.best, self.since, self.best_mean = reached, 0, self._copy()
            else:
                self.since += 1
            self._put(live)
            self._keep()
            if self.since >= self.options.patience:
                self.say("no gain: stopped early")
        self._put(self.best_mean)
        self.net.eval()

    def _one_epoch(self) -> None:
        begun, losses = time.monotonic(), dict[str, list[float]]()
        plan = self.plan(self.epoch)
        for number, (kind, batch) in enumerate(plan):
            self._set_rate()
            loss = self.task.loss(kind, batch, self.epoch)
            self.optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(list(self.trained.values()), self.options.clip)
            self.optimizer.step()
            self.step += 1
            self._average()
            self.tell(self.step, self.per_epoch * self.options.epochs, f"epoch {self.epoch + 1}")
            losses.setdefault(kind, []).append(float(loss.detach()))
            if (number + 1) % 50 == 0:
                seconds = (time.monotonic() - begun) / (number + 1)
                left = seconds * (len(plan) - number - 1) / 60
                means = ", ".join(f"{name} {sum(rows) / len(rows):.3f}" for name, rows in sorted(losses.items()))
                self.say(f"epoch {self.epoch + 1} step {number + 1}/{len(plan)}: {means}; {left:.0f} min left of it")

    def _set_rate(self) -> None:
        share = self.step / max(1, self.per_epoch * self.options.epochs)
        factor = min(1.0, (self.step + 1) / self.options.warmup) * max(0.02, 1 - share)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _average(self) -> None:
        # a young mean forgets faster, or it would remember the start
        kept = min(self.options.average, self.step / (9 + self.step))
        for name, value in self.trained.items():
            self.mean[name].mul_(kept).add_(value.detach(), alpha=1 - kept)

    def _copy(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self.trained.items()}

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _put(self, values: dict[str, Tensor]) -> None:
        for name, value in self.trained.items():
            value.copy_(values[name])

    def _keep(self) -> None:
        state = {
            "options": asdict(self.options), "epoch": self.epoch, "step": self.step, "best": self.best,
            "since": self.since, "live": self._copy(), "mean": self.mean, "best_mean": self.best_mean,
            "optimizer": self.optimizer.state_dict(), "random": torch.get_rng_state(),
        }  # fmt: skip
        unfinished = self.file.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.replace(self.file)

    def _resume(self) -> None:
        if not self.file.exists():
            return
        state = torch.load(self.file, weights_only=True)
        if state.get("options") != asdict(self.options):
            raise ConfigError(
                f"the checkpoint {self.file.name} is of a run with other options",
                hint="start over with --fresh, or choose another --work",
                code="checkpoint",
            )
        self._put(state["live"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.mean, self.best_mean = state["mean"], state["best_mean"]
        self.epoch, self.step, self.best, self.since = (state[name] for name in ("epoch", "step", "best", "since"))
        torch.set_rng_state(state["random"])
        self.say(f"going on after epoch {self.epoch}")
