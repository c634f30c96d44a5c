"""One spelling of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.normalise import ANGRY, HAPPY, LOVE, SAD, normalise, normalise_many, to_simplified


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ｇｏｏｄ　質量很好！！！！！！", "good 质量很好!!!"), ("<p>a&amp;b</p><br>", "a&b"), ("see http://a.com/x?y=1 ok", "see url ok"),
        ("  a\n\n b\t", "a b"), ("sooooo", "sooo"), ("1000000", "1000000"), ("don’t", "don't"), ("㎏ ﬁne", "kg fine"),
        ("e\u0301", "é"), ("a\x00b", "a b"), ("a\u200bb", "ab"), ("\ud800x", "\ud800x"), ("<script>x</script>", ""), ("", ""),
    ],
)  # fmt: skip
def test_forms_of_one_text_become_one(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "token"),
    [("(^_^)", HAPPY), (":)", HAPPY), ("T_T", SAD), ("👍", HAPPY), ("❤️", LOVE), ("😡", ANGRY), ("囧", SAD), ("(￣▽￣)", HAPPY)],
)  # fmt: skip
def test_faces_are_kept_as_tokens(typed: str, token: str) -> None:
    assert normalise(f"ok {typed}") == f"ok {token}"


def test_a_time_of_day_is_no_face() -> None:
    assert normalise("at 3:00 (a)") == "at 3:00 (a)"


def test_traditional_characters_become_simplified_one_for_one() -> None:
    assert to_simplified("電池續航，物流") == "电池续航，物流"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_many_at_once_are_as_one_by_one(texts: list[str]) -> None:
    assert normalise_many(texts) == [normalise(text) for text in texts]
