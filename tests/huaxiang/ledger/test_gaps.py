"""A title may name a thing to say that it is not in it: buying that keeps the word."""

from __future__ import annotations

import pytest

from huaxiang.ledger import gaps


@pytest.mark.parametrize(
    ("words", "spelling", "bought"),
    [
        ("山月 低因咖啡豆 250克", "咖啡", False),
        ("山月 云南咖啡豆 深烘", "咖啡", True),
        ("白露间 神经酰胺面霜 无香", "香", False),
        ("bailu ceramide cream (fragrance free)", "fragrance", False),
        ("bailu rose fragrance mist", "fragrance", True),
        ("shanyue decaf coffee beans", "coffee", False),
    ],
)
def test_a_thing_named_as_absent_was_not_bought(words: str, spelling: str, bought: bool) -> None:
    assert gaps.named(words, spelling) is bought
