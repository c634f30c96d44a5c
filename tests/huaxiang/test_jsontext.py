"""The quick JSON texts are the ones `json.dumps` gives."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from huaxiang import jsontext

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(PLAIN, lambda one: st.lists(one) | st.dictionaries(st.text(), one), max_leaves=12)


@given(VALUES)
def test_both_texts_are_those_of_the_standard_library(value):
    assert jsontext.canonical(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert jsontext.sorted_text(value) == json.dumps(value, ensure_ascii=False, sort_keys=True)
