"""The shipped aspect model over the cached encoder: what holds for any text and any conversation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from huaxiang.errors import HuaxiangError, ModelError
from huaxiang.text import aspects_model, aspects_terms
from huaxiang.text.aspects_lines import aspect_objects
from huaxiang.text.aspects_model import AspectModel
from huaxiang.text.aspects_read import read_aspects, read_until, term_polarities
from huaxiang.text.aspects_units import Span
from huaxiang.text.aspects_windows import Floats
from huaxiang.text.dialogue import Dialogue, Turn, read_dialogue


@pytest.fixture(scope="module")
def model() -> AspectModel:
    try:
        return aspects_model.load()
    except HuaxiangError as error:
        pytest.skip(f"the encoder is not in the cache ({error.code}): huaxiang models fetch")


def test_good_and_bad_terms_of_one_sentence_are_told_apart(model: AspectModel) -> None:
    text = "屏幕非常清晰，但是电池太不耐用了"
    good, bad = term_polarities(text, [(0, 2), (9, 11)], model=model)
    assert good[0] == "positive"
    assert bad[0] == "negative"
    assert good[1] > 0 > bad[1]
    assert 1 / 3 <= bad[2] <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "!!!",
        "😀",
        "a" * 5_000,
        "好" * 5_000,
        "<b>screen</b> is \x00 bad",
        "\ud83d 屏幕好",
        "الشاشة جيدة",
        "x\n" * 900,
    ],
)
def test_any_text_gives_words_that_are_where_they_say(model: AspectModel, text: str) -> None:
    for one in next(read_aspects([text], tier="accurate", model=model)):
        for words in (one.term, one.clause, one.opinion, one.product):
            assert words is None or words.text == text[words.start : words.end]


def test_what_a_review_says_does_not_depend_on_the_reviews_beside_it(model: AspectModel) -> None:
    texts = ["The screen is great.", "物流太慢了，客服态度很好"]
    together = list(read_aspects(texts, tier="accurate", model=model))
    assert together == [next(read_aspects([text], tier="accurate", model=model)) for text in texts]
    assert {one.aspect for one in together[1]} >= {"delivery", "service"}


def test_an_unknown_term_is_of_the_aspect_that_its_opinion_names(model: AspectModel) -> None:
    found = next(read_aspects(["收纳袋太紧，每次塞都像跟帐篷打架。"], tier="accurate", model=model))
    assert ("收纳袋", "fit", "negative") in {(one.term.text, one.aspect, one.label) for one in found}


def test_a_term_far_into_a_long_text_is_read_in_its_own_place(model: AspectModel) -> None:
    text = "今天天气不错。" * 200 + "屏幕很差，非常失望。"
    start = text.index("屏幕")
    assert term_polarities(text, [(start, start + 2)], model=model)[0][0] == "negative"


def test_of_a_long_text_the_encoder_reads_a_stated_part_and_cue_words_the_rest(model: AspectModel) -> None:
    text = "今天去了公园，天气很晴朗。" * 700 + "物流太慢了。" + "啊" * 100_000
    encoded, read = read_until(text)
    assert 1_000 < encoded <= 2_000
    assert read == 100_000
    assert text[encoded - 1] == "。"
    (line,) = aspect_objects([text], tier="accurate")
    assert (line["accurate_until"], line["read_until"]) == (encoded, read)
    assert [one["term"] for one in line["aspects"] if one["start"] > encoded] == ["物流"]


def test_a_short_text_has_no_note_of_what_was_left_out(model: AspectModel) -> None:
    assert set(next(aspect_objects(["屏幕很清晰"], tier="accurate"))) == {"aspects"}


def counted(model: AspectModel, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many units each question to the reader of terms has, from now on; it answers nothing of use."""
    asked: list[int] = []

    def chances(text: str, units: list[Span], span: Span) -> Floats:
        asked.append(len(units))
        return np.full(3, 1 / 3, np.float32)

    assert model.terms is not None
    monkeypatch.setattr(model.terms, "chances", chances)
    return asked


def test_what_a_long_text_costs_the_encoder_has_a_bound_however_it_is_written(
    model: AspectModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(model, monkeypatch)
    text = "".join(f"屏幕第{number}天很清晰电池不耐用" for number in range(2_000))
    list(read_aspects([text], tier="accurate", model=model))
    assert max(asked) <= 110
    assert 0 < len(asked) <= 500


def test_a_sentence_that_comes_again_is_read_once(model: AspectModel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(model, monkeypatch)
    text = "这台手机的屏幕显示效果非常清晰，我和家里人看了以后都很喜欢。"
    found = next(read_aspects([text * 40], tier="accurate", model=model))
    assert len(found) >= 40
    assert len(asked) * 20 <= len(found)
    assert all(one.term.text == (text * 40)[one.term.start : one.term.end] for one in found)


def talk(repeats: int = 1) -> list[Turn]:
    turns = [
        Turn("小米12的续航怎么样？", "a"),
        Turn("小米12续航很差，但是拍照不错", "b", 0),
        Turn("苹果13的续航好多了", "c", 1),
    ]
    return turns * repeats


def test_opinions_of_a_conversation_are_quoted_exactly_with_their_speaker(model: AspectModel) -> None:
    turns = talk()
    found = read_dialogue(turns, model, threshold=0.05)
    assert found.quadruples
    for quad in found.quadruples:
        for mention in (quad.target, quad.aspect, quad.opinion):
            assert turns[mention.turn].text[mention.start : mention.end] == mention.text
        assert quad.speaker == turns[quad.opinion.turn].speaker
    assert [quad.probability for quad in found.quadruples] == sorted(
        (q.probability for q in found.quadruples), reverse=True
    )


def test_a_conversation_longer_than_the_encoder_is_read_to_its_end(model: AspectModel) -> None:
    found = read_dialogue(talk(40), model)
    assert max(mention.turn for mention in found.aspects) >= 117


@pytest.mark.parametrize("turns", [[], [Turn("")], [Turn("  ", "a"), Turn("\n", "b", 7)]])
def test_a_conversation_of_nothing_has_nothing(turns: list[Turn]) -> None:
    assert read_dialogue(turns) == Dialogue()


def test_replies_to_nowhere_and_one_endless_turn_are_no_error(model: AspectModel) -> None:
    turns = [Turn("屏幕很好" * 2_000, "a", 5), Turn("不好", "b", -9), Turn("\ud83d", "c", 1)]
    found = read_dialogue(turns, model)
    assert all(turns[m.turn].text[m.start : m.end] == m.text for m in (*found.aspects, *found.opinions, *found.targets))


def test_a_damaged_file_says_how_to_mend_it(tmp_path: Path) -> None:
    broken = tmp_path / "aspects.npz"
    broken.write_bytes(b"PK not really")
    with pytest.raises(ModelError, match="huaxiang train aspects"):
        aspects_model.load(str(broken))


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "aspects.npz"
    np.savez(other, about=np.frombuffer(b'{"format": 99}', dtype=np.uint8))
    with pytest.raises(ModelError, match="cannot read"):
        aspects_model.load(str(other))


def test_the_shipped_files_are_small_and_hold_no_pickle() -> None:
    for name in (aspects_model.FILE, aspects_terms.FILE):
        path = Path(aspects_model.__file__).parent / "weights" / name
        assert path.stat().st_size <= 5_000_000
        with np.load(path, allow_pickle=False) as held:
            assert all(held[name].dtype != object for name in held.files)


def test_without_the_terms_file_the_other_model_reads_terms_alone(model: AspectModel, tmp_path: Path) -> None:
    file = Path(aspects_model.__file__).parent / "weights" / aspects_model.FILE
    (tmp_path / file.name).symlink_to(file)
    alone = aspects_model.load(str(tmp_path / file.name))
    assert model.terms is not None
    assert alone.terms is None
    assert term_polarities("屏幕非常清晰", [(0, 2)], model=alone)[0][0] == "positive"
