"""The accurate tagger: what it sees of a title, and the shipped file over the cached encoder."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from huaxiang.errors import ConfigError, HuaxiangError, ModelError
from huaxiang.text import entities_encoder, entities_tiers
from huaxiang.text.entities_encoder import EncoderTagger, pieces_of
from huaxiang.text.entities_features import word_hash
from huaxiang.text.entities_seen import listed_words


@pytest.fixture(scope="module")
def tagger() -> EncoderTagger:
    try:
        return entities_encoder.load(models="")
    except HuaxiangError as error:
        pytest.skip(f"the encoder is not in the cache ({error.code}): huaxiang models fetch")


def test_listed_words_say_where_a_word_begins_ends_and_lies() -> None:
    lists = [frozenset(map(word_hash, ("华为", "为手机"))), frozenset({word_hash("手机")})]
    assert listed_words("华为手机", lists)[:, :3].tolist() == [[2, 0, 1], [3, 2, 4], [0, 0, 5], [0, 3, 6]]
    assert listed_words("华为手机", lists)[:, 3:].tolist() == [[0, 0, 0], [0, 0, 0], [2, 0, 1], [0, 2, 3]]


@pytest.mark.parametrize("text", ["", "a" * 700, "好用。" * 300, "x y"])
def test_parts_of_a_long_text_are_the_text_again(text: str) -> None:
    parts = pieces_of(text, 100)
    assert "".join(parts) == text
    assert all(0 < len(part) <= 100 for part in parts)
    assert all(part.endswith("。") for part in parts) or "。" not in text


def test_brands_and_products_of_a_title_are_found(tagger: EncoderTagger) -> None:
    text = "飞利浦电动剃须刀 正品包邮"
    found = {text[start:end]: kind for start, end, kind in tagger.spans(text)}
    assert found.get("飞利浦") == "HP"
    assert "HC" in found.values()


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00", "😀" * 40, "a" * 3000, "连衣裙 " * 700, "ﷺ" * 99])
def test_spans_of_any_text_lie_in_it_and_none_overlap(tagger: EncoderTagger, text: str) -> None:
    found = tagger.spans(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


def test_auto_is_the_accurate_tier_where_the_encoder_is(tagger: EncoderTagger) -> None:
    assert entities_tiers.tagger("auto") is entities_tiers.tagger("accurate") is tagger
    assert entities_tiers.tagger("fast") is not tagger


def test_an_unknown_tier_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="accurate"):
        entities_tiers.tagger("best")
    (tmp_path / entities_encoder.FILE).write_bytes(b"PK")
    with pytest.raises(ModelError, match="entity model"):
        entities_encoder.load(models=str(tmp_path))
