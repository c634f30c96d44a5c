"""Search in a long talk: neighbours, sessions and speakers count."""

from __future__ import annotations

import numpy as np
import pytest

from huaxiang.models.encoder import HashEncoder
from vectorstore.talks import Mix, Talk, Turn, Words

TURNS = [
    Turn("1", "Ann", "Where did you spend the holidays?", "a"),
    Turn("2", "Ben", "In Norway, with my parents.", "a"),
    Turn("3", "Ann", "I stayed at home and painted the kitchen.", "a"),
    Turn("4", "Ben", "The kitchen tap leaks again.", "b"),
    Turn("5", "李静", "我在厨房种了薄荷。", "b"),
]


@pytest.fixture(scope="module")
def talk() -> Talk:
    return Talk(TURNS, HashEncoder())


def first(talk: Talk, question: str) -> str:
    return talk.search(question, limit=1)[0][0].id


def test_who_is_named_decides_between_like_turns(talk: Talk) -> None:
    assert first(talk, "What did Ann do in the kitchen?") == "3"
    assert first(talk, "What about Ben and the kitchen?") == "4"
    assert first(talk, "李静在厨房做什么？") == "5"


def test_an_answer_is_found_by_the_words_of_the_question_before_it(talk: Talk) -> None:
    assert first(talk, "Where did Ben spend the holidays?") == "2"


def test_a_name_inside_another_word_names_nobody() -> None:
    turns = [Turn("1", "Al", "I bought a lamp.", "a"), Turn("2", "Bo", "I bought a lamp also.", "a")]
    found = Talk(turns, HashEncoder(), mix=Mix(words=0, meaning=0, session=0, asks=0)).scores(
        "Also: who bought a lamp?"
    )
    assert np.array_equal(found, np.zeros(2))


def test_a_question_of_names_alone_and_an_empty_talk_are_no_error(talk: Talk) -> None:
    assert len(talk.search("Ann Ben?", limit=3)) == 3
    assert Talk([], HashEncoder()).search("anything") == []


def test_words_are_scored_as_bm25_does_it() -> None:
    found = Words(["red lamp", "red tent", "blue tent tent"])
    lamp, tents = found.scores("lamp"), found.scores("tent")
    assert lamp.tolist()[1:] == [0.0, 0.0]
    assert lamp[0] > 0
    assert tents[2] > tents[1] > tents[0] == 0.0
