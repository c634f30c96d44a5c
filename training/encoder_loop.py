"""Fine-tune the encoder on any texts with targets: gradient accumulation, mixed precision, checkpoints, resumption.

Mixed precision is a bfloat16 encoder with float32 copies of what is trained, on which the optimiser works: twice as
fast as float32 on this kind of processor, where `torch.autocast`, which casts at every operation, gains nothing.
The loop knows nothing of sentiment: `Batch` rows are token ids, soft targets and weights. Batches hold texts of like
length (so that little is padding) up to a number of tokens; several are accumulated before a step, in random order, so
that a step does not see one length only. The same seed and data give the same order, which is what resuming relies on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from training.encoder_model import PAD, Classifier

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to fit. `tokens` bounds a micro-batch, `accumulate` of them make a step, `every` steps are one look at `dev`."""

    epochs: float = 1.0
    rate: float = 7e-4
    warmup: float = 0.06
    tokens: int = 768
    accumulate: int = 2
    clip: float = 1.0
    decay: float = 0.01
    smoothing: float = 0.03
    every: int = 100
    patience: int = 4
    seed: int = 20
    threads: int = 1
    bfloat16: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """`ids` one list a text; `targets` (n, outputs) in 0…1; `weights` (n,)."""

    ids: list[list[int]]
    targets: Floats
    weights: Floats


def batches(rows: Rows, *, tokens: int, seed: int) -> list[list[int]]:
    """Row numbers in micro-batches of like length, in random order; padded they hold at most `tokens` (or one text)."""
    rng = np.random.default_rng(seed)
    lengths = np.array([len(one) for one in rows.ids])
    order = np.lexsort((rng.random(lengths.size), lengths + rng.integers(-2, 3, lengths.size)))
    made: list[list[int]] = [[]]
    longest = 0
    for row in order.tolist():
        longest = max(longest, int(lengths[row]))
        if made[-1] and longest * (len(made[-1]) + 1) > tokens:
            made.append([])
            longest = int(lengths[row])
        made[-1].append(row)
    return [made[number] for number in rng.permutation(len(made))]


def padded(ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, mask), shape (n, longest)."""
    longest = max(len(one) for one in ids)
    table = torch.full((len(ids), longest), PAD, dtype=torch.long)
    for row, one in enumerate(ids):
        table[row, : len(one)] = torch.tensor(one)
    lengths = torch.tensor([len(one) for one in ids])
    return table, (torch.arange(longest)[None, :] < lengths[:, None]).long()


def loss_of(scores: torch.Tensor, targets: torch.Tensor, *, smoothing: float) -> torch.Tensor:
    """Loss a text, shape (n,): logistic for one output, cross-entropy against soft targets for several."""
    if scores.shape[1] == 1:
        aim = targets * (1 - smoothing) + smoothing / 2
        return functional.binary_cross_entropy_with_logits(scores, aim, reduction="none")[:, 0]
    aim = targets * (1 - smoothing) + smoothing / scores.shape[1]
    return -(aim * functional.log_softmax(scores, dim=1)).sum(1)


def predict(model: Classifier, ids: Sequence[Sequence[int]], *, tokens: int = 4096) -> Floats:
    """Scores of many texts, shape (n, outputs), without gradients."""
    rows = Rows(list(map(list, ids)), np.zeros((len(ids), 1)), np.ones(len(ids)))
    out: Floats | None = None
    model.eval()
    with torch.inference_mode():
        for batch in batches(rows, tokens=tokens, seed=0):
            scores = model(*padded([rows.ids[row] for row in batch])).float().numpy()
            if out is None:
                out = np.zeros((len(ids), scores.shape[1]))
            out[batch] = scores
    model.train()
    return np.zeros((0, 1)) if out is None else out


class Fit:
    """One fine-tuning run. `run()` goes on from the checkpoint in `folder` if there is one of the same options."""

    def __init__(
        self,
        model: Classifier,
        train: Rows,
        dev: Rows,
        options: Options,
        *,
        folder: Path,
        say: Say,
        tell: Tell | None = None,
    ) -> None:
        torch.set_num_threads(options.threads)
        self.model, self.train, self.dev, self.options = model, train, dev, options
        self.folder, self.say, self.tell = folder, say, tell
        if options.bfloat16:
            model.encoder.to(torch.bfloat16)
        self.master = {name: value.detach().float().clone().requires_grad_() for name, value in model.trained().items()}
        self.optimizer = torch.optim.AdamW(self.master.values(), lr=options.rate, weight_decay=options.decay)
        first = len(batches(train, tokens=options.tokens, seed=options.seed))
        self.total = max(1, round(first * options.epochs / options.accumulate))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.step, self.best, self.since = 0, float("inf"), 0
        self.best_state = {name: value.detach().clone() for name, value in self.master.items()}

    def _rate(self, step: int) -> float:
        warm = max(1, int(self.total * self.options.warmup))
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + float(np.cos(np.pi * min(1.0, (step - warm) / max(1, self.total - warm)))))

    def run(self) -> float:
        """Train to the end or until `dev` stops gaining; the best state is in the model. Returns its loss on dev."""
        self._resume()
        begun, done = time.monotonic(), self.step
        for group in self._groups():
            self._one(group)
            self.step += 1
            if self.tell:
                self.tell(self.step, self.total, "fine-tuning")
            if self.step % 20 == 0:
                spent = (time.monotonic() - begun) / (self.step - done)
                self.say(f"step {self.step}/{self.total} loss {self.running:.4f} {spent:.2f} s/step, {spent * (self.total - self.step) / 60:.0f} min left")  # fmt: skip
            if (self.step % self.options.every == 0 or self.step == self.total) and not self._look():
                break
        self.model.float()
        self._into_model(self.best_state)
        return self.best

    def _into_model(self, state: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, value in self.model.trained().items():
                value.copy_(state[name])

    running: float = 0.7

    def _groups(self) -> Iterator[list[list[int]]]:
        """Micro-batches of every step still to do, epoch after epoch."""
        step, epoch = 0, 0
        waiting: list[list[int]] = []
        while step < self.total:
            for batch in batches(self.train, tokens=self.options.tokens, seed=self.options.seed + epoch):
                waiting.append(batch)
                if len(waiting) == self.options.accumulate:
                    if step >= self.step and step < self.total:
                        yield waiting
                    step, waiting = step + 1, []
            epoch += 1

    def _one(self, group: list[list[int]]) -> None:
        whole = sum(float(self.train.weights[batch].sum()) for batch in group)
        seen = 0.0
        for batch in group:
            ids, mask = padded([self.train.ids[row] for row in batch])
            each = loss_of(
                self.model(ids, mask),
                torch.tensor(self.train.targets[batch], dtype=torch.float32),
                smoothing=self.options.smoothing,
            )
            loss = (each * torch.tensor(self.train.weights[batch], dtype=torch.float32)).sum() / max(whole, 1e-9)
            torch.autograd.backward(loss)
            seen += float(loss.detach())
        for name, value in self.model.trained().items():
            self.master[name].grad = None if value.grad is None else value.grad.float()
            value.grad = None
        torch.nn.utils.clip_grad_norm_(self.master.values(), self.options.clip)
        self.optimizer.step()
        self.schedule.step()
        self._into_model(self.master)
        self.running += 0.02 * (seen - self.running)

    def _look(self) -> bool:
        """Judge on `dev`, keep the best, write the checkpoint; False when it is time to stop."""
        scores = predict(self.model, self.dev.ids)
        each = loss_of(torch.tensor(scores), torch.tensor(self.dev.targets), smoothing=0.0)
        loss = float((each * torch.tensor(self.dev.weights)).sum() / self.dev.weights.sum())
        better = loss < self.best
        self.since = 0 if better else self.since + 1
        if better:
            self.best = loss
            self.best_state = {name: value.detach().clone() for name, value in self.master.items()}
        sharp = (
            self.dev.targets.max(axis=1) > 0.9 if scores.shape[1] > 1 else np.abs(self.dev.targets[:, 0] - 0.5) > 0.4
        )
        said = scores.argmax(1) if scores.shape[1] > 1 else (scores[:, 0] > 0)
        truth = self.dev.targets.argmax(1) if scores.shape[1] > 1 else self.dev.targets[:, 0] > 0.5
        self.say(f"step {self.step}: dev loss {loss:.4f}, right {np.mean(said[sharp] == truth[sharp]):.4f}" + (" (best)" if better else ""))  # fmt: skip
        self._checkpoint()
        return self.since < self.options.patience

    def _checkpoint(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "options": asdict(self.options), "total": self.total, "step": self.step, "best": self.best,
            "since": self.since, "master": self.master, "best_state": self.best_state,
            "optimizer": self.optimizer.state_dict(), "schedule": self.schedule.state_dict(),
        }  # fmt: skip
        unfinished = self.folder / "checkpoint.part"
        torch.save(state, unfinished)
        unfinished.replace(self.folder / "checkpoint.pt")

    def _resume(self) -> None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["options"] != asdict(self.options) or state["total"] != self.total:
            self.say("the checkpoint is of another run: starting over")
            return
        with torch.no_grad():
            for name, value in self.master.items():
                value.copy_(state["master"][name])
        self._into_model(self.master)
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.best, self.since = state["step"], state["best"], state["since"]
        self.best_state = state["best_state"]
        self.say(f"going on at step {self.step} of {self.total}")
