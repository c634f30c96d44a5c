"""Lines in, objects out."""

from __future__ import annotations

import json

import pytest

from huaxiang.errors import DataError
from huaxiang.text.aspects_lines import aspect_objects


def test_each_line_gives_one_object_in_order() -> None:
    found = list(aspect_objects(["物流很慢\n", "\n", '{"text": "The battery is great."}', "{not json"]))
    assert [[one["aspect"] for one in mine["aspects"]] for mine in found] == [["delivery"], [], ["battery"], []]
    json.dumps(found, ensure_ascii=False)


def test_offsets_are_of_the_line() -> None:
    line = "包装很好，物流很慢"
    (found,) = aspect_objects([line])
    for one in found["aspects"]:
        assert line[one["start"] : one["end"]] == one["term"]
        assert line[one["clause"]["start"] : one["clause"]["end"]] == one["clause"]["text"]


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1}',
        '{"text": "abc", "terms": ["x"]}',
        '{"text": "abc", "terms": [[1]]}',
        '{"turns": [1]}',
        '{"turns": 3}',
    ],
)
def test_an_object_that_asks_for_nothing_is_refused_by_number_without_its_text(line: str) -> None:
    with pytest.raises(DataError, match="line 2") as caught:
        list(aspect_objects(["ok", line]))
    assert "abc" not in str(caught.value)
