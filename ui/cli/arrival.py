"""Models that arrive while the desk is open already: fetched beside it, and put to use without a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from huaxiang.errors import HuaxiangError
from ui.cli import background, output
from ui.cli.progress import Tell

if TYPE_CHECKING:
    from agent.runtime import Runtime
    from huaxiang.config import Settings


class Fetch(Protocol):
    """What is needed of `background.Fetching`."""

    names: tuple[str, ...]

    def wait_for(self, name: str, tell: Tell, *, seconds: float | None = None) -> bool:
        """Wait until one model is ready; False when it will not be."""
        ...

    def problem(self) -> str:
        """Why not."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


class _Ended(Exception):
    """The desk was closed while the index was being made."""


def start(settings: Settings) -> background.Fetching | None:
    """Begin to fetch what these settings need and is not here; None when nothing is missing."""
    from huaxiang.models.cards import ENCODER, LLM

    wanted = {LLM: settings.llm.kind == "local" and settings.llm.model in ("", LLM)}
    wanted[ENCODER] = settings.encoder.name in ("auto", ENCODER) and not settings.encoder.path
    names = [one for one in background.missing() if wanted.get(one)]
    if not names:
        return None
    output.note(output.both("首次使用，同时下载：", "fetching once, beside the rest: ") + ", ".join(names))
    return background.Fetching(names)


@contextmanager
def arriving(runtime: Runtime, fetching: Fetch | None) -> Iterator[None]:
    """Inside, each model is put to use when it has arrived; at the end the fetch is stopped (what came is kept)."""
    from huaxiang.models.cards import ENCODER, LLM

    if fetching is None:
        yield
        return
    ended = threading.Event()
    threads = []
    if LLM in fetching.names and runtime.llm_state() == "absent":
        runtime.bring_llm(lambda: _came(fetching, LLM))
    if ENCODER in fetching.names and not background.progress_of(ENCODER)[2]:
        threads.append(threading.Thread(target=_encoder, args=(runtime, fetching, ended), daemon=True, name="encoder"))
    for one in threads:
        one.start()
    try:
        yield
    finally:
        ended.set()
        fetching.stop()
        for one in threads:
            one.join(10)


def _came(fetching: Fetch, name: str) -> str:
    if fetching.wait_for(name, _silent):
        output.note(output.both(f"{name} 已就绪", f"{name} has arrived"))
        return ""
    problem = fetching.problem() or output.both("下载已停止", "the fetch was stopped")
    output.note(output.both("注意：继续按规则回答：", "note: answers go on by rules: ") + problem)
    return problem


def _encoder(runtime: Runtime, fetching: Fetch, ended: threading.Event) -> None:
    """Search by meaning as soon as the encoder is here: it is small, so it comes long before the language model."""
    from huaxiang.models.cards import ENCODER
    from huaxiang.models.encoder import load_encoder

    def tell(done: int, total: int, what: str) -> None:
        if ended.is_set():
            raise _Ended

    if not fetching.wait_for(ENCODER, _silent):
        return
    try:
        runtime.index.use(load_encoder(ENCODER))
        runtime.index.build(tell)
        output.note(
            output.both(
                "文本编码器已就绪，从现在起按意思搜索",
                "the text encoder has arrived; search goes by meaning from now on",
            )
        )
    except _Ended:
        return
    except HuaxiangError as error:  # e.g. another process owns the index; words still find
        output.note(output.both("注意：继续按字词搜索：", "note: search goes on by words: ") + str(error))


def _silent(done: int, total: int, what: str = "") -> None:
    """The desk is open: no bar over it."""
