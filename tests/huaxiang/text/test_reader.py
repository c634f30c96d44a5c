"""The evidence reader: which record answers, in Chinese, in English, and one over the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from huaxiang.errors import ModelError
from huaxiang.text.reader import EvidenceReader, record_text

RECORDS = [
    record_text("return", "颜色跟图片差太远，像信号灯，退了。", item="棉麻衬衫 / Linen Shirt"),
    record_text("message", "Our whippet Pepper eats anything that does not eat her first."),
    record_text("ticket", "已为您补发滤网，周五前送到。", staff=True, item="咖啡机 / Coffee Machine"),
    record_text("review", "Light as air, I take a size 41 in everything.", item="徒步凉鞋 / Hiking Sandals", rating=4),
    record_text("order", item="棉麻衬衫 / Linen Shirt", facts=" | 159.00 CNY"),
]


@pytest.fixture(scope="module")
def reader() -> EvidenceReader:
    try:
        return EvidenceReader.load()
    except ModelError as error:
        pytest.skip(f"the encoder is not in the cache ({error.code}): huaxiang models fetch")


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("衬衫为什么退了", 0),
        ("why did she return the shirt", 0),
        ("what breed is her dog", 1),
        ("她家养的什么狗", 1),
        ("滤网我们怎么处理的", 2),
        ("what did we send for the coffee machine", 2),
        ("what shoe size does she wear", 3),
        ("穿多大的鞋", 3),
    ],
)
def test_the_record_that_answers_comes_first_in_either_language(
    reader: EvidenceReader, question: str, place: int
) -> None:
    chances = reader.probabilities(question, RECORDS)
    assert chances.argmax() == place
    assert 0 <= chances.min() <= chances.max() <= 1


@pytest.mark.parametrize(
    "question", ["what is her mother's maiden name", "她的车牌号是多少", "which bank does she use"]
)
def test_what_no_record_says_is_unlikely_in_all_of_them(reader: EvidenceReader, question: str) -> None:
    answered = reader.probabilities("what shoe size does she wear", RECORDS).max()
    assert reader.probabilities(question, RECORDS).max() < min(0.4, answered)


def test_a_probability_depends_on_the_other_records_only_through_the_nearest(reader: EvidenceReader) -> None:
    both = reader.probabilities("穿多大的鞋", RECORDS)
    turned = reader.probabilities("穿多大的鞋", RECORDS[::-1])[::-1]
    assert both == pytest.approx(turned, abs=1e-5)


def test_no_records_and_no_question_are_no_error(reader: EvidenceReader) -> None:
    assert reader.probabilities("why", []).shape == (0,)
    assert reader.probabilities("  ", RECORDS).max() == 0
    assert reader.probabilities("why", [record_text("order"), "\ud83d", ""]).shape == (3,)


def test_a_record_is_worded_with_kind_item_rating_and_speaker() -> None:
    assert record_text("survey", "Fine.", rating=9) == "survey 问卷 | 9/10: Fine."
    assert record_text("ticket", "好", staff=True, item="杯") == "ticket 工单 staff 客服 | 杯: 好"
    assert record_text("order", item="Mug", facts=" | 9.00 USD") == "order 下单 | Mug | 9.00 USD: "


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "reader.npz"
    broken.write_bytes(b"PK\x03\x04 not an archive")
    with pytest.raises(ModelError, match=r"reader\.npz") as caught:
        EvidenceReader.load(broken)
    assert caught.value.code == "model-format"
