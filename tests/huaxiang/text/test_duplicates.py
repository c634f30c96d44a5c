"""Near-duplicates: pairs are exact, groups keep their first."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huaxiang.text.duplicates import deduplicate, near_duplicates, shingles

LONG = "这款耳机的音质非常清晰，佩戴也很舒服，续航比我想的要长，总的来说值得这个价钱，推荐给每天通勤的朋友们"


def test_a_text_with_one_word_changed_is_a_near_duplicate_and_another_is_not() -> None:
    pairs = near_duplicates([LONG, "物流太慢了，等了两个星期才到", LONG.replace("舒服", "舒适")])
    assert list(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True)) == [(0, 2)]
    assert 0.8 <= pairs.jaccard[0] < 1


def test_width_case_blanks_and_traditional_characters_make_no_difference() -> None:
    pairs = near_duplicates(
        ["ＧＯＯＤ quality, would buy again!", "good quality  would buy again", "很好用的手機殼", "很好用的手机壳"]
    )
    assert pairs.jaccard.tolist() == [1.0, 1.0]


def test_each_dropped_text_names_the_kept_one_that_stands_for_it() -> None:
    made = deduplicate([LONG, "另一条完全不同的评价", LONG, LONG + "！"])
    assert made.kept == [0, 1]
    assert made.dropped == {2: 0, 3: 0}


def test_texts_without_a_letter_repeat_nothing() -> None:
    assert near_duplicates(["", "!!!", "", "。。。"]).earlier.size == 0
    assert deduplicate(["", ""]).kept == [0, 1]
    assert deduplicate([]).kept == []


def test_a_threshold_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.5"):
        near_duplicates(["a"], threshold=0.2)


def test_pairs_are_those_of_plain_python_sets() -> None:
    rng = random.Random(3)
    base = ["".join(rng.choices("好坏快慢贵大小红蓝", k=60)) for _ in range(20)]
    texts = base + [one[:20] + "".join(rng.choices("天地人", k=rng.randint(0, 6))) + one[20:] for one in base]
    sets = [{one[i : i + 3] for i in range(len(one) - 2)} for one in texts]
    truth = {
        (a, b) for a in range(40) for b in range(a + 1, 40)
        if len(sets[a] & sets[b]) >= 0.8 * len(sets[a] | sets[b])
    }  # fmt: skip
    pairs = near_duplicates(texts)
    assert set(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True)) == truth
    assert truth


@settings(max_examples=30)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_strings_are_accepted_and_a_copy_is_always_found(texts: list[str]) -> None:
    found = shingles(texts + texts)
    assert found.starts.size == 2 * len(texts) + 1
    pairs = near_duplicates(texts + texts)
    said = set(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True))
    assert all((i, i + len(texts)) in said for i in range(len(texts)) if found.sizes[i])
