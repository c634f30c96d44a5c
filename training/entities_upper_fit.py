"""One training run of the accurate tagger; it goes on after the last finished epoch when it was stopped."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from training import checkpoints
from training.entities_fit import f1
from training.entities_upper import Read, UpperTagger

CHECKPOINT = "entities.ckpt"
Say = Callable[[str], None]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to fit. `tokens` bounds a batch with its padding; heads learn `head_rate` times as fast as the changes."""

    epochs: int = 8
    rate: float = 8e-4
    head_rate: float = 1.5
    grams_rate: float = 0.01
    rank: int = 16
    first_layer: int = 6
    warmup: int = 60
    tokens: int = 600
    clip: float = 1.0
    decay: float = 0.01
    patience: int = 2
    seed: int = 20
    threads: int = 1


def batches(titles: Sequence[Read], tokens: int, rng: random.Random) -> list[list[Read]]:
    """Titles of like length together, in random order; padded a batch holds at most `tokens` pieces (or one title)."""
    order = sorted(titles, key=lambda one: len(one.seen.ids) + rng.random() * 6)
    made: list[list[Read]] = []
    for one in order:
        if not made or (len(made[-1]) + 1) * len(one.seen.ids) > tokens:
            made.append([])
        made[-1].append(one)
    rng.shuffle(made)
    return made


class Fit:
    """A run. `run()` goes on from `folder/entities.ckpt` if it is there and of the same options and titles."""

    def __init__(
        self, net: UpperTagger, learned: Sequence[Read], held: Sequence[Read], options: Options, folder: Path,
        *, say: Say, tell: Tell,
    ) -> None:  # fmt: skip
        torch.set_num_threads(options.threads)
        self.net, self.learned, self.held, self.options = net, learned, held, options
        self.file, self.say, self.tell = folder / CHECKPOINT, say, tell
        named = dict(net.named_parameters())
        chain = [value for name, value in named.items() if name.startswith(("grams", "steps", "ends"))]
        upper = [value for name, value in named.items() if name.startswith("upper")]
        heads = [value for name, value in named.items() if not name.startswith(("upper", "grams", "steps", "ends"))]
        self.rates = (options.rate, options.rate * options.head_rate, options.grams_rate)
        decays = (options.decay, options.decay, options.decay / 1000)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": values, "lr": rate, "weight_decay": decay}
                for values, rate, decay in zip((upper, heads, chain), self.rates, decays, strict=True)
            ],
            betas=(0.9, 0.98),
        )
        self.epoch, self.best, self.since = 0, -1.0, 0
        self.best_state = self._state()
        self.run_of = {**asdict(options), "titles": len(learned)}

    def _state(self) -> dict[str, torch.Tensor]:
        return {name: value.detach().clone() for name, value in self.net.state_dict().items()}

    def run(self) -> float:
        """Train; the state with the best F1 on `held` (a part of the training set) is in the net. Returns that F1.

        Raises:
            OtherRun: the checkpoint is of another run.
        """
        self._resume()
        while self.epoch < self.options.epochs and self.since < self.options.patience:
            begun = time.monotonic()
            loss = self._one_epoch()
            self.epoch += 1
            reached = f1(self.net, self.held)
            if reached["all"] > self.best:
                self.best, self.since, self.best_state = reached["all"], 0, self._state()
            else:
                self.since += 1
            self.say(
                f"epoch {self.epoch}/{self.options.epochs}: loss {loss:.3f}, F1 {reached['all']:.4f} (brand "
                f"{reached['HP']:.3f}, product {reached['HC']:.3f}), {time.monotonic() - begun:.0f} s"
            )
            self._keep()
        self.net.load_state_dict(self.best_state)
        self.net.eval()
        return self.best

    def _one_epoch(self) -> float:
        made = batches(self.learned, self.options.tokens, random.Random(self.options.seed * 1000 + self.epoch))
        losses = []
        for number, batch in enumerate(made):
            step, total = self.epoch * len(made) + number, self.options.epochs * len(made)
            factor = min(1.0, (step + 1) / self.options.warmup) * max(0.02, 1 - step / total)
            for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
                group["lr"] = rate * factor
            loss = self.net.loss(batch)
            self.optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.options.clip)
            self.optimizer.step()
            losses.append(float(loss.detach()))
            self.tell(step + 1, total, f"epoch {self.epoch + 1}")
        return sum(losses) / max(1, len(losses))

    def _keep(self) -> None:
        state = {
            "epoch": self.epoch, "best": self.best, "since": self.since,
            "net": self.net.state_dict(), "best_state": self.best_state, "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }  # fmt: skip
        checkpoints.save(self.file, self.run_of, state)

    def _resume(self) -> None:
        state = checkpoints.load(self.file, self.run_of)
        if state is None:
            return
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.best, self.since = state["epoch"], state["best"], state["since"]
        self.best_state = state["best_state"]
        torch.set_rng_state(state["random"])
        self.say(f"going on after epoch {self.epoch}")
