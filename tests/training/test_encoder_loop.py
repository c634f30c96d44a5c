"""Batches, losses, and a run that is stopped and goes on, with a two-layer encoder of random weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch, Fit, Options, Rows, batches, loss_of, padded, predict, Adapter, Classifier, OPTIONS  # noqa: PLW0603
    for package in ("torch", "transformers", "peft"):
        pytest.importorskip(package, reason=f"fine-tuning needs {package}: pip install -e '.[finetune]'")
    import torch

    from training.encoder_loop import Fit, Options, Rows, batches, loss_of, padded, predict
    from training.encoder_model import Adapter, Classifier

    OPTIONS = Options(epochs=4, rate=2e-2, tokens=64, accumulate=2, every=4, patience=99, smoothing=0.0)


def encoder() -> object:
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=40, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=1,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


def model() -> Classifier:
    torch.manual_seed(2)
    return Classifier(encoder(), Adapter(rank=4, alpha=8, first_layer=1), outputs=1)


def rows(n: int = 80) -> Rows:
    """Good texts hold token 5, bad ones token 6, among others."""
    rng = np.random.default_rng(3)
    good = np.arange(n) % 2
    ids = [[0, *rng.integers(7, 40, rng.integers(2, 9)).tolist(), 5 if one else 6, 2] for one in good]
    return Rows(ids, good[:, None].astype(float), np.ones(n))


def fit(folder: Path, said: list[str], options: Options | None = None) -> Fit:
    return Fit(model(), rows(), rows(20), options or OPTIONS, folder=folder, say=said.append)


def test_every_text_is_in_one_batch_and_batches_are_bounded() -> None:
    made = rows(200)
    found = batches(made, tokens=64, seed=1)
    assert sorted(row for batch in found for row in batch) == list(range(200))
    assert all(max(len(made.ids[row]) for row in batch) * len(batch) <= 64 for batch in found)
    assert found == batches(made, tokens=64, seed=1) != batches(made, tokens=64, seed=2)


def test_a_text_longer_than_a_batch_stands_alone() -> None:
    made = Rows([[3] * 100, [3], [4]], np.zeros((3, 1)), np.ones(3))
    assert [0] in batches(made, tokens=10, seed=1)


def test_padding_changes_no_score() -> None:
    whole = model().eval()
    with torch.no_grad():
        alone = whole(*padded([[0, 9, 5, 2]]))
        beside = whole(*padded([[0, 9, 5, 2], [0, 9, 9, 9, 9, 9, 9, 2]]))[:1]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_the_loss_of_a_soft_target_is_least_in_the_middle() -> None:
    at = [float(loss_of(torch.tensor([[x]]), torch.tensor([[0.5]]), smoothing=0.0)) for x in (-1.0, 0.0, 1.0)]
    assert at[1] < at[0] == pytest.approx(at[2])
    three = loss_of(torch.tensor([[2.0, 0.0, 0.0]]), torch.tensor([[1.0, 0.0, 0.0]]), smoothing=0.0)
    assert float(three) == pytest.approx(float(np.log(1 + 2 * np.exp(-2.0))), rel=1e-5)


def test_only_the_change_is_trained_and_it_learns(tmp_path: Path) -> None:
    run = fit(tmp_path, [], replace(OPTIONS, epochs=16))
    assert all("lora_" in name or name.startswith("head.") for name in run.model.trained())
    assert run.run() < 0.3
    scores = predict(run.model, rows(20).ids)[:, 0]
    assert np.mean((scores > 0) == (np.arange(20) % 2 == 1)) >= 0.9


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    whole = fit(tmp_path / "whole", [])
    best = whole.run()
    said: list[str] = []
    first = fit(tmp_path / "two", said)

    class Stop(Exception):
        pass

    def stop(text: str) -> None:
        if text.startswith("step 8:"):
            raise Stop

    first.say = stop
    with pytest.raises(Stop):
        first.run()
    first._checkpoint()
    second = fit(tmp_path / "two", said)
    assert second.run() == pytest.approx(best, rel=1e-4)
    assert said[0].startswith("going on at step 8")


def test_a_checkpoint_of_other_options_is_not_gone_on_with(tmp_path: Path) -> None:
    fit(tmp_path, []).run()
    said: list[str] = []
    fit(tmp_path, said, replace(OPTIONS, rate=1e-3)).run()
    assert said[0] == "the checkpoint is of another run: starting over"


def test_it_stops_early_when_nothing_is_gained(tmp_path: Path) -> None:
    said: list[str] = []
    run = fit(tmp_path, said, replace(OPTIONS, rate=0.0, patience=2, epochs=20))
    run.run()
    assert run.step < run.total


def test_the_change_as_arrays_is_what_the_model_adds(tmp_path: Path) -> None:
    run = fit(tmp_path, [])
    run.run()
    delta = run.model.delta({"tokens": 16})
    assert sorted(delta.low_rank) == ["l1.ao", "l1.fi", "l1.fo", "l1.v"]
    tuned: Any = run.model.encoder
    layer = tuned.base_model.model.encoder.layer[1].intermediate.dense
    down, up = (half.astype(np.float32) for half in delta.low_rank["l1.fi"])
    x = torch.randn(3, 24)
    with torch.no_grad():
        added = (layer(x) - layer.base_layer(x)).numpy()
    assert np.allclose(x.numpy() @ down @ up, added, atol=5e-3)
