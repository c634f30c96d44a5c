"""Entities with offsets: catalogue, patterns, tagger."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huaxiang.errors import DataError
from huaxiang.text import entities_tagger
from huaxiang.text.entities import EntityReader, Gazetteer, catalogue, read_names
from huaxiang.text.entities_decode import allowed, best_path, spans

READER = EntityReader(Gazetteer([("云脊", "云脊", "brand"), ("Ridgeline", "云脊", "brand")]), entities_tagger.load())


def kinds(text: str) -> dict[str, str]:
    return {one.text: one.kind for one in READER.read([text])[0] if one.source != "tagger"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("给妈妈买的黑色外套，399元，下周三寄到北京",
         {"妈妈": "person", "黑色": "colour", "399元": "price", "下周三": "date", "北京": "place"}),
        ("A red wool coat for my daughter, $59.99, size M, yesterday in London",
         {"red": "colour", "wool": "material", "daughter": "person", "$59.99": "price", "size M": "size",
          "coat": "product", "yesterday": "date", "London": "place"}),
        ("42码的鞋", {"42码": "size"}),
        ("my daughter is nice", {}), ("黑心商家，红包领了没用上，5号电池", {}), ("这家公司的三块布，苹果很甜", {}),
        ("orange juice in a bone china mug, I lost 10 pounds", {"mug": "product"}), ("The apple is sour", {}), ("4G手机", {}),
        ("15号到的，原价1.2万，我妈很喜欢", {"15号": "date", "1.2万": "price", "我妈": "person"}),
        ("My wife loves the 13-inch one in rose gold, 50€, 3 days ago",
         {"wife": "person", "13-inch": "size", "rose gold": "colour", "50€": "price", "3 days ago": "date"}),
        ("he answered hundreds of calls", {}),
    ],
)  # fmt: skip
def test_patterns_find_the_words_and_nothing_else(text: str, expected: dict[str, str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [("一百五十块钱", "CNY 150.00"), ("两千三百元", "CNY 2300.00"), ("299块9", "CNY 299.90"), ("1.2万元", "CNY 12000.00"),
     ("HK$200", "HKD 200.00"), ("twenty bucks", "USD 20.00")],
)  # fmt: skip
def test_a_price_in_words_has_its_amount(written: str, value: str) -> None:
    assert [one.value for one in READER.read([f"paid {written}."])[0]] == [value]


def test_a_word_that_is_a_common_brand_too_is_one_beside_its_thing_or_in_the_shops_catalogue() -> None:
    assert [one.value for one in READER.read(["my Apple watch"])[0] if one.kind == "brand"] == ["苹果"]
    assert [one.kind for one in EntityReader(Gazetteer([("苹果", "苹果", "brand")])).read(["苹果很甜"])[0]] == ["brand"]


@pytest.mark.parametrize("text", ["华为的手机", "HUAWEI phone", "ｈｕａｗｅｉ"])
def test_a_brand_has_one_name_in_every_spelling(text: str) -> None:
    assert next(one.value for one in READER.read([text])[0] if one.kind == "brand") == "华为"


def test_the_shops_own_names_count_in_both_languages() -> None:
    assert [one.value for one in READER.read(["My ridgeline pack, 雲脊背包"])[0] if one.kind == "brand"] == [
        "云脊",
        "云脊",
    ]
    assert catalogue([("云脊 帐篷", "云脊")], [("云脊", "Ridge")]).find("ridge") == [(0, 5, "云脊", "brand")]


def test_a_latin_name_is_not_found_inside_a_word() -> None:
    assert EntityReader(Gazetteer([("art", "art", "brand")], common=False)).read(["a smart start"]) == [[]]


def test_a_price_has_its_currency() -> None:
    assert [one.value for one in READER.read(["花了 1,299.5 块, about £20"])[0]] == ["CNY 1299.50", "GBP 20.00"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_every_span_is_its_text_and_none_overlap(text: str) -> None:
    found = READER.read([text])[0]
    assert all(one.text == text[one.start : one.end] and one.start < one.end for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("text", ["", "\ud800", "黑" * 50_000, "\x00黑色"])
def test_odd_input_is_read(text: str) -> None:
    assert isinstance(READER.read([text])[0], list)


def test_a_path_never_breaks_the_grammar_of_tags() -> None:
    tags = ("O", "B-X", "I-X", "E-X", "S-X")
    follow, ends = allowed(tags)
    steps, borders = np.where(follow, 0, -np.inf), np.where(ends, 0, -np.inf)
    wild = np.random.default_rng(4).normal(size=(50, 5)).astype(np.float32)
    path = best_path(wild, steps.astype(np.float32), borders.astype(np.float32))
    assert all(follow[a, b] for a, b in itertools.pairwise(path))
    assert ends[0, path[0]] and ends[1, path[-1]]
    assert spans([1, 2, 3, 0, 4], tags) == [(0, 3, "X"), (4, 5, "X")]


def test_names_are_read_from_a_csv_and_a_file_without_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("brand,alias\n火塘,Firepit\n", encoding="utf-8")
    assert read_names(tmp_path / "b.csv").find("firepit stove") == [(0, 7, "火塘", "brand")]
    (tmp_path / "c.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="columns"):
        read_names(tmp_path / "c.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("衣服穿着很舒服", []), ("纯棉睡衣舒服", ["睡衣"]), ("米饭煮出来很糯", []), ("款式老土，不像图片", []),
        ("真皮沙发很软，太阳伞防晒好", ["太阳伞"]), ("好漂亮的裙子", ["裙子"]),
    ],
)  # fmt: skip
def test_how_a_thing_is_is_no_product(text: str, words: list[str]) -> None:
    found = [one.text for one in EntityReader(None, entities_tagger.load()).read([text])[0] if one.kind == "product"]
    assert found == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My phone case cracked", ["phone case"]), ("Boots are heavy but warm", ["Boots"]), ("The watch stopped", ["watch"]),
        ("I watch it every night, in case of rain", []), ("They ring twice; dress warmly", []), ("Very comfortable to wear", []),
        ("a pair of trekking poles and a tent", ["trekking poles", "tent"]),
    ],
)  # fmt: skip
def test_english_goods_are_products_and_verbs_are_not(text: str, words: list[str]) -> None:
    assert [one.text for one in EntityReader().read([text])[0] if one.kind == "product"] == words


def test_a_good_of_the_catalogue_goes_by_its_name_there() -> None:
    reader = EntityReader(Gazetteer([("Carbon Trekking Poles", "Carbon Trekking Poles", "product")]))
    assert [one.source for one in reader.read(["My carbon trekking poles bent"])[0]] == ["catalogue"]
