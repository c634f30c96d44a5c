"""One spelling of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.faces import ANGRY, HAPPY, LOVE, SAD
from huaxiang.text.normalise import normalise, normalise_many, to_simplified


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ｇｏｏｄ　質量很好！！！！！！", "good 质量很好!!!"), ("<p>a&amp;b</p><br>", "a&b"), ("see http://a.com/x?y=1 ok", "see url ok"),
        ("  a\n\n b\t", "a b"), ("sooooo goood reallllly", "so good really"), ("xxxl", "xxxl"), ("垃 圾，质量 好", "垃圾,质量 好"), ("哈哈哈哈哈", "哈哈哈"), ("1000000", "1000000"), ("don’t", "don't"), ("㎏ ﬁne", "kg fine"),
        ("e\u0301", "é"), ("a\x00b", "a b"), ("a\u200bb", "ab"), ("\ud800x", "\ud800x"), ("<script>x</script>", ""), ("", ""),
    ],
)  # fmt: skip
def test_forms_of_one_text_become_one(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "token"),
    [("(^_^)", HAPPY), (":)", HAPPY), ("T_T", SAD), ("👍", HAPPY), ("❤️", LOVE), ("😡", ANGRY), ("囧", SAD), ("(￣▽￣)", HAPPY),
     ("👍🏿", HAPPY), ("(´；ω；`)", SAD), ("(╯°□°)╯︵ ┻━┻", ANGRY), ("orz", SAD), ("QAQ", SAD), ("ಠ_ಠ", ANGRY), (":D", HAPPY), ("<3", LOVE)],
)  # fmt: skip
def test_faces_are_kept_as_tokens(typed: str, token: str) -> None:
    assert normalise(f"ok {typed}") == f"ok {token}"


@pytest.mark.parametrize(
    "text", ["at 3:00 (a)", "(a^2+b)", "型号555", "花了666元", "订单2333", "xd200", "rate 5/5", "a (good) one"]
)
def test_what_only_looks_like_a_face_is_left_alone(text: str) -> None:
    assert normalise(text) == text


def test_digits_that_chinese_writes_for_crying_and_for_praise_are_faces() -> None:
    assert [normalise(text) for text in ("555，坏了", "又坏了555", "666")] == [f"{SAD} ,坏了", f"又坏了 {SAD}", HAPPY]


def test_traditional_characters_become_simplified_one_for_one() -> None:
    assert to_simplified("電池續航，物流") == "电池续航，物流"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_many_at_once_are_as_one_by_one(texts: list[str]) -> None:
    assert normalise_many(texts) == [normalise(text) for text in texts]
