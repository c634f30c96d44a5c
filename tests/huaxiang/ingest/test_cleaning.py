from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.ingest.cleaning import LINK, clean, to_raw_span

PIECES = st.sampled_from(
    ["好用", "good ", "<br/>", "<b>", "&amp;", "&#39;", "&nbsp;", "https://a.example/x?y=1", "\u200b", "\r\n", "  ",
     "\u3000", "\uff219", "😀", "👨\u200d👩", "。", "\t", "<3", "caf\u00c3\u00a9", "&lt;br&gt;", "浣犲ソ鍚", "\x00", "\ud83d"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>It&#39;s great<br/>really</p>", "It's great\nreally"),
        ("a &amp;lt; b &amp;amp; c", "a < b & c"),
        ("I <3 it, a<b and c>d", "I <3 it, a<b and c>d"),
        ("see https://shop.example/p?id=1. Thanks", f"see {LINK}. Thanks"),
        ("看这里http://t.example/abc,很好", f"看这里{LINK},很好"),
        ("\uff21\uff22\uff43\uff11\uff12\uff0c好\uff01 \uff41\uff20b\uff0ecn", "ABc12\uff0c好\uff01 a@b.cn"),
        ("尺码\u3000M\u3000合适", "尺码 M 合适"),
        ("电池 \x07\u200b不行 😡👨\u200d👩", "电池 不行 😡👨\u200d👩"),
        ("cafÃ© crÃ¨me", "café crème"),
        ("itâ€™s fine", "it’s fine"),
        ("  a \n\n\n b  ", "a\nb"),
        ("[[VIDEOID:abc]] nice [[ASIN:B000AAAAAA Pedal X]]", "nice Pedal X"),
        ("<script>alert(1)</script>ok", "ok"),
    ],
)
def test_what_people_write_is_made_readable(raw: str, expected: str) -> None:
    assert clean(raw).clean == expected


def test_chinese_that_was_read_with_the_wrong_encoding_is_mended() -> None:
    raw = "这个包不错".encode().decode("gbk", "replace")
    even = "这个包真不错".encode().decode("gbk")
    assert clean(even).clean == "这个包真不错"
    assert clean(even).repairs == ("mojibake",)
    assert clean(raw).raw == raw


def test_a_plain_text_needs_no_map_and_no_raw_copy() -> None:
    result = clean("很好,下次还买。")
    assert (result.offsets, result.raw_if_different, result.repairs) == (None, None, ())


def test_a_span_of_the_clean_text_points_at_the_same_words_in_the_raw_text() -> None:
    raw = "<b>Great</b>&nbsp;&nbsp;strap &amp; case, see https://x.example/a now"
    result = clean(raw)
    for word in ("Great", "strap", "case", "now"):
        at = result.clean.index(word)
        start, end = to_raw_span(result.offsets, at, at + len(word))
        assert raw[start:end] == word
    at = result.clean.index(LINK)
    start, end = to_raw_span(result.offsets, at, at + len(LINK))
    assert raw[start:end] == "https://x.example/a"


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join), st.data())
def test_the_map_is_monotone_and_in_range(raw: str, data: st.DataObject) -> None:
    result = clean(raw)
    size = len(result.clean)
    a, b = sorted((data.draw(st.integers(0, size)), data.draw(st.integers(0, size))))
    start, end = to_raw_span(result.offsets, a, b)
    assert 0 <= start <= end <= len(result.raw)
    later = to_raw_span(result.offsets, b, size)
    assert start <= later[0] or a == b
    assert end <= later[1]
    if a < b:
        inner = clean(result.raw[start:end]).clean
        assert result.clean[a:b].strip() in result.clean
        assert inner or not result.clean[a:b].strip()


@given(st.text(max_size=200))
def test_a_clean_text_can_be_stored_and_holds_no_hidden_characters(raw: str) -> None:
    result = clean(raw)
    result.clean.encode("utf-8")
    result.raw.encode("utf-8")
    assert "\x00" not in result.clean and "\u200b" not in result.clean
    assert len(result.raw) == len(raw)
    assert result.clean == result.clean.strip()
