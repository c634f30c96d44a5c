"""The aspect model in training and in use are the same function, and what is learned from is what the data says."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huaxiang.text.aspects_model import Reading
from huaxiang.text.aspects_passage import Passage
from huaxiang.text.aspects_terms import chances_of
from huaxiang.text.dialogue_decode import KINDS, LINKS
from huaxiang.text.dialogue_pairs import Layout, pair_features


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch, sets, figures, packed, write_card, AspectNet, TermNet, answers  # noqa: PLW0603
    torch = pytest.importorskip("torch", reason="the extra `finetune` (torch) is not installed")
    from training import aspects_data as sets
    from training import aspects_figures as figures
    from training.aspects import packed, write_card
    from training.aspects_net import AspectNet
    from training.aspects_steps import answers
    from training.aspects_terms import TermNet


WIDE, FEED = 384, 1536


@pytest.fixture(scope="module")
def net() -> AspectNet:
    """One layer of random weights with every change and head away from zero."""
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    shapes = {
        "q": (WIDE, WIDE),
        "k": (WIDE, WIDE),
        "v": (WIDE, WIDE),
        "ao": (WIDE, WIDE),
        "fi": (WIDE, FEED),
        "fo": (FEED, WIDE),
    }
    weights: dict[str, Any] = {f"l11.{name}.w": rng.normal(size=shape) * 0.03 for name, shape in shapes.items()}
    weights |= {
        "l11.qkv.b": np.zeros(3 * WIDE),
        "l11.ao.b": np.zeros(WIDE),
        "l11.fi.b": np.zeros(FEED),
        "l11.fo.b": np.zeros(WIDE),
    }
    weights |= {
        "l11.aln.w": np.ones(WIDE),
        "l11.oln.w": np.ones(WIDE),
        "l11.aln.b": np.zeros(WIDE),
        "l11.oln.b": np.zeros(WIDE),
    }
    made = AspectNet(weights, first_layer=11, rank=2)
    with torch.no_grad():
        for value in made.parameters():
            value += torch.randn_like(value) * 0.02
    return made.eval()


@pytest.fixture
def passage() -> Passage:
    rng = np.random.default_rng(5)
    units = np.array([1, 2, 2, 4, 5, 7, 8])
    return Passage(
        np.arange(10), units, np.minimum(units + 1, 9), rng.integers(0, 2, (7, 2)).astype(np.float32),
        rng.integers(0, 4096, 7), np.array([0, 0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 0, 0, 1], np.float32),
    )  # fmt: skip


def test_numpy_says_what_torch_says(net: AspectNet, passage: Passage) -> None:
    states = np.random.default_rng(7).normal(size=(10, WIDE)).astype(np.float32)
    _, heads = packed(net, 11)
    reading = Reading({name: value.astype(np.float32) for name, value in heads.items()}, passage, states)
    spans = {"target": [(0, 1)], "aspect": [(1, 3), (4, 5)], "opinion": [(5, 7)]}
    layout = Layout(passage.utterance, passage.marks, (-1, 0), (0, 1))
    with torch.no_grad():
        plain, z = net.units(torch.from_numpy(states), passage)
        assert reading.tags() == pytest.approx(torch.log_softmax(net.tags(z), -1).numpy(), abs=1e-4)
        for start, end in ((0, 1), (2, 5), (6, 7)):
            wanted = torch.softmax(net.polarity(plain, z, start, end), 0).numpy()
            assert reading.polarity((start, end)) == pytest.approx(wanted, abs=1e-4)
        roles = {kind: net.role(kind, plain, z, spans[kind]) for kind in KINDS}
        links = reading.links(spans, layout)
        for name, (left, right, _) in LINKS.items():
            features = torch.from_numpy(pair_features(spans[left], spans[right], layout))
            wanted = torch.softmax(net.pair(name, roles[left], roles[right], features), -1).numpy()
            assert links[name] == pytest.approx(wanted, abs=1e-4)


def test_what_is_shipped_has_no_side_task_and_no_frozen_matrix(net: AspectNet) -> None:
    low_rank, heads = packed(net, 11)
    assert sorted(low_rank) == ["l11.ao", "l11.fi", "l11.fo", "l11.k", "l11.q", "l11.v"]
    assert not any(name.startswith(("mood", "upper")) for name in heads)


def test_numpy_reads_a_term_as_torch_does(passage: Passage) -> None:
    terms = TermNet({}, first_layer=12, rank=0).eval()
    states = np.random.default_rng(8).normal(size=(10, WIDE)).astype(np.float32)
    _, heads = packed(terms, 12)
    with torch.no_grad():
        said = terms.polarity(terms.said(torch.from_numpy(states), passage, (1, 3)))
    assert chances_of(heads, passage, states, (1, 3)) == pytest.approx(torch.softmax(said, -1).numpy(), abs=1e-4)


def dialogue() -> dict[str, Any]:
    return {
        "doc_id": "1", "sentences": ["甲 机 很 亮", "不 亮"], "replies": [-1, 0], "speakers": [0, 1],
        "targets": [[0, 2, "甲机"]], "aspects": [], "opinions": [[2, 4, "很亮", "pos"], [4, 6, "不亮", "neg"]],
        "triplets": [[0, 2, -1, -1, 2, 4, "pos", "甲机", "", "很亮"], [0, 2, -1, -1, 4, 6, "neg", "甲机", "", "不亮"]],
    }  # fmt: skip


class Blind:
    """A tokenizer that sees one piece a character."""

    begin, end = 0, 1

    def cut(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        return [2] * len(text), [(at, at + 1) for at in range(len(text))]


def test_links_become_classes_and_missing_parts_none(tmp_path: Path) -> None:
    path = tmp_path / "zh.json.gz"
    path.write_bytes(gzip.compress(json.dumps([dialogue()]).encode()))
    (talk,) = sets.talks(path, Blind())  # type: ignore[arg-type]
    spans = {kind: list(talk.spans[kind]) for kind in KINDS}
    assert answers(talk, "target_opinion", spans).tolist() == [[3, 1]]
    assert answers(talk, "aspect_opinion", spans).shape == (0, 2)
    assert figures.gold(talk) == set()


def test_a_sentence_of_two_terms_is_read_once_with_both(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The $T$ beats the mouse .\nkey board\nPositive\nThe key board beats the $T$ .\nmouse\nNegative\n")
    assert sets.read_terms(path) == {"The key board beats the mouse .": [(1, 3, "positive"), (5, 6, "negative")]}


def test_blanks_do_not_move_a_sentence_to_another_fold() -> None:
    assert sets.fold_of("a b  C") == sets.fold_of("ab c")


def test_micro_f1_counts_over_documents() -> None:
    assert figures.f1([{1, 2}, {3}], [{1}, {3, 4}]) == (2 / 3, 2 / 3, pytest.approx(2 / 3))


def test_joined_sentences_hold_one_good_and_one_bad_term_where_they_say() -> None:
    from huaxiang.text.aspects_passage import passage_of
    from huaxiang.text.aspects_units import units_of

    def one(text: str, polarity: int, source: str = "phone") -> sets.Judged:
        units = units_of(text)
        return sets.Judged(source, text, passage_of([text], [units], Blind()), ((0, 2, polarity),), 5)  # type: ignore[arg-type]

    learned = [one("屏幕很亮。", 2), one("电池不行", 0), one("good screen", 2, "laptop14")]
    for made in sets.joined(learned, Blind(), count=8):  # type: ignore[arg-type]
        units = units_of(made.text)
        terms = {made.text[units[start][0] : units[end - 1][1]]: polarity for start, end, polarity in made.terms}
        assert terms == {"屏幕": 2, "电池": 0}


def test_no_span_goes_over_a_comma(net: AspectNet) -> None:
    from huaxiang.text.aspects_passage import passage_of
    from huaxiang.text.aspects_units import units_of

    text = "很差，真的很差，"
    passage = passage_of([text], [units_of(text)], Blind())  # type: ignore[arg-type]
    _, heads = packed(net, 11)
    heads = {name: np.zeros_like(value) for name, value in heads.items()}
    heads["tags.bias"] = np.eye(7, dtype=np.float32)[6] * 9  # everything goes on as an opinion
    reading = Reading(heads, passage, np.zeros((len(passage.ids), WIDE), np.float32))
    assert reading.spans() == {"target": [], "aspect": [], "opinion": [(3, 7)]}


def test_a_card_names_both_files_and_their_figures(tmp_path: Path) -> None:
    write_card(tmp_path / "card.md", {"some figure": 0.5}, size=(3_000_000, 2_000_000), threshold=0.3, passes="Once.")
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert "| some figure | 0.500 |" in card
    assert "3.00 MB" in card
    assert "2.00 MB" in card
