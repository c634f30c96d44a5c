"""Intents of messages and of staff questions, with the shipped models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huaxiang.errors import HuaxiangError, ModelError
from huaxiang.models.encoder import Encoder, load_encoder
from huaxiang.text.intent import OUT, Head, IntentModel, Parts, load, save


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我的快递到哪了", "track_order"), ("Where is my order?", "track_order"), ("我要退款", "refund"),
        ("I want to cancel my order", "cancel_order"), ("转人工客服", "human"), ("can I get an invoice", "invoice"),
        ("收到的杯子碎了", "damaged"), ("今天天气怎么样", OUT), ("tell me a joke", OUT),
    ],
)  # fmt: skip
def test_a_message_says_what_it_wants(text: str, label: str) -> None:
    assert load("customer").predict([text])[0].label == label


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("C101投诉过什么？", "complaints"), ("What does she complain about?", "complaints"), ("她穿几码的鞋", "shoe_size"),
        ("How much did C101 spend in total?", "spend"), ("给她推荐一款背包", "recommend"), ("Compare C101 and C20", "compare"),
    ],
)  # fmt: skip
def test_a_staff_question_says_which_aim_it_has(question: str, label: str) -> None:
    assert load("staff").predict([question])[0].label == label


@pytest.mark.parametrize("text", ["", " ", "!!!", "\x00\x01", "\ud800", "啊" * 100_000, "<b></b>", "👍"])
@pytest.mark.parametrize("purpose", ["customer", "staff"])
def test_odd_input_gives_a_label_and_a_probability(text: str, purpose: str) -> None:
    one = load(purpose).predict([text])[0]
    assert one.label in load(purpose).labels
    assert 0 <= one.probability <= 1


def test_what_has_no_letter_is_out_of_scope() -> None:
    assert [one.label for one in load("customer").predict(["", "...", "？？"])] == [OUT] * 3


@settings(max_examples=25)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_text_reads_the_same_alone_and_in_company(texts: list[str]) -> None:
    model = load("customer")
    together = model.scores(texts)
    assert np.allclose(
        together, np.array([model.scores([text])[0] for text in texts]).reshape(together.shape), atol=1e-4
    )


def test_a_model_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    head = Head(
        np.zeros(4, np.float32), np.ones(4, np.float32), rng.normal(size=(8, 2)).astype(np.float32), 3, 0.4, 2.0
    )
    parts = Parts(
        ("a", OUT), rng.integers(-9, 9, (1 << 10, 2)).astype(np.int8), np.ones(2, np.float32), np.zeros(2, np.float32),
        1.5, -0.5, head, {"texts": 2},
    )  # fmt: skip
    save(tmp_path / "intent_customer.npz", parts)
    again = load("customer", models=str(tmp_path))
    assert again.parts.about == {"texts": 2}
    assert np.array_equal(again.scores(["好的"]), IntentModel(parts, name="x").scores(["好的"]))
    vectors = rng.normal(size=(3, 4)).astype(np.float32)
    assert again.parts.head is not None
    assert np.allclose(again.parts.head.scores(vectors), head.scores(vectors), atol=0.02)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "intent_staff.npz").write_bytes(b"PK\x03\x04 not a model")
    with pytest.raises(ModelError, match=r"intent_staff\.npz"):
        load("staff", models=str(tmp_path))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    try:
        return load_encoder()
    except HuaxiangError as error:
        pytest.skip(f"the encoder is not in the cache ({error.code}): huaxiang models fetch")


def test_the_accurate_tier_reads_what_n_grams_alone_do_not(encoder: Encoder) -> None:
    texts = [
        "多谢，客服妹子太贴心了",
        "my parcel seems to be stuck, any update on it?",
        "what is the capital of France",
    ]
    accurate = load(tier="accurate")
    assert accurate.parts.head is not None
    assert [one.label for one in accurate.predict(texts, encoder)] == ["praise", "track_order", OUT]


@pytest.mark.parametrize("text", ["", "\ud800", "啊" * 100_000, "👍"])
def test_odd_input_to_the_accurate_tier_gives_a_label(encoder: Encoder, text: str) -> None:
    one = load(tier="accurate").predict([text], encoder)[0]
    assert 0 <= one.probability <= 1
