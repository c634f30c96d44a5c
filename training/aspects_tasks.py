"""What the aspect model learns: first everything at once, and then the dialogues with little beside."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from training.aspects_data import Graded, Judged, Talk
from training.aspects_loop import Batch, Options, batches
from training.aspects_lower import Kept
from training.aspects_net import AspectNet
from training.aspects_steps import graded_loss, judged_loss, talk_loss


@dataclass(frozen=True, slots=True)
class Examples:
    """What to learn from; a few English dialogues are seen `few_shot` times an epoch."""

    judged: list[Judged]
    talks: list[Talk]
    graded: list[Graded]
    english: list[Talk]
    few_shot: int = 2

    def dialogues(self) -> list[Talk]:
        """The dialogues of one pass."""
        return [*self.talks, *self.english * self.few_shot]


@dataclass(frozen=True, slots=True)
class Together:
    """The first leg, a `Task` of the loop: judged sentences, dialogues, and a share of the graded texts a pass."""

    net: AspectNet
    kept: Kept
    examples: Examples
    options: Options

    def plan(self, epoch: int, rng: random.Random) -> list[Batch]:
        """Batches of all kinds."""
        mine = self.examples
        share = max(1, len(mine.graded) // max(1, self.options.epochs))
        graded = mine.graded[epoch * share : (epoch + 1) * share]
        made: list[Batch] = [("terms", one) for one in batches(mine.judged, self.options.tokens, rng)]
        made += [("talks", one) for one in batches(mine.dialogues(), self.options.talk_tokens, rng)]
        return made + [("graded", one) for one in batches(graded, self.options.tokens, rng)]

    def loss(self, kind: str, batch: list[Any], epoch: int) -> Tensor:
        """Of its kind."""
        lower = self.kept.of(batch)
        if kind == "terms":
            return judged_loss(self.net, batch, lower)
        if kind == "graded":
            return graded_loss(self.net, batch, lower)
        return talk_loss(self.net, batch, lower, found="best" if epoch else "")


@dataclass(frozen=True, slots=True)
class Dialogues:
    """The legs after it: the dialogues, and a share of the judged sentences so that terms of reviews are not forgotten."""

    net: AspectNet
    kept: Kept
    examples: Examples
    options: Options
    judged: float = 0.2
    weight: float = 6.0

    def plan(self, epoch: int, rng: random.Random) -> list[Batch]:
        """Batches of dialogues and of some judged sentences."""
        some = rng.sample(self.examples.judged, int(len(self.examples.judged) * self.judged))
        made: list[Batch] = [
            ("talks", one) for one in batches(self.examples.dialogues(), self.options.talk_tokens, rng)
        ]
        return made + [("terms", one) for one in batches(some, self.options.tokens, rng)]

    def loss(self, kind: str, batch: list[Any], epoch: int) -> Tensor:
        """Of its kind; links are learned between spans that the model half believes in, too."""
        lower = self.kept.of(batch)
        if kind == "terms":
            return judged_loss(self.net, batch, lower)
        if self.options.dropped:
            lower = [state * (torch.rand(len(state), 1) >= self.options.dropped) for state in lower]
        return talk_loss(self.net, batch, lower, found="many", weight=self.weight)
