"""Stated and inferred profile fields by the trained map and the language model, for `huaxiang profile build --llm`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huaxiang.errors import ModelError
from ui.cli import output, progress
from ui.cli.common import LlmChoice
from ui.cli.runtime import open_runtime

if TYPE_CHECKING:
    from agent.runtime import Runtime

_SUMS = (
    "texts",
    "cached",
    "calls",
    "facts",
    "unfound",
    "held",
    "proposed",
    "rejected",
    "prompt_tokens",
    "completion_tokens",
)


def extract(shop: Path | None, llm: LlmChoice, customer_ids: Sequence[str] | None, *, quiet: bool) -> dict[str, Any]:
    """Read what customers wrote with the model and return what came of it; says first how long it will take.

    Raises:
        ModelError: the model is not there or failed; what was read before is kept, and the next run goes on from there.
    """
    with open_runtime(shop, llm, quiet=quiet) as runtime:
        return read(runtime, customer_ids, quiet=quiet)


def read(runtime: Runtime, customer_ids: Sequence[str] | None, *, quiet: bool) -> dict[str, Any]:
    """The extraction itself, with a bar over customers."""
    from agent.profiles import profiler

    model, reader = runtime.llm, runtime.map_reader()
    if model is None and (reader is None or runtime.llm_state() != "none"):
        raise runtime.llm_problem or ModelError(
            "neither a language model nor the encoder is there", hint="see: huaxiang doctor", code="model-load"
        )
    name = output.both("训练好的映射", "the trained map") if model is None else model.name
    seconds = profiler.estimate_seconds(runtime.shop, model, customer_ids, mapped=reader is not None)
    if not quiet and seconds >= 1:
        about = duration(seconds)
        output.note(
            output.both(
                f"用 {name} 阅读：约 {about}；Ctrl-C 保留已完成的，下次接着做",
                f"reading with {name}: about {about}; Ctrl-C keeps what is done, the next run goes on",
            )
        )
    total = dict.fromkeys(_SUMS, 0)
    customers, began = 0, time.monotonic()
    with progress.bar("customers", quiet=quiet) as tell:
        for one in profiler.extract_all(
            runtime.shop, model, customer_ids, reader=reader, progress=lambda who, done, count: tell(done, count, who)
        ):
            customers += 1
            for figure in _SUMS:
                total[figure] += getattr(one, figure)
            for figure, number in zip(("held", "proposed", "rejected"), one.by_map, strict=True):
                total[figure] += number
    done = {
        "model": "map" if model is None else name,
        "customers": customers,
        **total,
        "seconds": round(time.monotonic() - began, 1),
    }
    if not quiet:
        spent = duration(time.monotonic() - began)
        output.say(
            output.both(
                f"{name} 读完：{customers} 位顾客，{total['texts']} 段文字（{total['cached']} 段以前读过）；"
                f"{total['held']} 个字段成立，{total['proposed']} 个待审核，{total['rejected']} 个被拒（{spent}）",
                f"read by {name}: {customers} customers, {total['texts']} texts ({total['cached']} read before); "
                f"{total['held']} fields held, {total['proposed']} wait for review, {total['rejected']} refused ({spent})",
            )
        )
    return done


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return output.both(f"{seconds:.0f} 秒", f"{seconds:.0f} s")
    if seconds < 5400:
        return output.both(f"{seconds / 60:.0f} 分钟", f"{seconds / 60:.0f} min")
    return output.both(f"{seconds / 3600:.1f} 小时", f"{seconds / 3600:.1f} h")
