"""Aspects, their clauses and their opinions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.aspects import ASPECTS, aspect_of_question, aspect_opinions, find_aspects, split_clauses
from huaxiang.text.taxonomy import heard, name_of


def test_every_aspect_has_a_name_in_both_languages() -> None:
    assert ASPECTS["delivery"] == {"zh": "物流", "en": "delivery"}
    assert all(names["zh"] and names["en"] for names in ASPECTS.values())


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("物流很快，就是有点贵", [("delivery", "物流"), ("price", "贵")]),
        ("Battery is dead; delivery was late", [("battery", "Battery"), ("delivery", "delivery")]),
        ("这个耳机 sound 不错", [("sound", "sound")]),
        ("last week I bought a pillow and a costume", []), ("珍贵的密码", []), ("", []),
        ("椅子坐久了腰酸", []), ("洗面奶泡沫丰富", []), ("泡沫箱破了", [("packaging", "泡沫箱")]),
        ("请给我验证码", []), ("arrived on time", [("delivery", "arrived"), ("delivery", "on time")]),
    ],
)  # fmt: skip
def test_cues_show_their_aspect_with_offsets(text: str, mentions: list[tuple[str, str]]) -> None:
    assert [(found.aspect, text[found.start : found.end]) for found in find_aspects(text)] == mentions


@pytest.mark.parametrize(
    ("question", "aspects"),
    [
        ("她对物流满意吗？", ["delivery"]), ("What does he think of the battery life?", ["battery"]),
        ("他最近退过什么货？", ["returns"]), ("Which size does she wear?", ["fit"]), ("他喜欢什么颜色？", ["look"]),
        ("价格和质量怎么样", ["price", "quality"]), ("她买过什么", []),
    ],
)  # fmt: skip
def test_a_question_names_its_aspects(question: str, aspects: list[str]) -> None:
    assert aspect_of_question(question) == aspects


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("物流很快，质量不错，就是有点贵", ["物流很快", "质量不错", "就是有点贵"]),
        ("价格，质量都很好", ["价格，质量都很好"]),
        ("真的很失望，质量太差", ["真的很失望，质量太差"]),
        ("The sound is great but I returned it", ["The sound is great", "but I returned it"]),
        ("The price and quality are great", ["The price and quality are great"]),
        ("The sound is rich and the battery lasts long", ["The sound is rich", "and the battery lasts long"]),
    ],
)
def test_clauses_part_at_contrasts_and_lists(text: str, clauses: list[str]) -> None:
    assert [text[start:end] for start, end in split_clauses(text)] == clauses


def test_each_clause_carries_its_own_polarity() -> None:
    text = "包装破损了，但是客服态度很好。 The sound is great but the delivery was terrible."
    labels = {aspect: read.label for aspect, _, _, read in aspect_opinions(text)}
    assert labels["packaging"] == "negative"
    assert labels["service"] == "positive"
    assert labels["sound"] == "positive"
    assert labels["delivery"] == "negative"


@given(st.text(alphabet="物流快但是，。 butandgood质量差the,.", max_size=80))
def test_spans_are_inside_the_text_in_order_and_apart(text: str) -> None:
    spans = split_clauses(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@pytest.mark.parametrize(
    ("words", "product", "zh", "en"),
    [
        ("水泵太吵了", "宠物饮水机 pet fountain", "噪音", "noise"),
        ("the pump is loud", "Pet fountain", "噪音", "noise"),
        ("声音太小", "门铃", "声音", "sound"),
        ("有杂音", "蓝牙耳机", "音质", "sound"),
        ("风扇很吵", "笔记本电脑", "噪音", "noise"),
        ("声音发闷", "手机", "音质", "sound"),
    ],
)
def test_what_is_not_bought_to_be_heard_makes_noise(words: str, product: str, zh: str, en: str) -> None:
    shown = heard("sound", words, product)
    assert (name_of(shown, "zh"), name_of(shown, "en")) == (zh, en)
    assert heard("price", words, product) == "price"
