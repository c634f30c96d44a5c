import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import spans


@pytest.mark.parametrize(
    ("text", "query", "quote"),
    [
        ("Nice box. The strings broke! Never again.", "broken strings?", "The strings broke!"),
        ("物流很快。音质不错,续航也好!颜色一般", "音质怎么样", "音质不错,续航也好!"),
        ("It costs 3.50 dollars. Good v1.2 firmware.", "firmware", "Good v1.2 firmware."),
        ("Bad box. The batteries died. Loving it otherwise.", "battery", "The batteries died."),
        ("Bad box. The batteries died. Loving it otherwise.", "they love it", "Loving it otherwise."),
        ("第一句。Ｇｕｉｔａｒ 很好。", "guitar", "Ｇｕｉｔａｒ 很好。"),
        ("Short. No match.", "zebra", "Short. No match."),
        ("一" * 200 + "。后面", "zebra", "一" * 200 + "。"),
    ],
)
def test_the_sentence_with_most_shared_words_is_quoted(text, query, quote):
    start, end, _ = spans.Quoter(query).best(text)
    assert text[start:end] == quote


@given(st.text(max_size=200), st.text(max_size=20))
def test_offsets_always_lie_in_the_text(text, query):
    start, end, _ = spans.Quoter(query).best(text)
    assert 0 <= start <= end <= len(text)
    for start, end in spans.sentences(text):
        assert text[start:end].strip() == text[start:end] != ""
