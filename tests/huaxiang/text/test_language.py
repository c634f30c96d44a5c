"""Language by script, and the borders of sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.language import detect, split_sentences


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("质量很好", "zh"), ("這個手機很好用", "zh"), ("这个case很nice", "zh"), ("真の好", "zh"),
        ("Great case", "en"), ("I love 小米 phones very much", "en"), ("ｇｏｏｄ", "en"),
        ("The strings sound warm and last for months.", "en"), ("Excellent quality, fast shipping!!", "en"),
        ("これはいいです", "ja"), ("좋아요 정말", "ko"), ("Это хорошо", "ru"),
        ("", "und"), ("12345", "und"), ("!!!", "und"), ("\ud800", "und"), ("👍👍", "und"),
    ],
)  # fmt: skip
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("¿Dónde está mi pedido, por favor?", "es"), ("Das Produkt ist leider kaputt angekommen", "de"),
     ("Le produit est arrivé cassé et je voudrais un remboursement", "fr")],
)  # fmt: skip
def test_longer_latin_texts_are_told_apart(text: str, language: str) -> None:
    pytest.importorskip("lingua", reason="lingua is not installed")
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("质量不错。物流很快！！！客服差……", ["质量不错。", "物流很快！！！", "客服差……"]),
        ("Great case.I love it. It cost 3.50 dollars, e.g. cheap. Mr. Smith agrees!",
         ["Great case.", "I love it.", "It cost 3.50 dollars, e.g. cheap.", "Mr. Smith agrees!"]),
        ("很好~下次再来~ nice! 赞", ["很好~", "下次再来~", "nice!", "赞"]),
        ("“真的吗？”她说。\n第二行", ["“真的吗？”", "她说。", "第二行"]),
        ("包装完好 not bad。Sound is ok", ["包装完好 not bad。", "Sound is ok"]),
        ("。。。", []), ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_says_so(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(max_size=200))
def test_sentences_are_in_order_apart_and_lose_no_letter(text: str) -> None:
    spans = split_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert [char for char in kept if char.isalnum()] == [char for char in text if char.isalnum()]
