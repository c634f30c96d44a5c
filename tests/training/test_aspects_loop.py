"""The training run: it learns, goes on where it was stopped, and stops when nothing is gained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huaxiang.errors import ConfigError
from huaxiang.text.aspects_passage import Passage
from huaxiang.text.dialogue_pairs import Layout


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch, Graded, Judged, Talk, Fit, Options, batches, AspectNet  # noqa: PLW0603
    global Dialogues, Examples, Together, Asked, TermNet, TermTask, scorer  # noqa: PLW0603
    torch = pytest.importorskip("torch", reason="the extra `finetune` (torch) is not installed")
    from training.aspects_data import Graded, Judged, Talk
    from training.aspects_loop import Fit, Options, batches
    from training.aspects_net import AspectNet
    from training.aspects_tasks import Dialogues, Examples, Together
    from training.aspects_terms import Asked, TermNet, TermTask, scorer


WIDE, FEED = 384, 1536


CHECKPOINT = "run.ckpt"


def weights_of_one_layer() -> dict[str, Any]:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    square = {f"l11.{name}.w": rng.normal(size=(WIDE, WIDE)) * 0.03 for name in ("q", "k", "v", "ao")}
    weights: dict[str, Any] = square | {
        "l11.fi.w": rng.normal(size=(WIDE, FEED)) * 0.03, "l11.fo.w": rng.normal(size=(FEED, WIDE)) * 0.03,
        "l11.qkv.b": np.zeros(3 * WIDE), "l11.ao.b": np.zeros(WIDE), "l11.fi.b": np.zeros(FEED), "l11.fo.b": np.zeros(WIDE),
        "l11.aln.w": np.ones(WIDE), "l11.oln.w": np.ones(WIDE), "l11.aln.b": np.zeros(WIDE), "l11.oln.b": np.zeros(WIDE),
    }  # fmt: skip
    return weights


def passage(first_id: int) -> Passage:
    units = np.arange(1, 5)
    zeros = np.zeros(4, np.int64)
    return Passage(
        np.arange(first_id, first_id + 6),
        units,
        units,
        np.ones((4, 2), np.float32),
        zeros + 7,
        zeros,
        np.zeros(4, np.float32),
    )


class Fixed:
    """States that depend on the passage alone."""

    def of(self, examples: list[Any]) -> list[Any]:
        rows = [np.random.default_rng(int(one.passage.ids[0])).normal(size=(6, WIDE)) for one in examples]
        return [torch.from_numpy(row.astype(np.float32)) for row in rows]


def examples() -> Examples:
    judged = [Judged("laptop14", "", passage(number), ((0, 1, number % 3),), 5) for number in range(6)]
    one = passage(50)
    spans = {"target": [(0, 1)], "aspect": [(1, 2)], "opinion": [(2, 4)]}
    layout = Layout(one.utterance, one.marks, (-1,), (0,))
    talk = Talk("t", one, layout, spans, (((0, 1), (1, 2), (2, 4), 2),))
    return Examples(judged, [talk], [Graded(passage(90), True), Graded(passage(91), False)], [talk], few_shot=2)


def fit(folder: Path, epochs: int, said: list[str], task: Any = None, **others: Any) -> Fit:
    options = Options(epochs=epochs, warmup=1, first_layer=11, rank=2, rate=2e-3, average=0.5, **others)
    net = AspectNet(weights_of_one_layer(), first_layer=11, rank=2, dropout=0.0)
    return Fit(net, (task or Together)(net, Fixed(), examples(), options), options, folder / CHECKPOINT, said.append)


def test_terms_are_learned(tmp_path: Path) -> None:
    run = fit(tmp_path, 5, [], patience=99)
    scores = iter(range(99))
    run.run(lambda: float(next(scores)))
    right = 0
    mine = examples().judged
    for one, state in zip(mine, Fixed().of(mine), strict=True):
        with torch.no_grad():
            plain, z = run.net.units(run.net.states([state])[0], one.passage)
            right += int(run.net.polarity(plain, z, 0, 1).argmax()) == one.terms[0][2]
    assert right == 6


@pytest.mark.parametrize("agree", [0.0, 1.0])
def test_terms_beside_their_sentence_are_learned(agree: float, tmp_path: Path) -> None:
    two = [0, 0, 0, 1]  # the last unit is the term once more
    held = [replace(passage(number), utterance=np.array(two)) for number in range(6)]
    terms = [Asked(("laptop14", "phone")[n % 2], one, (1, 2), n % 3) for n, one in enumerate(held)]
    net = TermNet(weights_of_one_layer(), first_layer=11, rank=2, dropout=0.0)
    options = Options(epochs=15, warmup=1, rate=2e-3, average=0.5, patience=99, agree=agree)
    task = TermTask(net, Fixed(), terms, examples().graded, options, chinese=1.0, graded=2)  # type: ignore[arg-type]
    Fit(net, task, options, tmp_path / CHECKPOINT, [].append).run(scorer(net, Fixed(), terms))  # type: ignore[arg-type]
    with torch.no_grad():
        read = net.polarity(net.all_said(terms, Fixed().of(terms))).argmax(-1)
    assert read.tolist() == [one.polarity for one in terms]


def test_the_second_leg_learns_links_and_leaves_a_checkpoint(tmp_path: Path) -> None:
    run = fit(tmp_path, 1, [], task=Dialogues)
    before = run.net.pair2["target_opinion"].weight.detach().clone()
    run.run(lambda: 0.1)
    assert (tmp_path / CHECKPOINT).exists()
    assert not torch.equal(before, run.net.pair2["target_opinion"].weight)


def test_what_is_kept_is_the_mean_of_the_weights_of_the_best_epoch(tmp_path: Path) -> None:
    run = fit(tmp_path, 3, [], patience=99)
    seen: list[Any] = []
    scores = iter([0.1, 0.9, 0.5])

    def score() -> float:
        seen.append(run.net.tags.weight.detach().clone())
        return next(scores)

    run.run(score)
    assert torch.equal(run.net.tags.weight, seen[1])
    assert not torch.equal(seen[1], seen[2])


def test_a_run_without_gain_stops_early_and_keeps_the_best(tmp_path: Path) -> None:
    said: list[str] = []
    scores = iter([0.5, 0.4, 0.3, 0.2])
    run = fit(tmp_path, 9, said, patience=2)
    run.run(lambda: next(scores))
    assert run.epoch == 3
    assert run.best == 0.5
    assert said[-1] == "no gain: stopped early"


def test_a_stopped_run_goes_on_after_its_last_epoch(tmp_path: Path) -> None:
    first = fit(tmp_path, 3, [])

    def stop_after_one() -> float:
        if first.epoch == 2:
            raise KeyboardInterrupt
        return 0.1

    with pytest.raises(KeyboardInterrupt):
        first.run(stop_after_one)
    said: list[str] = []
    second = fit(tmp_path, 3, said)
    second.run(lambda: 0.2)
    assert said[0] == "going on after epoch 1"
    assert second.epoch == 3


def test_a_checkpoint_of_other_options_is_refused(tmp_path: Path) -> None:
    fit(tmp_path, 1, []).run(lambda: 0.0)
    assert (tmp_path / CHECKPOINT).exists()
    with pytest.raises(ConfigError, match="other options"):
        fit(tmp_path, 2, []).run(lambda: 0.0)


def test_a_batch_keeps_to_its_tokens_and_no_example_is_lost() -> None:
    import random

    mine = [Graded(passage(number), True) for number in range(10)]
    made = batches(mine, 20, random.Random(1))
    assert all(len(batch) * 6 <= 20 for batch in made)
    assert sum(len(batch) for batch in made) == 10


def test_the_same_seed_gives_the_same_plan(tmp_path: Path) -> None:
    one, other = fit(tmp_path, 2, []), fit(tmp_path, 2, [])
    names = [[kind for kind, _ in run.plan(1)] for run in (one, other)]
    assert names[0] == names[1]
