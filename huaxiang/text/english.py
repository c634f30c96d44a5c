"""Whether a Latin text looks English, from three letters in a row: 20 kB of counts, 10 microseconds, no other language.

The mean number of bits a letter costs under counts of English texts; another language costs more. Made by
`python -m training.language`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

STEPS = 16
"""Costs are kept in bits times this."""
_LOOK = 200  # characters: more do not change the answer


def _letter_codes() -> bytes:
    codes = bytearray(256)
    for place, letter in enumerate(b"abcdefghijklmnopqrstuvwxyz"):
        codes[letter] = place + 1
    return bytes(codes)


_CODES = _letter_codes()


def letters(text: str) -> bytes:
    """Letters as 1…26 and everything between them as one 0, with a 0 at either end."""
    words = text[:_LOOK].lower().encode("latin-1", "replace").translate(_CODES).split(b"\x00")
    return b"\x00" + b"\x00".join(word for word in words if word) + b"\x00"


def cost(text: str, table: bytes) -> float:
    """Mean bits a letter of `text`; `table` has 27 * 27 * 27 bytes. A text without letters costs 0."""
    codes = letters(text)
    if len(codes) < 3:
        return 0.0
    total = sum(table[(a * 27 + b) * 27 + c] for a, b, c in zip(codes, codes[1:], codes[2:], strict=False))
    return total / (len(codes) - 2) / STEPS


@cache
def _held() -> tuple[bytes, list[int], list[float]]:
    import numpy as np

    path = resources.files("huaxiang.text").joinpath("weights/english.npz")
    with path.open("rb") as source, np.load(source, allow_pickle=False) as held:
        return held["table"].tobytes(), held["lengths"].tolist(), held["borders"].tolist()


def cost_above_english(text: str) -> float:
    """Bits a letter of a Latin text above what English of its length costs; 1 in 200 English texts is above 0."""
    table, lengths, borders = _held()
    border = borders[0]
    for length, value in zip(lengths, borders, strict=True):
        if len(text) >= length:
            border = value
    return cost(text, table) - border
