"""Domain adaptation of the encoder by masked words, and what it gained: `python -m training.adapt --data DIR --work DIR`.

Low-rank changes are learned from texts without labels (the shop's own reviews with `--extra`): 15 % of the pieces are
hidden and guessed from the rest (Devlin et al. 2019, BERT). What it gained is printed, never assumed: the loss on texts
held out (whose fall is mostly that of the guessing head, which starts from nothing), and the accuracy of a linear
reader of good and bad over the frozen encoder before and after, on the same texts and by the int8 graph that would ship.
A run that was stopped goes on at its last checkpoint. Needs the extra `finetune` and the encoder in the cache.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional as fn

from huaxiang.errors import DataError
from huaxiang.models.cards import ENCODER
from huaxiang.models.e5_tuned import TunedEncoder
from huaxiang.models.resolve import resolve
from huaxiang.text.normalise import normalise_many
from training import checkpoints
from training.encoder_loop import Rows, Say, batches, padded
from training.encoder_model import Adapter, Classifier, Tokens, bert
from training.sentiment_data import Example, shopping, split

FILE, BEFORE, CHECKPOINT = "adapted.npz", "unadapted.npz", "adapt.ckpt"
TOKENS = 128
"""Pieces of a text that the linear reader sees."""
HIDDEN, SWAPPED = 0.8, 0.1


@dataclass(frozen=True, slots=True)
class Options:
    """How to fit. `share` of the pieces is asked for; `tokens` bounds a batch with its padding, `longest` a text."""

    epochs: int = 1
    rate: float = 5e-4
    share: float = 0.15
    tokens: int = 768
    longest: int = 128
    rank: int = 8
    every: int = 20
    seed: int = 20
    threads: int = 1
    bfloat16: bool = False
    """The frozen weights in half the bits, what is trained in float32: twice as fast on processors that know bfloat16."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts with pieces hidden: `ids` as the encoder sees them, and the (row, place) of each asked piece with its answer."""

    ids: list[list[int]]
    rows: list[int]
    places: list[int]
    answers: list[int]


def ask(
    ids: Sequence[Sequence[int]], known: dict[int, int], hide: int, share: float, rng: np.random.Generator
) -> Asked:
    """Hide pieces: of those asked for 8 in 10 become `hide`, 1 in 10 another piece, 1 stays. The first and last never are.

    Args:
        ids: piece ids of each text.
        known: pieces that may be asked for, with their number among the answers.
        hide: id of the mask.
        share: of the pieces, at least one a text that has a known one.
        rng: what is hidden depends on it alone.
    """
    others = list(known)
    asked = Asked([list(one) for one in ids], [], [], [])
    for row, one in enumerate(ids):
        open_to = [place for place in range(1, len(one) - 1) if one[place] in known]
        count = max(1, round(share * len(open_to)))
        for place in rng.permutation(open_to)[:count].tolist():
            draw = rng.random()
            if draw < HIDDEN:
                asked.ids[row][place] = hide
            elif draw < HIDDEN + SWAPPED:
                asked.ids[row][place] = others[rng.integers(len(others))]
            asked.rows.append(row)
            asked.places.append(place)
            asked.answers.append(known[one[place]])
    return asked


class Guesser(nn.Module):  # type: ignore[misc]
    """The encoder with low-rank changes and a guess of hidden pieces, tied to the embeddings of the pieces that occur."""

    def __init__(self, encoder: Any, adapter: Adapter, known: Sequence[int]) -> None:
        super().__init__()
        table = encoder.embeddings.word_embeddings.weight[torch.tensor(list(known))].detach().clone()
        self.register_buffer("table", table)
        self.inner = Classifier(encoder, adapter, outputs=1)
        self.shift = nn.Linear(table.shape[1], table.shape[1])
        self.lean = nn.Parameter(torch.zeros(len(table)))

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Last hidden states, float32 (n, tokens, width)."""
        found: torch.Tensor = self.inner.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        return found

    def loss(self, asked: Asked) -> torch.Tensor:
        """Cross-entropy of the hidden pieces, mean over them."""
        states = self.states(*padded(asked.ids))[torch.tensor(asked.rows), torch.tensor(asked.places)]
        guessed = fn.layer_norm(fn.gelu(self.shift(states)), states.shape[-1:])
        return fn.cross_entropy(guessed @ self.table.T + self.lean, torch.tensor(asked.answers))


def _rows(ids: Sequence[Sequence[int]]) -> Rows:
    return Rows([list(one) for one in ids], np.zeros((len(ids), 1)), np.ones(len(ids)))


class Run:
    """One adaptation. `run()` goes on from the checkpoint in `folder` if there is one of the same options."""

    def __init__(
        self, model: Guesser, ids: list[list[int]], held: list[list[int]], known: dict[int, int], hide: int,
        options: Options, folder: Path, say: Say = print,
    ) -> None:  # fmt: skip
        torch.set_num_threads(options.threads)
        if options.bfloat16:
            for value in model.inner.encoder.parameters():
                if not value.requires_grad:
                    value.data = value.data.to(torch.bfloat16)
        self.model, self.ids, self.options, self.file, self.say = model, ids, options, folder / CHECKPOINT, say
        self.known, self.hide = known, hide
        self.held = ask(held, known, hide, options.share, np.random.default_rng(options.seed))
        self.trained = [value for value in model.parameters() if value.requires_grad]
        self.optimizer = torch.optim.AdamW(self.trained, lr=options.rate)
        self.plan = [
            batch for epoch in range(options.epochs)
            for batch in batches(_rows(ids), tokens=options.tokens, seed=options.seed + epoch)
        ]  # fmt: skip
        self.warm = max(1, min(20, len(self.plan) // 10))
        self.step = 0
        self.run_of = {**asdict(options), "plan": len(self.plan)}

    def held_loss(self) -> float:
        """Loss on the held-out texts, always of the same hidden pieces."""
        losses, sizes = [], []
        with torch.no_grad():
            for batch in batches(_rows(self.held.ids), tokens=4 * self.options.tokens, seed=0):
                own = [at for at, row in enumerate(self.held.rows) if row in batch]
                part = Asked(
                    [self.held.ids[row] for row in batch], [batch.index(self.held.rows[at]) for at in own],
                    [self.held.places[at] for at in own], [self.held.answers[at] for at in own],
                )  # fmt: skip
                if own:
                    losses.append(float(self.model.loss(part)) * len(own))
                    sizes.append(len(own))
        return sum(losses) / max(1, sum(sizes))

    def run(self) -> None:
        """Train to the end of the plan."""
        self._resume()
        begun, done = time.monotonic(), self.step
        while self.step < len(self.plan):
            rng = np.random.default_rng((self.options.seed, self.step))  # so that resuming hides the same pieces
            batch = ask([self.ids[row] for row in self.plan[self.step]], self.known, self.hide, self.options.share, rng)
            left = 1 - self.step / len(self.plan)
            self.optimizer.param_groups[0]["lr"] = (
                self.options.rate * min(1.0, (self.step + 1) / self.warm) * max(0.05, left)
            )
            loss = self.model.loss(batch)
            self.optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
            self.optimizer.step()
            self.step += 1
            if self.step % self.options.every == 0 or self.step == len(self.plan):
                seconds = (time.monotonic() - begun) / (self.step - done)
                self.say(f"step {self.step}/{len(self.plan)}: loss {float(loss.detach()):.3f}, {seconds:.2f} s a step")
                self._keep()

    def _keep(self) -> None:
        trained = [value.detach() for value in self.trained]
        state = {"step": self.step, "optimizer": self.optimizer.state_dict(), "trained": trained}
        checkpoints.save(self.file, self.run_of, state)

    def _resume(self) -> None:
        try:
            state = checkpoints.load(self.file, self.run_of)
        except checkpoints.OtherRun:
            self.say("the checkpoint is of another run: starting over")
            return
        if state is None:
            return
        with torch.no_grad():
            for value, kept in zip(self.trained, state["trained"], strict=True):
                value.copy_(kept)
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        self.say(f"going on at step {self.step} of {len(self.plan)}")


def probe(change: Path, learn: Sequence[Example], judge: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Whether a linear reader over the frozen encoder with the `change` of a file is right on each text of `judge`."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    encoder = TunedEncoder.load(change, threads=1, keep=False)
    known, asked = (encoder.pooled(normalise_many([one.text for one in rows])) for rows in (learn, judge))
    scaler = StandardScaler().fit(known)
    reader = LogisticRegression(C=0.01, max_iter=500).fit(scaler.transform(known), [one.label for one in learn])
    return np.asarray(reader.predict(scaler.transform(asked)) == np.array([one.label for one in judge]))


def own_texts(path: Path) -> list[str]:
    """The field `text` of a file of JSON lines.

    Raises:
        DataError: the file cannot be read or holds no text.
    """
    try:
        found = [
            str(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"cannot read {path.name!r} ({type(error).__name__})", hint="one JSON object with `text` a line",
            code="no-such-file",
        ) from error  # fmt: skip
    if not found:
        raise DataError(f"{path.name!r} holds no text", hint="one JSON object with `text` a line", code="no-text")
    return found


def adapt(
    texts: Sequence[str],
    learn: Sequence[Example],
    judge: Sequence[Example],
    options: Options,
    work: Path,
    say: Say = print,
) -> dict[str, float]:
    """Adapt to `texts`, write the change into `work`, and return what it gained on texts that were not adapted to.

    Raises:
        ModelError: the encoder is not in the cache.
    """
    folder = resolve(ENCODER)
    work.mkdir(parents=True, exist_ok=True)
    cut = Tokens(folder, limit=options.longest)
    ids, held = cut(texts[len(texts) // 10 :]), cut(texts[: len(texts) // 10])
    encoder = bert(folder)
    hide = encoder.config.vocab_size - 1
    known = {piece: number for number, piece in enumerate(sorted({piece for one in ids for piece in one[1:-1]}))}
    torch.manual_seed(options.seed)
    model = Guesser(encoder, Adapter(rank=options.rank, alpha=2 * options.rank), list(known))
    run = Run(model, ids, held, known, hide, options, work, say)
    about = {"format": 1, "tokens": TOKENS, "options": asdict(options)}
    model.inner.delta(about).save(work / BEFORE)  # nothing learned yet: a change of zero
    before, loss = probe(work / BEFORE, learn, judge), run.held_loss()
    say(
        f"before: right in {before.mean():.4f} of {len(before)}, loss on hidden pieces {loss:.3f}, {len(run.plan)} steps"
    )
    run.run()
    model.inner.delta(about).save(work / FILE)
    after = probe(work / FILE, learn, judge)
    rng = np.random.default_rng(0)
    draws = [(after[pick].mean() - before[pick].mean()) for pick in rng.integers(0, len(after), (1000, len(after)))]
    return {
        "texts": len(ids), "steps": len(run.plan), "judged": len(judge), "decisions changed": int((after != before).sum()),
        "loss on hidden pieces before": loss, "loss on hidden pieces after": run.held_loss(),
        "good or bad, frozen encoder before": float(before.mean()), "after": float(after.mean()),
        "gain": float(after.mean() - before.mean()), "gain, 2.5 %": float(np.quantile(draws, 0.025)),
        "gain, 97.5 %": float(np.quantile(draws, 0.975)),
    }  # fmt: skip


def main() -> None:
    """Adapt and print what it gained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--extra", type=Path, help="the shop's own texts: JSON lines with `text`")
    parser.add_argument("--at-most", type=int, default=3000, metavar="N", help="texts to adapt to")
    parser.add_argument("--learned", type=int, default=1000, metavar="N", help="reviews the reader learns from")
    parser.add_argument("--judged", type=int, default=2000, metavar="N", help="reviews it is judged on")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--longest", type=int, default=128, metavar="N", help="pieces of a text that are adapted to")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="twice as fast on processors that know it")
    chosen = parser.parse_args()
    rest, test = split(shopping(chosen.data), test=0.1)
    rng = np.random.default_rng(chosen.seed)
    rest = [rest[at] for at in rng.permutation(len(rest)).tolist()]
    test = [test[at] for at in rng.permutation(len(test)).tolist()][: chosen.judged]
    learn, free = rest[: chosen.learned], rest[chosen.learned :]
    texts = own_texts(chosen.extra) if chosen.extra else [one.text for one in free]
    options = Options(
        epochs=chosen.epochs, seed=chosen.seed, longest=chosen.longest, threads=chosen.threads,
        bfloat16=chosen.bfloat16,
    )  # fmt: skip
    found = adapt(texts[: chosen.at_most], learn, test, options, chosen.work)
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
