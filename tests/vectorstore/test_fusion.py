from hypothesis import given
from hypothesis import strategies as st

from vectorstore.fusion import fuse

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


def test_what_both_rankings_like_comes_first():
    assert [one for one, _ in fuse([["a", "b", "c"], ["b", "d"]])] == ["b", "a", "d", "c"]


def test_the_score_is_the_sum_of_reciprocal_ranks():
    assert fuse([["a"], ["b", "a"]], k=60)[0] == ("a", 1 / 61 + 1 / 62)


@given(RANKINGS)
def test_every_id_appears_once_and_scores_fall(rankings):
    fused = fuse(rankings)
    assert sorted(one for one, _ in fused) == sorted(set().union(*rankings) if rankings else set())
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)


@given(RANKINGS)
def test_the_order_of_the_rankings_does_not_matter(rankings):
    assert dict(fuse(rankings)).keys() == dict(fuse(rankings[::-1])).keys()
    assert [round(score, 12) for _, score in fuse(rankings)] == [round(score, 12) for _, score in fuse(rankings[::-1])]
