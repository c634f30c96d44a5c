"""Masked words: what is hidden, that the guess is learned, and that a stopped run ends where an unbroken one does."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from huaxiang.errors import DataError


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch, Asked, Guesser, Options, Run, ask, own_texts, Adapter  # noqa: PLW0603
    for package in ("torch", "transformers", "peft"):
        pytest.importorskip(package, reason=f"fine-tuning needs {package}: pip install -e '.[finetune]'")
    import torch

    from training.adapt import Asked, Guesser, Options, Run, ask, own_texts
    from training.encoder_model import Adapter


KNOWN = {piece: number for number, piece in enumerate(range(7, 40))}
HIDE = 3


def texts(n: int = 40) -> list[list[int]]:
    """Piece 7 is always followed by 8, and 9 by 10."""
    return [[0, *((7, 8) if row % 2 else (9, 10)) * 4, 2] for row in range(n)]


def model() -> Guesser:
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=40, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=1,
    )  # fmt: skip
    return Guesser(BertModel(config, add_pooling_layer=False), Adapter(rank=4, alpha=8), list(KNOWN))


def run(folder: Path, said: list[str]) -> Run:
    options = Options(epochs=16, rate=2e-2, tokens=80, every=4)
    return Run(model(), texts(), texts(8), KNOWN, HIDE, options, folder, said.append)


def test_only_known_pieces_inside_a_text_are_asked_for_and_their_answers_are_right() -> None:
    ids = [[0, 7, 8, 39, 5, 2], [0, 2], [0, 12, 2]]
    asked = ask(ids, KNOWN, HIDE, 0.5, np.random.default_rng(3))
    assert asked.rows == [0, 0, 2]
    assert all(0 < place < len(ids[row]) - 1 for row, place in zip(asked.rows, asked.places, strict=True))
    truth = [KNOWN[ids[row][place]] for row, place in zip(asked.rows, asked.places, strict=True)]
    assert asked.answers == truth
    assert ids[0] == [0, 7, 8, 39, 5, 2]


def test_hidden_pieces_are_learned_and_a_stopped_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole = run(tmp_path / "whole", [])
    before = whole.held_loss()
    whole.run()
    assert whole.held_loss() < 0.8 * before
    broken = run(tmp_path / "broken", [])
    learned, count = broken.model.loss, itertools.count()

    def stop(asked: Asked) -> torch.Tensor:
        if next(count) == 10:
            raise KeyboardInterrupt
        return learned(asked)

    broken.model.loss = stop
    with pytest.raises(KeyboardInterrupt):
        broken.run()
    said: list[str] = []
    again = run(tmp_path / "broken", said)
    again.run()
    assert said[0].startswith("going on at step 8")
    for one, other in zip(again.trained, whole.trained, strict=True):
        assert one.detach().numpy() == pytest.approx(other.detach().numpy(), abs=1e-5)


def test_a_file_without_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"words": 1}\n')
    with pytest.raises(DataError, match="cannot read"):
        own_texts(tmp_path / "a.jsonl")
