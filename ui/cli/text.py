"""`huaxiang text VERB`: reads one text a line and writes one JSON object a line, in order, without a shop.

A verb is a function that calls `stream` with what turns texts into objects; it is registered in `VERBS`, one line each.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from huaxiang.errors import ConfigError, DataError
from ui.cli import output, progress
from ui.cli.common import ShopOption

FileArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="A text file, one text a line; standard input without it or with -."),
]
TierOption = Annotated[
    str | None,
    typer.Option(
        "--tier",
        metavar="fast|accurate|auto",
        help="fast: n-grams. accurate: the encoder as well. auto: accurate once it is fetched. Default: the settings.",
    ),
]
Handle = Callable[[Sequence[str]], Sequence[dict[str, Any]]]
"""Texts to as many objects, in order."""

BATCH = 8192
"""Texts read at a time: enough for full speed, little enough that memory stays flat."""


def stream(file: Path | None, handle: Handle, *, batch: int = BATCH, title: str = "reading") -> None:
    """Read lines, hand them over in batches, write one JSON object a line.

    A line ends with LF or CRLF only, so the object on line n is that of line n. Bytes that are no UTF-8 are read as
    U+FFFD; a byte-order mark is dropped. From a terminal every line is answered at once.

    Args:
        file: None or `-` for standard input.
        handle: called with at most `batch` texts.
        batch: how many lines at a time.
        title: shown beside the count on stderr.

    Raises:
        DataError: the file cannot be read.
    """
    with _opened(file) as source, progress.bar(title) as tell:
        done = 0
        for lines in _batches(source, 1 if source.isatty() else batch):
            objects = handle(lines)
            if len(objects) != len(lines):
                raise AssertionError(f"{len(lines)} texts but {len(objects)} objects")
            output.say("\n".join(json.dumps(one, ensure_ascii=False) for one in objects))
            if source.isatty():
                output.flush()
            done += len(lines)
            tell(done, 0, "")


def sentiment(
    file: FileArgument = None,
    tier: TierOption = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="zh or en for every line, instead of finding out.")
    ] = None,
    shop: ShopOption = None,
) -> None:
    """Say of each line whether it praises or complains: {label, polarity, probability, language}.

    polarity runs from -1 (bad) to 1 (good); probability is the chance that its sign is right.

    \b
    Examples:
      huaxiang text sentiment reviews.txt
      echo 物流很快，就是包装破了 | huaxiang text sentiment --tier accurate
    """
    from huaxiang.text.sentiment_tiers import reader

    if language is not None and language not in ("zh", "en"):
        raise ConfigError(
            f"--language {language!r} is neither zh nor en", hint="leave it out to find out", code="usage"
        )
    settings = text_settings(shop)
    model = reader(tier or settings.sentiment_tier, models=settings.models)

    def handle(texts: Sequence[str]) -> list[dict[str, Any]]:
        """The sentiment of each text."""
        known = None if language is None else [language] * len(texts)
        return [
            {
                "label": one.label,
                "polarity": round(one.polarity, 4),
                "probability": round(one.probability, 4),
                "language": one.language,
            }
            for one in model.predict(texts, known)
        ]

    stream(file, handle, batch=BATCH if model.name != "accurate" else 1024, title="sentiment")


def language(
    file: FileArgument = None,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Also each sentence with its offsets: for lines that mix languages.")
    ] = False,
) -> None:
    """Say of each line which language it is in: {language}, an ISO 639-1 code, or und where nothing tells.

    \b
    Examples:
      huaxiang text language messages.txt
      echo '质量不错, but delivery was slow.' | huaxiang text language --sentences
    """
    from huaxiang.text.language import detect, split_sentences

    def one(text: str) -> dict[str, Any]:
        if not sentences:
            return {"language": detect(text)}
        spans = split_sentences(text)
        parts = [{"start": start, "end": end, "language": detect(text[start:end])} for start, end in spans]
        return {"language": detect(text), "sentences": parts}

    stream(file, lambda texts: [one(text) for text in texts], title="language")


def text_settings(shop: Path | None) -> Any:
    """The `[text]` settings: those of the shop that is meant, or of the environment where there is none."""
    from huaxiang import config
    from huaxiang.errors import StoreError
    from ui.cli.common import find_shop

    try:
        folder: Path | None = find_shop(shop)
    except StoreError as error:
        if shop is not None or error.code != "no-such-shop":
            raise
        folder = None
    return config.load(folder).settings.text


@contextlib.contextmanager
def _opened(file: Path | None) -> Iterator[IO[str]]:
    if file is None or str(file) == "-":
        stdin = sys.stdin
        if hasattr(stdin, "reconfigure"):
            stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        yield stdin
        return
    try:
        with file.open(encoding="utf-8", errors="replace", newline="\n") as held:
            yield held
    except OSError as error:
        raise DataError(
            f"cannot read {file.name!r} ({error.strerror})",
            hint="give a text file with one text a line, or - for standard input",
            code="no-such-file",
        ) from error


def _batches(source: IO[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for number, line in enumerate(source):
        text = line.removesuffix("\n").removesuffix("\r")
        batch.append(text.removeprefix("\ufeff") if number == 0 else text)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


VERBS: dict[str, Any] = {"sentiment": sentiment, "language": language}
