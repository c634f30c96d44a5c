"""The shipped model: sense, odd input, damaged files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from huaxiang.errors import ModelError
from huaxiang.text.ngrams import batch, char_grams, word_grams
from huaxiang.text.sentiment import Recipe, SentimentModel, load, save, sentence_polarities


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("质量很好，物流很快，非常满意", "positive"), ("太差了，用了两天就坏，要求退货", "negative"),
        ("質量太差，再也不會買了", "negative"), ("味道不错，孩子很喜欢吃", "positive"),
        ("I love it, works great and sounds wonderful", "positive"),
        ("Broke after a week, waste of money. Very disappointed.", "negative"),
        ("我昨天下单买了手机。", "neutral"), ("The lamp arrived yesterday.", "neutral"),
    ],
)  # fmt: skip
def test_plain_opinions_are_read_right(text: str, label: str) -> None:
    (read,) = load().predict([text])
    assert read.label == label
    assert (read.polarity > 0) == (label == "positive") or label == "neutral"


@pytest.mark.parametrize(
    "text", ["", "   ", "<p><br></p>", "\ud800\udfff", "a" * 100_000, "好" * 100_000, "\x00\x01", "12", "Das Produkt ist leider kaputt angekommen"]
)  # fmt: skip
def test_what_says_nothing_is_neutral_with_the_prior(text: str) -> None:
    (read,) = load().predict([text])
    assert (read.label, read.polarity, read.probability) == ("neutral", 0.0, 0.5)


def test_a_very_long_text_is_read_like_its_parts() -> None:
    (read,) = load().predict(["质量太差，退货！" * 12_500])
    assert read.label == "negative"


def test_results_keep_the_order_of_mixed_languages() -> None:
    texts = ["很好用", "terrible, broke at once", "", "Отлично", "great sound"]
    read = load().predict(texts)
    assert [one.language for one in read] == ["zh", "en", "und", "ru", "en"]
    assert read == [load().predict([text])[0] for text in texts]


def test_given_languages_are_believed_and_must_be_as_many() -> None:
    assert load().predict(["ok"], ["zh"])[0].language == "zh"
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        load().predict(["a", "b"], ["en"])


def test_numbers_stay_in_their_ranges() -> None:
    for one in load().predict(["好", "差", "good", "bad", "一般般吧", "质量好的没话说，用三天就坏"]):
        assert -1 <= one.polarity <= 1
        assert 0.5 <= one.probability <= 1


def test_each_sentence_has_its_own_sentiment_and_offsets() -> None:
    text = "音质很棒，很满意！ 但是物流太慢了，等了半个月。"
    read = sentence_polarities(text)
    assert [text[start:end] for start, end, _ in read] == ["音质很棒，很满意！", "但是物流太慢了，等了半个月。"]
    assert [one.label for *_, one in read] == ["positive", "negative"]


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04cut short"])
def test_a_damaged_model_says_how_to_make_it_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sentiment.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"python -m training\.sentiment"):
        load(str(path))


def test_a_saved_model_reads_as_it_was(tmp_path: Path) -> None:
    recipe = Recipe((1,), (), 8, 1.0, 0.0, 0.0, 0.2, 0.5)
    weights = np.zeros(256, np.int8)
    weights[char_grams(batch(["好"]), (1,), bits=8)[0].bucket] = 5
    save(tmp_path / "small.npz", {"zh": recipe}, {"zh": weights})
    before = SentimentModel({"zh": recipe}, {"zh": weights}, name="small").predict(["好", "走"])
    assert load(str(tmp_path / "small.npz")).predict(["好", "走"]) == before
    assert [one.label for one in before] == ["positive", "neutral"]


def test_no_gram_crosses_from_one_text_to_the_next() -> None:
    apart, alone = batch(["ab", "cd"]), batch(["ab"])
    assert [grams.at.tolist() for grams in char_grams(apart, (1, 2, 3), bits=16)] == [[0, 1, 2, 3], [0, 2], []]
    words = word_grams(batch(["good one", "bad"]), (1, 2), bits=16)
    assert [grams.at.tolist() for grams in words] == [[0, 5, 8], [0]]
    assert char_grams(apart, (2,), bits=16)[0].bucket[0] == char_grams(alone, (2,), bits=16)[0].bucket[0]


def test_a_word_hashes_alike_wherever_it_stands() -> None:
    grams = word_grams(batch(["good good", "so good"]), (1,), bits=20)[0]
    assert grams.bucket[0] == grams.bucket[1] == grams.bucket[3] != grams.bucket[2]


@pytest.mark.parametrize(
    ("text", "sign"),
    [("👍", 1), ("😡😡", -1), ("(╯°□°)╯", -1), ("收到了😡", -1), ("收到了😍", 1), ("the strap :(", -1), ("👍" * 30, 1)],
)
def test_a_face_says_what_words_do_not(text: str, sign: int) -> None:
    read = load().predict([text])[0]
    assert read.polarity * sign > 0.3 and read.label != "neutral"


def test_a_face_does_not_outweigh_plain_words() -> None:
    assert load().predict(["质量太差了，用两天就坏，退货😊"])[0].label == "negative"
