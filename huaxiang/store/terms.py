"""Index terms: what the lexical index holds of a text, and what it looks up of a query. The same for every database."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MAX_QUERY_TOKENS = 48

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:'[^\W\d_{_CJK}]+)?")
_CJK_RUN = re.compile(rf"[{_CJK}]")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_CVC = re.compile(r"[^aeiouy][aeiouy][^aeiouwxy]$")
_STOP_WORDS = (
    "a about all also am an and any are as at be been but by can could did do does for from had has have he her him his how i "
    "if in is it its me my no not of on one or our out she so some than that the their them then there these they thi this "
    "to too up us wa was we were what when where which who why will with would you your customer tell show find ani "
    "什么 怎么 有没 没有 是否 这个 那个 一个 客户 顾客 他的 她的 我的 的是 了吗 吗 的 了 呢 是 在 他 她 我 你"
)
_STOP = frozenset(_STOP_WORDS.split())


def tokens(text: str) -> list[str]:
    """The index terms of a text, in order: stemmed lower-case words, CJK bigrams (a lone CJK character stands alone)."""
    if not text.isascii():
        text = _fold(text)
    found: list[str] = []
    for piece in _PIECE.findall(text.lower().replace("’", "'")):
        if _CJK_RUN.match(piece):
            found.extend([piece] if len(piece) == 1 else [piece[i : i + 2] for i in range(len(piece) - 1)])
        else:
            found.append(stem(piece))
    return found


def query_terms(query: str) -> list[str]:
    """The distinct terms worth looking up, at most 48; words such as `the` or `什么` only when there is nothing else."""
    distinct = list(dict.fromkeys(tokens(query)))
    telling = [one for one in distinct if one not in _STOP]
    return (telling or distinct)[:_MAX_QUERY_TOKENS]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Step 1 of Porter's stemmer (plurals, -ed, -ing, -y): enough that `returned` meets `returns`.

    Source:
        M. F. Porter (1980), "An algorithm for suffix stripping", Program 14(3).
    """
    word = word.partition("'")[0] or word
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = _strip_plural(word)
    for suffix in ("ed", "ing"):
        root = word.removesuffix(suffix)
        if root != word and len(root) > 1 and re.search("[aeiouy]", root):
            word = _mend(root)
            break
    return word[:-1] + "i" if word.endswith("y") and re.search("[aeiou]", word[:-1]) else word


def _fold(text: str) -> str:
    """Full-width to half-width, and Latin letters without their accents."""
    text = unicodedata.normalize("NFKC", text)
    if not _ACCENTED.search(text):
        return text
    plain = (
        unicodedata.normalize("NFD", char)[0] if "\u00c0" <= char <= "\u024f" else char for char in text
    )  # NFD of the whole text would take Japanese and Korean syllables apart
    return "".join(plain)


def _strip_plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def _mend(root: str) -> str:
    """What -ed and -ing took away: an e (`lov` → `love`), or a doubled letter (`stopp` → `stop`)."""
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if len(root) > 2 and root[-1] == root[-2] and root[-1] not in "aeioulsz":
        return root[:-1]
    return root + "e" if len(root) == 3 and _CVC.search(root) else root
