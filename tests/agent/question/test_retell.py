"""Questions whose words no table reads are told again in words that they do."""

from __future__ import annotations

import re

import numpy as np
import pytest

from agent.question import retell
from agent.runtime import Runtime
from huaxiang.errors import ModelError
from huaxiang.models.encoder import HashEncoder, load_encoder
from huaxiang.text import questions
from huaxiang.text.questions import QuestionModel

SAID = {
    "first_order": ["maiden voyage with us", "破冰那回"],
    "total_spend": ["lifetime wallet damage", "历来贡献几何"],
    "shoe_size": ["foot dimension", "脚丫尺度"],
    "said": ["marathon training plan", "比赛筹备"],
}


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> QuestionModel:
    """A model of a few odd sentences over the hash encoder's vectors."""
    encoder = HashEncoder()
    rows = [(label, encoder.encode_queries([text])[0]) for label, texts in SAID.items() for text in texts]
    labels = tuple(dict.fromkeys(label for label, _ in rows))
    weights = np.stack([sum(vector for name, vector in rows if name == label) for label in labels]) * 12
    width = weights.shape[1]
    model = QuestionModel(
        labels, np.zeros(width, np.float32), np.ones(width, np.float32), weights.astype(np.float32),
        np.zeros(len(labels), np.float32), encoder.name,
    )  # fmt: skip
    monkeypatch.setattr(questions, "load", lambda **_: model)
    return model


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Marcus Bell maiden voyage with us", "2024-09-20"),
        ("Marcus Bell: lifetime wallet damage", "458.94"),
        ("陈志远历来贡献几何", "2881"),
    ],
)
def test_a_wording_no_table_reads_is_answered_from_records(
    runtime: Runtime, taught: QuestionModel, question: str, held: str
) -> None:
    answer = runtime.answer(question)
    assert not answer.abstained
    assert held in answer.answer


def test_what_was_told_again_is_still_refused_without_a_record(runtime: Runtime, taught: QuestionModel) -> None:
    answer = runtime.answer("Marcus Bell foot dimension")
    assert answer.abstained
    assert answer.reason == "no_evidence"


def test_a_question_on_a_life_keeps_its_own_words(runtime: Runtime, taught: QuestionModel) -> None:
    answer = runtime.answer("Marcus Bell marathon training plan")
    assert answer.abstained


def test_without_the_encoder_of_the_model_nothing_is_told_again(runtime: Runtime) -> None:
    assert questions.load().encoder != HashEncoder().name
    assert runtime.answer("Marcus Bell maiden voyage with us").abstained


def test_every_wording_names_an_item_where_it_needs_one() -> None:
    for name, kind in retell.kinds().items():
        assert not kind.item or ("{p}" in kind.zh and "{p}" in kind.en), name
        assert re.search(r"[\u4e00-\u9fff]", kind.zh) and not re.search(r"[\u4e00-\u9fff]", kind.en), name


def test_every_kind_with_a_wording_is_one_that_the_shipped_model_knows() -> None:
    assert set(retell.kinds()) <= set(questions.load().labels)


def test_another_encoders_vectors_are_refused() -> None:
    with pytest.raises(ModelError, match="huaxiang train questions"):
        questions.load().predict(["when did it start"], HashEncoder())


@pytest.mark.model
def test_the_shipped_model_knows_plain_questions() -> None:
    try:
        encoder = load_encoder()
    except ModelError:
        pytest.skip("the encoder is not fetched: huaxiang models fetch")
    plain = {
        "what's on file as the earliest thing purchased": "first_order", "总共贡献了多少营业额": "total_spend",
        "which dates do parcels usually get sent back, how many times": "return_count", "脚多大": "shoe_size",
        "any pooch or kitty at home": "has_pet", "怎么联系TA合适": "prefers_contact",
    }  # fmt: skip
    said = [one.label for one in questions.load().predict(list(plain), encoder)]
    assert sum(a == b for a, b in zip(said, plain.values(), strict=True)) >= 5
