"""Aspect opinions of the fast tier, and what turns an opinion round."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huaxiang.text.aspects_category import OTHER, Nearest, category_by_cue
from huaxiang.text.aspects_context import compared_spans, context_of
from huaxiang.text.aspects_read import read_aspects, term_polarities


def fast(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.aspect: (one.label, one.flags) for one in next(read_aspects([text]))}


@pytest.mark.parametrize(
    ("text", "aspect", "label", "flags"),
    [
        ("音质比我以前的好多了", "sound", "positive", ("comparison",)),
        ("The sound is better than my old one", "sound", "positive", ("comparison",)),
        ("电池不如旧的", "battery", "negative", ("comparison",)),
        ("The battery is not as good as the first one", "battery", "negative", ("comparison",)),
        ("物流比上一家差远了", "delivery", "negative", ("comparison",)),
        ("要是价格再便宜一点就好了", "price", "negative", ("wish",)),
        ("It would be perfect if the sleeves were longer", "fit", "negative", ("wish",)),
        ("I wish the battery lasted longer", "battery", "negative", ("wish",)),
        ("如果质量有问题我就退货", "quality", "neutral", ("condition",)),
        ("If it breaks I will return it", "durability", "neutral", ("condition",)),
        ("包装没有破损", "packaging", "positive", ()),
    ],
)
def test_comparisons_wishes_and_conditions_are_read(text: str, aspect: str, label: str, flags: tuple[str, ...]) -> None:
    assert fast(text)[aspect] == (label, flags)


def test_several_opinions_in_a_sentence_are_kept_apart() -> None:
    read = fast("屏幕很清晰，但是电池不耐用")
    assert read["screen"][0] == "positive"
    assert read["battery"][0] == "negative"


def test_what_it_is_compared_with_is_not_judged() -> None:
    text = "The bass is deeper than my old speaker"
    assert [text[start:end] for start, end in compared_spans(text)] == ["than my old speaker"]
    terms = [one.term.text for one in next(read_aspects([text]))]
    assert "speaker" not in terms


@pytest.mark.parametrize("text", ["屏幕很清晰", "The screen is good", "没有异味很好", "没有色差", "better", ""])
def test_plain_clauses_have_no_construction(text: str) -> None:
    assert context_of(text).polarity is None


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(list("物流快慢，。电池 screen is bad!比不如果了😀\n\ud83d\x00")), max_size=40).map("".join)
)
def test_every_word_is_where_it_says(text: str) -> None:
    for one in next(read_aspects([text])):
        for words in (one.term, one.clause):
            assert words.text == text[words.start : words.end]
        assert one.clause.start <= one.term.start < one.term.end <= one.clause.end
        assert -1 <= one.polarity <= 1


@pytest.mark.parametrize("text", ["", " ", "a" * 100_000, "<b>物流</b>", "عربي", "\ud83d", "\x00"])
def test_bad_input_gives_a_defined_result(text: str) -> None:
    assert isinstance(next(read_aspects([text])), list)


def test_many_texts_give_as_many_lists_in_order() -> None:
    found = list(read_aspects(["物流很慢", "nothing here", "the price is fair"]))
    assert [[one.aspect for one in mine] for mine in found] == [["delivery"], [], ["price"]]


def test_a_term_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the text of 3"):
        term_polarities("abc", [(2, 5)])


def test_the_last_cue_of_a_term_names_its_aspect() -> None:
    assert category_by_cue("battery screen") == "screen"
    assert category_by_cue("有点贵") == "price"
    assert category_by_cue("喜欢") is None


def test_an_unknown_term_goes_with_its_neighbours_or_to_other() -> None:
    import numpy as np

    from huaxiang.text.taxonomy import ASPECTS, cues

    order = {
        cue.rstrip("*"): list(ASPECTS).index(aspect) for language in ("zh", "en") for cue, aspect in cues(language)
    }

    def encode(texts: list[str]) -> np.ndarray:
        rows = np.zeros((len(texts), len(ASPECTS) + 1), np.float32)
        for row, text in enumerate(texts):
            rows[row, order.get(text, list(ASPECTS).index("battery") if text == "power cell" else len(ASPECTS))] = 1.0
        return rows

    assert Nearest(encode)(["power cell", "qwerty"]) == ["battery", OTHER]
