"""Units, pieces and passages: where a span may begin and end, whatever the encoder makes of the text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.aspects_passage import Pieces, passage_of
from huaxiang.text.aspects_units import CODES, align, join_words, unit_codes, units_of


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("挺香的iQOO 9", ["挺", "香", "的", "iQOO", "9"]),
        ("it's 3.5 inches, ok!", ["it's", "3.5", "inches", ",", "ok", "!"]),
        (" \n", []),
        ("好😀", ["好", "😀"]),
    ],
)
def test_a_unit_is_a_character_a_word_a_number_or_a_mark(text: str, units: list[str]) -> None:
    assert [text[start:end] for start, end in units_of(text)] == units


@given(st.text(max_size=60))
def test_units_hold_every_visible_character_once_and_in_order(text: str) -> None:
    covered = "".join(text[start:end] for start, end in units_of(text))
    assert covered == "".join(char for char in text if not char.isspace())


@given(st.lists(st.sampled_from(["好", "的", "iqoo", "9", ",", "pro"]), min_size=1, max_size=12))
def test_joined_words_are_found_again_at_their_offsets(words: list[str]) -> None:
    text, spans = join_words(words)
    assert [text[start:end] for start, end in spans] == words


def test_chinese_is_joined_without_blanks_and_latin_words_with() -> None:
    assert join_words(["a", "13", "和", "iqoo", "9"])[0] == "a 13和iqoo 9"


def test_a_piece_over_two_units_is_shared_and_its_edges_known() -> None:
    aligned = align([(0, 1), (1, 2), (3, 7)], [(0, 0), (0, 2), (2, 5), (5, 7), (0, 0)])
    assert aligned.first.tolist() == [1, 1, 2]
    assert aligned.last.tolist() == [1, 1, 3]
    assert aligned.edges.tolist() == [[1, 0], [1, 1], [1, 1]]


def test_latin_words_share_one_code_and_numbers_another() -> None:
    text = "iqoo pro 9 好 坏"
    codes = unit_codes(text, units_of(text))
    assert codes[0] == codes[1] == 0
    assert codes[2] == 1
    assert codes[3] != codes[4]
    assert (codes < CODES).all()


@pytest.fixture
def pieces() -> Pieces:
    """A tokenizer of four pieces that maps the circled 1 to two characters before cutting."""
    tokenizers = pytest.importorskip("tokenizers", reason="the extra `app` is not installed")
    vocabulary = [("<s>", 0.0), ("</s>", 0.0), ("?", -9.0), ("▁", -2.0), ("a", -2.0), ("b", -2.0), ("▁a", -1.0)]
    made = tokenizers.Tokenizer(tokenizers.models.Unigram(vocabulary, unk_id=2, byte_fallback=False))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    return Pieces(made, {ord("\u2460"): "ab"})


def test_offsets_point_into_the_text_as_it_was_given(pieces: Pieces) -> None:
    text = "\u2460b a"
    _, offsets = pieces.cut(text)
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    assert {text[start:end].strip() for start, end in offsets if end > start} <= {"\u2460", "b", "a", ""}


@pytest.mark.parametrize("text", ["\ud83d a", "a\ud83d\ude00b", "a" * 3000])
def test_broken_surrogates_and_endless_texts_make_a_passage(pieces: Pieces, text: str) -> None:
    units = units_of(text)
    passage = passage_of([text], [units], pieces)
    assert len(passage.first) == len(units)
    assert len(passage.ids) <= 512
    assert (passage.last < len(passage.ids)).all()


def test_turns_lie_one_after_another_with_an_end_each(pieces: Pieces) -> None:
    passage = passage_of(["a b", "b"], [[(0, 1), (2, 3)], [(0, 1)]], pieces)
    assert passage.utterance.tolist() == [0, 0, 1]
    assert (passage.ids == pieces.end).sum() == 2
    assert np.all(np.diff(passage.first) > 0)
