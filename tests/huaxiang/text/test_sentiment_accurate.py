"""The accurate tier with a small stand-in for the encoder, and the switch between the tiers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from huaxiang.errors import ConfigError, ModelError
from huaxiang.models.cards import ENCODER
from huaxiang.models.e5_tuned import Delta
from huaxiang.text import sentiment, sentiment_accurate
from huaxiang.text.sentiment_accurate import OTHER, AccurateModel, Blend
from huaxiang.text.sentiment_tiers import reader


class Words:
    """Column 0: +2 for "好", -2 for "坏"; column 1: the same for "good" and "bad"."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def scores(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        self.seen += texts
        pairs = (("好", "坏"), ("good", "bad"))
        return np.array([[2.0 * ((up in t) - (down in t)) for up, down in pairs] for t in texts], np.float32).reshape(
            -1, 2
        )


def model(**changes: Blend) -> AccurateModel:
    blends = {
        "zh": Blend(1.0, 0.0, 0.0, 0.0, 0.3),
        "en": Blend(1.0, 0.0, 0.0, 0.1, 0.3, head=1),
        OTHER: Blend(0.5, 0.0, 0.0, 0.0, 0.3),
    }
    return AccurateModel(Words(), sentiment.load(), blends | changes)


def test_each_language_is_read_by_its_own_head_and_blend() -> None:
    zh, en, fr = model().predict(["好", "a bad thing", "好 très très"], ["zh", "en", "fr"])
    assert zh.polarity == pytest.approx(np.tanh(1.0))
    assert en.polarity == pytest.approx(-0.9 * np.tanh(1.0))
    assert fr.polarity == pytest.approx(np.tanh(0.5))
    assert [one.label for one in (zh, en, fr)] == ["positive", "negative", "positive"]


def test_n_grams_are_weighed_with_the_encoder() -> None:
    fast = sentiment.load().log_odds(["质量好"], "zh")[0]
    (both,) = model(zh=Blend(1.0, 0.5, 0.2, 0.0, 0.3)).predict(["质量好"], ["zh"])
    assert both.polarity == pytest.approx(np.tanh((2.0 + 0.5 * fast + 0.2) / 2))


def test_probability_is_that_of_the_sign() -> None:
    for one in model().predict(["好", "坏", "走", "good", "bad"]):
        assert one.probability == pytest.approx((1 + abs(one.polarity)) / 2)


@pytest.mark.parametrize("text", ["", "   ", "<p><br></p>", "\ud800", "啊" * 100_000, "\x00\x01", "12", "......"])
def test_what_says_nothing_is_neutral_and_never_reaches_the_encoder(text: str) -> None:
    whole = model()
    (read,) = whole.predict([text])
    assert (read.label, read.polarity, read.probability) == ("neutral", 0.0, 0.5)


def test_order_is_kept_among_languages_and_empty_texts() -> None:
    read = model().predict(["坏", "", "good", "好", "bad"])
    assert [np.sign(one.polarity) for one in read] == [-1, 0, 1, 1, -1]
    assert model().predict([]) == []


def test_the_encoder_sees_the_canonical_spelling() -> None:
    words = Words()
    AccurateModel(words, sentiment.load(), {OTHER: Blend(1, 0, 0, 0, 0.3)}).predict(
        ["<b>很棒！！！！！！</b> ＧＯＯＤ"], ["zh"]
    )
    assert words.seen == ["很棒!!! good"]


def test_sentences_are_read_one_by_one() -> None:
    text = "音质好。物流坏！"
    read = model().sentence_polarities(text)
    assert [(text[a:b], np.sign(one.polarity)) for a, b, one in read] == [("音质好。", 1), ("物流坏！", -1)]


def test_languages_must_be_as_many_as_texts() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        model().predict(["a", "b"], ["en"])


def test_without_the_encoder_auto_is_fast_and_accurate_says_how_to_fetch_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    monkeypatch.setattr("huaxiang.models.parts.installed_file", lambda part: None)
    sentiment_accurate.load.cache_clear()
    assert reader("auto") is reader("fast") is sentiment.load()
    with pytest.raises(ModelError, match=f"huaxiang models fetch {ENCODER}") as raised:
        reader("accurate")
    assert raised.value.code == "model-missing"


def test_another_tier_is_refused() -> None:
    with pytest.raises(ConfigError, match="auto, fast, accurate"):
        reader("best")


def test_a_file_without_blends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sentiment-accurate.npz"
    Delta({}, (np.ones((4, 1), np.float32), np.zeros(1, np.float32)), {}).save(path)
    with pytest.raises(ModelError, match="nothing of blends"):
        sentiment_accurate.load(str(path))


def test_a_shops_own_model_is_used_where_it_is_there(tmp_path: Path) -> None:
    recipe = sentiment.Recipe((1,), (), 8, 1.0, 0.0, 0.0, 0.2, 0.5)
    sentiment.save(
        tmp_path / "sentiment.npz", {"zh": recipe}, {"zh": np.zeros(256, np.int8)}, figures={"zh": {"x": 1.0}}
    )
    own = reader("fast", models=tmp_path)
    assert own is not sentiment.load()
    assert getattr(own, "figures", None) == {"zh": {"x": 1.0}}
    assert reader("fast", models=tmp_path / "nothing") is sentiment.load()
