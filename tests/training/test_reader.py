"""Training of the evidence reader: the net in torch and the net in numpy are one, and the questions are sound."""

from __future__ import annotations

import numpy as np
import pytest

from huaxiang.text import reader as used


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global reader_net, DATA, questions  # noqa: PLW0603
    pytest.importorskip("torch", reason="training needs torch: pip install 'huaxiang[finetune]'")
    from training import reader_net
    from training.reader import DATA, questions


def _read(tokens: int, seed: int) -> used.Read:
    chance = np.random.default_rng(seed)
    vector = chance.normal(size=384).astype(np.float32)
    return used.Read(
        chance.normal(size=(tokens, 16)).astype(np.float32),
        chance.uniform(0, 5, tokens).astype(np.float32),
        tuple(chance.integers(0, 40, tokens).tolist()),
        vector / np.linalg.norm(vector),
    )


def test_what_is_trained_in_torch_is_what_numpy_computes() -> None:
    import torch

    torch.manual_seed(3)
    net = reader_net.Net(reader_net.Shape(dim=8, heads=2, width=4, pair=3)).eval()
    for value in net.parameters():  # nothing may be at a start value that hides a difference
        torch.nn.init.normal_(value, std=0.3)
    asked, records = _read(5, 1), [_read(9, 2), _read(3, 3), _read(14, 4)]
    weights = {name: value.detach().numpy() for name, value in net.named_parameters()}
    with torch.no_grad():
        wanted = net([(asked, records)]).numpy()
    assert used.Net(weights, 2, 4).scores(asked, records) == pytest.approx(wanted, abs=1e-4)


def test_questions_point_at_records_that_exist_and_some_have_no_answer() -> None:
    asked = list(questions(sorted(DATA.glob("reader_*.jsonl"))))
    assert len(asked) > 1000
    assert all(0 <= place < len(one.records) for one in asked for place in one.gold)
    assert 0.1 < sum(not one.gold for one in asked) / len(asked) < 0.5
    assert not any("heldout" in one.source for one in asked)
