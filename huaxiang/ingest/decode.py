"""Bytes of a file → numbered lines of text. The encoding is found once for the file and mended line by line."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from huaxiang.errors import DataError

HEAD_BYTES = 1 << 17
MAX_LINE_BYTES = 1 << 23
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_KNOWN = {
    b"PK\x03\x04": "a ZIP or Excel file", b"%PDF": "a PDF", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"\xd0\xcf\x11\xe0": "an old Office file", b"SQLite format 3": "an SQLite database", b"\x7fELF": "a program", b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file", b"7z\xbc\xaf": "a 7z file", b"Rar!": "a RAR file", b"\x28\xb5\x2f\xfd": "a zstd file",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line, or why it could not be read. `number` counts from 1; `repair` names what was mended."""

    number: int
    text: str
    repair: str | None = None
    reject: str | None = None


def head(path: Path) -> bytes:
    """The first `HEAD_BYTES` bytes, decompressed.

    Raises:
        DataError: the file cannot be opened, is empty, or says it is gzip and is not.
    """
    try:
        with path.open("rb") as file:
            start = file.read(HEAD_BYTES)
        if start[:2] == b"\x1f\x8b":
            with gzip.open(path) as unpacked:
                start = unpacked.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        start = _partial(path)
        if not start.strip():
            raise DataError(
                f"{path.name} is a damaged gzip file", hint="copy or download it again", code="damaged-file"
            ) from None
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read ({error.strerror})",
            hint="check the path and its permissions",
            code="unreadable-file",
        ) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise DataError(
            f"{path.name} is empty",
            hint="export it again; a shop without such records needs no file",
            code="empty-file",
        )
    return start


def _partial(path: Path) -> bytes:
    engine = zlib.decompressobj(wbits=31)
    try:
        return engine.decompress(path.read_bytes()[:HEAD_BYTES])
    except zlib.error:
        return b""


def encoding_of(start: bytes, name: str) -> str:
    """The encoding of a text file from its first bytes: `utf-8`, `utf-8-sig`, `utf-16-le|be`, `gb18030` or `cp1252`.

    Raises:
        DataError: this is no text (the error names the file).
    """
    for mark, what in _KNOWN.items():
        if start.startswith(mark):
            hint = (
                "save the sheet as CSV (UTF-8)"
                if "Excel" in what or "Office" in what
                else "unpack or export it as CSV, JSON lines or Parquet"
            )
            raise DataError(f"{name} is {what}, not a table", hint=hint, code="binary-file")
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if start.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if len(start) >= 8 and max(even, odd) > 0.3 * len(start) / 2 and min(even, odd) < 0.05 * max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    control = sum(start.count(byte) for byte in _CONTROL)
    if start.count(0) > len(start) / 500 or control > len(start) / 30:
        raise DataError(
            f"{name} holds binary data, not text", hint="export it as CSV, JSON lines or Parquet", code="binary-file"
        )
    return _majority(start, name)


def _majority(start: bytes, name: str) -> str:
    found: dict[str, int] = {}
    lines = start.split(b"\n")
    for line in lines[: max(1, len(lines) - 1)]:  # the last one may be cut inside a character
        if not line.isascii():
            encoding = _decode(line.rstrip(b"\r"), "utf-8")[2]
            found[encoding] = found.get(encoding, 0) + 1
    if not found:
        return "utf-8"
    best = max(found, key=lambda one: found[one])
    if best == "none":
        raise DataError(
            f"{name} holds no text in an encoding we know", hint="save it as UTF-8 or GB18030", code="binary-file"
        )
    return best


def _decode(data: bytes, usual: str) -> tuple[str, str | None, str]:
    """Text, repair and encoding of one line; encoding `none` when it cannot be read."""
    with contextlib.suppress(UnicodeDecodeError):  # the next guess follows
        return data.decode("utf-8"), (None if usual == "utf-8" or data.isascii() else "encoding"), "utf-8"
    mended = data.decode("utf-8", "replace")
    bad = mended.count("\ufffd")
    good = sum(char > "\x7f" for char in mended) - bad
    if good >= 4 * bad:
        return mended, "encoding-damaged", "utf-8"
    if _looks_gb(data) or usual == "gb18030":
        try:
            return data.decode("gb18030"), (None if usual == "gb18030" else "encoding"), "gb18030"
        except UnicodeDecodeError:
            damaged = data.decode("gb18030", "replace")
            if damaged.count("\ufffd") * 8 <= sum(char > "\x7f" for char in damaged):
                return damaged, "encoding-damaged", "gb18030"
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        return "", None, "none"
    high = sum(char > "\x7f" for char in western)
    if high * 4 > len(western) or any(byte < 9 for byte in data):
        return "", None, "none"
    return western, (None if usual == "cp1252" else "encoding"), "cp1252"


def _looks_gb(data: bytes) -> bool:
    """Whether the high bytes come in pairs that common Chinese characters use (GB 2312: both above 0xA0)."""
    pairs = common = at = 0
    while at < len(data):
        if data[at] < 0x80:
            at += 1
            continue
        pairs += 1
        if at + 1 < len(data) and 0xA1 <= data[at] <= 0xF7 and data[at + 1] >= 0xA1:
            common += 1
        at += 2
    return pairs > 0 and common >= 0.8 * pairs


class _Counting(io.RawIOBase):
    """Counts the bytes taken from the disk, so that progress is true for gzip files, too."""

    def __init__(self, file: BinaryIO, report: Callable[[int], None]) -> None:
        self._file, self._report, self._done = file, report, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        count = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._done += count or 0
        self._report(self._done)
        return int(count or 0)

    def close(self) -> None:
        self._file.close()
        super().close()


def lines(path: Path, encoding: str, report: Callable[[int], None]) -> Iterator[Line]:
    """Every line of a (possibly gzipped) text file. A file that breaks off ends with a rejected line.

    Args:
        path: the file.
        encoding: from `encoding_of`.
        report: told how many bytes of the file have been read so far.
    """
    raw = io.BufferedReader(_Counting(path.open("rb", buffering=0), report), 1 << 16)
    packed = raw.peek(2)[:2] == b"\x1f\x8b"
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else cast(BinaryIO, raw)
    wide = encoding.startswith("utf-16")
    number = 0
    with stream, raw:
        chunks = _wide_lines(stream, encoding) if wide else _byte_lines(stream)
        try:
            for data in chunks:
                number += 1
                yield _line(number, data, encoding)
        except (EOFError, zlib.error, gzip.BadGzipFile, OSError):
            yield Line(number + 1, "", reject="truncated-file")


def _line(number: int, data: bytes | str | None, encoding: str) -> Line:
    if data is None:
        return Line(number, "", reject="line-too-long")
    if isinstance(data, str):
        return Line(number, data)
    if number == 1 and data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    text, repair, found = _decode(data, "utf-8" if encoding == "utf-8-sig" else encoding)
    return Line(number, "", reject="encoding") if found == "none" else Line(number, text, repair)


def _byte_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    while data := stream.readline(MAX_LINE_BYTES):
        if len(data) == MAX_LINE_BYTES and not data.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                continue
            yield None
        else:
            yield data


def _wide_lines(stream: BinaryIO, encoding: str) -> Iterator[str | None]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    first = True
    while True:
        data = stream.read(1 << 16)
        text = decoder.decode(data, final=not data)
        if first:
            text, first = text.removeprefix("\ufeff"), False
        rest += text
        whole = rest.split("\n")
        rest = whole.pop()
        yield from (one + "\n" for one in whole)
        if not data:
            break
        if len(rest) > MAX_LINE_BYTES:
            raise OSError("line too long")
    if rest:
        yield rest
