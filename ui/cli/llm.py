"""`huaxiang llm bench`: how fast the language model is here, whichever backend runs it."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, LlmOption, ShopOption, find_shop, settings_of

_PATIENCE = 600.0
"""Seconds a call may take: a busy machine is to be measured, not given up."""
_ROWS = (
    ("tokens_per_second_in", ("每秒读入 token", "tokens a second in"), "{:.1f}"),
    ("tokens_per_second_out", ("每秒写出 token", "tokens a second out"), "{:.1f}"),
    ("first_token_seconds", ("首个 token，新提示（秒）", "first token, new prompt (s)"), "{:.2f}"),
    ("first_token_cached_seconds", ("首个 token，问过的提示（秒）", "first token, prompt asked before (s)"), "{:.2f}"),
    ("cache_share", ("其中来自缓存的比例", "share of that prompt from the cache"), "{:.2f}"),
    ("choice_seconds", ("四选一（秒）", "one choice among four statements (s)"), "{:.2f}"),
    ("choice_new_tokens", ("一次选择中不在缓存的 token", "prompt tokens not in the cache, a choice"), "{:.0f}"),
)


def bench(
    shop: ShopOption = None,
    llm: LlmOption = None,
    repeat: Annotated[int, typer.Option(min=1, max=50, help="Measure each part so often.")] = 3,
    parallel: Annotated[int, typer.Option(min=1, max=32, help="Also ask from so many threads at once.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure the language model: tokens a second in and out, time to first token, what its prefix cache saves.

    Works alike for every backend of [llm] kind. A shop is read for its settings only; none is needed.

    \b
    Examples:
      huaxiang llm bench
      huaxiang llm bench --parallel 4 --json
      HUAXIANG_LLM__BASE_URL=http://127.0.0.1:11434/v1 HUAXIANG_LLM__MODEL=qwen2.5:7b huaxiang llm bench --llm openai
    """
    import time

    from agent.llm.bench import bench as measure
    from agent.llm.make import make_llm
    from huaxiang import config
    from huaxiang.errors import ConfigError

    folder = _folder(shop)
    settings = config.load(folder, settings_of(llm__kind=llm, llm__timeout_seconds=_PATIENCE)).settings
    model = make_llm(settings, folder)
    if model is None:
        raise ConfigError(
            "rule mode has no language model to measure", hint="--llm local, openai or hf", code="llm-none"
        )
    try:
        with progress.bar("llm bench", quiet=as_json) as tell:
            report = measure(model, repeat=repeat, parallel=parallel, seed=time.time_ns(), progress=tell)
    finally:
        model.close()
    found = {"kind": settings.llm.kind, **{key: _plain(value) for key, value in report.items()}}
    if as_json:
        output.emit(found)
    else:
        _show(found)


def _folder(option: Path | None) -> Path | None:
    """The shop whose settings are read; None where none was named and there is none here."""
    from huaxiang.errors import StoreError

    try:
        return find_shop(option)
    except StoreError:
        if option is not None:
            raise
        return None


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _show(found: dict[str, Any]) -> None:
    both, seconds = output.both, found["load_seconds"]
    loaded = "" if seconds is None else both(f"，加载用 {seconds:.1f} 秒", f", loaded in {seconds:.1f} s")
    output.say(
        both(
            f"{found['model']}（{found['kind']}）{loaded}；{found['repeat']} 次的中位数，最小到最大",
            f"{found['model']} ({found['kind']}){loaded}; median of {found['repeat']}, least to greatest",
        )
    )
    rows = []
    for key, name, form in _ROWS:
        one = found[key]
        rows.append((both(*name), form.format(one["median"]), f"{form.format(one['least'])} {both('到', 'to')} {form.format(one['greatest'])}")
                    if one else (both(*name), "–", both("端点没有计数", "not counted by the endpoint")))  # fmt: skip
    output.say(output.table(rows, ["", *both("中位数 范围", "median spread").split()], right=(1,)))
    if "parallel" in found:
        one = found["parallel"]
        output.say(
            both(
                f"{one['threads']} 个线程同时：{one['choices']} 次选择 {one['seconds_at_once']:.1f} 秒，依次 "
                f"{one['seconds_in_order']:.1f} 秒；最慢线程是最快的 {one['slowest_over_fastest']:.2f} 倍",
                f"{one['threads']} threads at once: {one['choices']} choices in {one['seconds_at_once']:.1f} s, in order "
                f"{one['seconds_in_order']:.1f} s; slowest thread over fastest {one['slowest_over_fastest']:.2f}",
            )
        )


VERBS: dict[str, Any] = {"bench": bench}
