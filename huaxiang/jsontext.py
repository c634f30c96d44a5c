"""JSON text of small values, many times a second: the standard encoder without its set-up, which costs more than the work.

`json.dumps` with options builds an encoder a call, and `JSONEncoder.encode` builds the C encoder a call; a build of
profiles needs fifty texts a customer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder as _json
from json.encoder import encode_basestring
from typing import Any

__all__ = ["canonical", "encode_basestring", "sorted_text"]


def _encoder(item: str, key: str) -> Callable[[Any], str]:
    """What `json.dumps(…, ensure_ascii=False, sort_keys=True, separators=(item, key))` does."""
    slow = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(item, key))
    make: Any = getattr(_json, "c_make_encoder", None)  # None where Python was built without it
    if make is None:
        return slow.encode
    # no markers: a value that contains itself is a RecursionError instead of a ValueError
    chunks = make(None, slow.default, encode_basestring, None, key, item, True, False, True)
    return lambda value: "".join(chunks(value, 0))


canonical = _encoder(",", ":")
"""Canonical JSON: sorted keys, no blanks; what is stored and hashed."""
sorted_text = _encoder(", ", ": ")
"""Sorted keys with the blanks `json.dumps` writes by itself."""
