"""Cleaning of what people wrote: a readable text, and a map from every span of it back to the raw text.

Nothing is decided silently: the raw text is kept whenever it differs, and a quote can always be shown in it. Cleaning
runs in up to three stages (wrong encodings, markup, white space). Each stage is a short list of edits, so the map is a
short string; most texts need none.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from huaxiang.require import require

LINK = "[link]"
"""What a web address becomes in the clean text; the raw text keeps it."""

Edit = tuple[int, int, str]
"""Raw start, raw end, replacement; edits of one stage are sorted and do not overlap."""

_TAGS = (
    "a|abbr|article|b|big|blockquote|body|br|center|code|div|em|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|"
    "img|input|label|li|link|meta|ol|option|p|pre|q|s|script|section|select|small|span|strike|strong|style|sub|sup|"
    "table|tbody|td|th|thead|title|tr|tt|u|ul|video"
)
_ATTRIBUTES = r"""(?:\s+[\w:-]{1,40}\s*=\s*(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s"'<>]{1,2000}))*"""
_INVISIBLE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_MARKUP = re.compile(
    rf"""
      (?P<gone> <!--.*?--> | <(?P<raw>script|style)\b[^<>]*>.*?</(?P=raw)\s*> | \[\[VIDEOID:[^\[\]]{{0,80}}\]\] )
    | (?P<break> <\s*/?\s*(?:br|p|div|li|tr|h[1-6]|ul|ol|table|hr|blockquote){_ATTRIBUTES}\s*/?> | &lt;/?(?:br|p)\s*/?&gt; )
    | (?P<tag> </?(?:{_TAGS}){_ATTRIBUTES}\s*/?> | &lt;/?(?:b|i|em|strong|span|div)\s*/?&gt; )
    | (?P<asin> \[\[ASIN:\w{{10}}\s*(?P<name>[^\[\]]{{0,300}})\]\] )
    | (?P<entity> &(?:amp;){{0,3}}(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,30}}); | &nbsp )
    | (?P<url> (?:https?://|www\.)[^\s<>"'\u2018-\u201f\u3000-\u9fff\uff00-\uffef]{{3,2000}}(?<![.,!?;:)\]*]) )
    | (?P<invisible> [{_INVISIBLE}]+ )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_MARKUP_HINT = re.compile(rf"[<&\[{_INVISIBLE}]|://|www\.", re.IGNORECASE)
_SPACES = re.compile(r"\A\s+|\s+\Z|[^\S\n]*\n\s*|[^\S\n]{2,}|[^\S\n ]|\r")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _width_table() -> dict[int, int]:
    # Letters and digits, and the marks found inside addresses, sizes and prices. Chinese punctuation stays.
    table = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
    table.update({ord(mark) + 0xFEE0: ord(mark) for mark in "#$%&*+-./=@_"})
    for code in range(0x1D400, 0x1D800):  # mathematical letters, a spammer's bold
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain.isascii():
            table[code] = ord(plain)
    return table


_WIDTH = _width_table()


@dataclass(frozen=True)
class Cleaned:
    """A clean text. `offsets` is None when every character stands where it stood in `raw`; see `to_raw_span`."""

    clean: str
    raw: str
    offsets: str | None = None
    repairs: tuple[str, ...] = field(default=())

    @property
    def raw_if_different(self) -> str | None:
        """What the store keeps as `raw`."""
        return None if self.raw == self.clean else self.raw


def storable(text: str) -> str:
    """The text with what no database can hold (NUL, half a surrogate pair) replaced, one for one."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean(raw: str) -> Cleaned:
    """Clean one text.

    Undone: wrongly decoded UTF-8 (by ftfy, and UTF-8 read as GBK), HTML tags and entities, invisible and control
    characters, full-width letters and digits, runs of white space. A web address becomes `LINK`. Emoji, Chinese
    punctuation and line breaks stay. Linear in the length of the text.

    Returns:
        The clean text, the storable raw text, the map between them, and the names of the repairs that were needed.
    """
    text = storable(raw)
    repairs = [] if text is raw or text == raw else ["bad-unicode"]
    kept = text
    stages: list[list[Edit]] = []
    for name, find in (("mojibake", _mojibake), ("markup", _markup), ("", _space)):
        edits = find(text)
        if edits:
            stages.append(edits)
            text = _apply(text, edits)
            if name:
                repairs.append(name)
        if name == "markup":
            # One character for one, so it needs no edit in the map.
            narrow = text if text.isascii() else text.translate(_WIDTH)
            if narrow != text:
                text = narrow
                repairs.append("width")
    return Cleaned(text, kept, _serialise(stages), tuple(repairs))


def to_raw_span(offsets: str | None, start: int, end: int) -> tuple[int, int]:
    """The span of the raw text behind `clean[start:end]`.

    A span that touches part of a replaced piece (an entity, an address) covers the whole piece in the raw text.

    Args:
        offsets: `Cleaned.offsets`.
        start: first character, 0 <= start <= end.
        end: one past the last character.
    """
    if not offsets:
        return start, end
    for stage in reversed(offsets.split("|")):
        start, end = _through(stage, start, end)
    return start, end


def _through(stage: str, start: int, end: int) -> tuple[int, int]:
    empty = start == end
    raw_start = raw_end = None
    shift = 0  # raw position − clean position after the edits seen so far
    at = 0
    for one in stage.split(","):
        gap, removed, added = (int(number, 36) for number in one.split("."))
        at += gap  # clean position where the edit begins
        if raw_start is None and start < at + added:
            raw_start = start + shift if start < at else at + shift
        if raw_end is None and end <= at:
            raw_end = end + shift
        elif raw_end is None and end <= at + added:
            raw_end = at + shift + removed
        if raw_start is not None and raw_end is not None:
            break
        at += added
        shift += removed - added
    if raw_start is None:
        raw_start = start + shift
    if raw_end is None:
        raw_end = end + shift
    return (raw_start, raw_start) if empty else (raw_start, raw_end)


def _serialise(stages: Iterable[list[Edit]]) -> str | None:
    """`gap.removed.added` in base 36, edits joined by `,` and stages by `|`; gaps count unchanged characters."""
    written = []
    for edits in stages:
        last = 0
        parts = []
        for start, end, new in edits:
            parts.append(f"{_base36(start - last)}.{_base36(end - start)}.{_base36(len(new))}")
            last = end
        written.append(",".join(parts))
    return "|".join(written) or None


def _base36(number: int) -> str:
    if number < 10:
        return str(number)
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits


def _apply(text: str, edits: list[Edit]) -> str:
    parts: list[str] = []
    last = 0
    for start, end, new in edits:
        parts += (text[last:start], new)
        last = end
    parts.append(text[last:])
    return "".join(parts)


def _markup(text: str) -> list[Edit]:
    if not _MARKUP_HINT.search(text):
        return []
    edits = []
    for match in _MARKUP.finditer(text):
        new = _REPLACE[match.lastgroup or "gone"](match) if match.lastgroup != "raw" else ""
        if new != match.group():
            edits.append((match.start(), match.end(), new))
    return edits


def _entity(match: re.Match[str]) -> str:
    text = match.group()
    for _ in range(4):  # &amp;amp;#39; is found in real exports
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return re.sub(f"[{_INVISIBLE}]", "", storable(text))


_REPLACE: dict[str, Callable[[re.Match[str]], str]] = {
    "gone": lambda _: "",
    "raw": lambda _: "",
    "break": lambda _: "\n",
    "tag": lambda _: "",
    "asin": lambda match: match.group("name"),
    "name": lambda match: match.group("name"),
    "entity": _entity,
    "url": lambda _: LINK,
    "invisible": lambda _: "",
}


def _space(text: str) -> list[Edit]:
    # Most texts are tidy, and this test costs a twentieth of the search.
    if all(line and " ".join(line.split()) == line for line in text.split("\n")):
        return []
    edits = []
    for match in _SPACES.finditer(text):
        found = match.group()
        outer = match.start() == 0 or match.end() == len(text)
        new = "" if outer else "\n" if "\n" in found or "\r" in found else " "
        if new != found:
            edits.append((match.start(), match.end(), new))
    return edits


def _mojibake(text: str) -> list[Edit]:
    if text.isascii():
        return []
    edits = [edit for match in _NON_ASCII.finditer(text) if (edit := _gbk_edit(match))]
    if edits:
        return edits
    if not require("ftfy.badness", extra="app").is_bad(text):
        return []
    fix_encoding = require("ftfy", extra="app").fix_encoding
    fixed = fix_encoding(text)
    if fixed == text or _UNSTORABLE.search(fixed):
        return []
    for match in _NON_ASCII.finditer(text):
        new = fix_encoding(match.group())
        if new != match.group():
            edits.append((match.start(), match.end(), new))
    if edits and _apply(text, edits) == fixed:
        return edits
    return [_middle(text, fixed)]  # the pieces only make sense together: one coarse edit, still a true map


def _gbk_edit(match: re.Match[str]) -> Edit | None:
    """UTF-8 that was read as GBK: real Chinese is (next to) never valid UTF-8 when written in GBK."""
    run = match.group()
    if len(run) < 3 or not _CJK.search(run):
        return None
    try:
        fixed = run.encode("gbk").decode("utf-8")
    except UnicodeError:
        return None
    return (match.start(), match.end(), fixed) if len(_CJK.findall(fixed)) * 2 >= len(fixed) else None


def _middle(old: str, new: str) -> Edit:
    shared = min(len(old), len(new))
    left = 0
    while left < shared and old[left] == new[left]:
        left += 1
    right = 0
    while right < shared - left and old[-1 - right] == new[-1 - right]:
        right += 1
    return (left, len(old) - right, new[left : len(new) - right])
