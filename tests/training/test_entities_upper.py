"""The accurate tagger in training and in use are the same function; a run goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huaxiang.errors import ConfigError
from huaxiang.text.entities_encoder import emissions
from huaxiang.text.entities_seen import Seen, seen


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch, TAGS, Read, UpperTagger, Fit, Options, batches  # noqa: PLW0603
    torch = pytest.importorskip("torch", reason="the extra `finetune` (torch) is not installed")
    from training.entities_net import TAGS
    from training.entities_upper import Read, UpperTagger
    from training.entities_upper_fit import Fit, Options, batches


WIDE, FEED = 384, 1536
LISTS: tuple[frozenset[int], ...] = (frozenset(), frozenset())


class Blind:
    """A tokenizer that sees pieces of two characters."""

    begin, end = 0, 1

    def cut(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        offsets = [(at, min(at + 2, len(text))) for at in range(0, len(text), 2)]
        return [2 + ord(text[at]) % 50 for at, _ in offsets], offsets


def small_net(drop: float = 0.0) -> UpperTagger:
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    shapes = dict.fromkeys(("q", "k", "v", "ao"), (WIDE, WIDE)) | {"fi": (WIDE, FEED), "fo": (FEED, WIDE)}
    weights: dict[str, Any] = {f"l11.{name}.w": rng.normal(size=shape) * 0.03 for name, shape in shapes.items()}
    sizes = {"qkv": 3 * WIDE, "ao": WIDE, "fi": FEED, "fo": WIDE, "aln": WIDE, "oln": WIDE}
    weights |= {f"l11.{name}.b": np.zeros(size) for name, size in sizes.items()}
    weights |= {f"l11.{name}.w": np.ones(WIDE) for name in ("aln", "oln")}
    return UpperTagger(weights, first_layer=11, rank=2, dropout=drop, heads_dropout=drop, grams_dropout=drop)


def one(text: str) -> Seen:
    return seen(text, Blind(), LISTS)  # type: ignore[arg-type]


def title(number: int) -> Read:
    text = "华为手机壳" + "甲乙丙丁"[number % 4] * (number % 3)
    tags = [TAGS.index(tag) for tag in ("B-HP", "E-HP", "B-HC", "I-HC", "E-HC")] + [0] * (number % 3)
    found = one(text)
    states = np.random.default_rng(number).normal(size=(len(found.ids), WIDE))
    return Read(text, found, np.array(tags), torch.from_numpy(states.astype(np.float32)))


def test_numpy_says_what_torch_says() -> None:
    net = small_net().eval()
    _, heads, _ = net.packed()
    mine = {name: np.asarray(value, np.float32) for name, value in heads.items()}
    prepared = one("ota欧达 包1")
    states = np.random.default_rng(2).normal(size=(len(prepared.ids), WIDE)).astype(np.float32)
    with torch.no_grad():
        wanted = net.heads([torch.from_numpy(states)], [prepared]).numpy()
    assert emissions(mine, prepared, states) == pytest.approx(wanted, abs=1e-4)


def test_every_change_of_the_upper_layers_is_packed_and_no_frozen_matrix() -> None:
    low_rank, heads, grams = small_net().packed()
    assert sorted(low_rank) == ["l11.ao", "l11.fi", "l11.fo", "l11.k", "l11.q", "l11.v"]
    assert not any(name.startswith(("upper", "grams")) for name in heads)
    assert grams.shape[1] == len(TAGS)


def test_the_same_seed_gives_the_same_batches_within_their_bound() -> None:
    import random

    titles = [title(number) for number in range(9)]
    made = batches(titles, 12, random.Random(3))
    assert [one.text for batch in made for one in batch] == [
        one.text for batch in batches(titles, 12, random.Random(3)) for one in batch
    ]
    assert all(len(batch) * max(len(one.seen.ids) for one in batch) <= 12 for batch in made)
    assert sorted(one.text for batch in made for one in batch) == sorted(one.text for one in titles)


def fit(folder: Path, epochs: int, said: list[str], **others: Any) -> Fit:
    titles = [title(number) for number in range(8)]
    options = Options(epochs=epochs, warmup=1, first_layer=11, rank=2, rate=2e-3, tokens=20, **others)
    return Fit(small_net(), titles, titles[:3], options, folder, say=said.append, tell=lambda done, total, what: None)


def test_titles_are_learned(tmp_path: Path) -> None:
    assert fit(tmp_path, 4, [], patience=9).run() == 1.0


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_stopped_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole = fit(tmp_path / "whole", 3, [], patience=9)
    whole.run()
    broken = fit(tmp_path / "broken", 3, [], patience=9)

    def stop(done: int, total: int, what: str) -> None:
        if what == "epoch 2":
            raise Stopped

    broken.tell = stop
    with pytest.raises(Stopped):
        broken.run()
    said: list[str] = []
    again = fit(tmp_path / "broken", 3, said, patience=9)
    again.run()
    assert said[0] == "going on after epoch 1"
    for name, value in whole.net.state_dict().items():
        reached = again.net.state_dict()[name].float().numpy()  # millions of numbers: `approx` goes one by one
        np.testing.assert_allclose(reached, value.float().numpy(), rtol=0, atol=1e-6, err_msg=name)


def test_a_checkpoint_of_other_options_is_refused(tmp_path: Path) -> None:
    fit(tmp_path, 1, []).run()
    with pytest.raises(ConfigError, match="other options"):
        fit(tmp_path, 2, []).run()
