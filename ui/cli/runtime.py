"""Opening a runtime for a verb that may ask a language model, and what to do when that model is not on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from huaxiang.errors import ModelError
from ui.cli import output, progress
from ui.cli.common import LlmChoice, check_actor, find_shop, settings_of

if TYPE_CHECKING:
    from agent.runtime import Runtime
    from huaxiang.config import Settings

FETCH = "huaxiang models fetch"


def open_runtime(
    shop: Path | None, llm: LlmChoice | None, *, quiet: bool = False, wait: bool = True, role: str | None = None, purpose: str | None = None
) -> Runtime:  # fmt: skip
    """Open the shop that is meant, with its language model ready (or being loaded, without `wait`).

    A local model whose file is absent is an error when `--llm local` asked for it, else a note and rule mode; without
    `wait` (the desk) the runtime itself finds it absent and says so in the page.

    Raises:
        ModelError: `--llm local` without the model's file, or with a wrong one.
        ConfigError: a role or purpose that no field knows; `--llm hf`, which is not built; `--llm openai` without an address.
        NoSuchShop, StoreError: see `find_shop` and `Shop.open`.
    """
    folder = find_shop(shop)
    overrides: dict[str, Any] = settings_of(llm__kind=llm, actor__role=role, actor__purpose=purpose)
    from huaxiang import config

    settings = config.load(folder, overrides).settings
    if settings.llm.kind == "local":
        problem = local_problem(settings, folder)
        if problem is not None and llm == "local":
            raise problem
        if problem is not None and wait:
            message = output.told(problem.message)
            output.note(
                output.both(
                    f"注意：没有语言模型，按规则回答（{message}）；要用模型：{FETCH}",
                    f"note: answering by rules, without a language model ({message}); to have one: {FETCH}",
                )
            )
            overrides["llm.kind"] = "none"
    from agent.runtime import Runtime

    runtime = Runtime.open(folder, overrides=overrides)
    check_actor(runtime.shop, role, purpose)
    start_model(runtime, wait=wait, quiet=quiet)
    return runtime


def start_model(runtime: Runtime, *, wait: bool = True, quiet: bool = False) -> None:
    """Start the runtime's model; one that will not start is a note, and answers go on by rules.

    Where somebody waits for the answer to one question, nothing is warmed up that this question may not need.
    """
    if not wait:
        runtime.start_llm(wait=False)
        return
    with progress.waiting(output.both("正在加载语言模型……", "loading the language model …"), quiet=quiet):
        state = runtime.start_llm(wait=True, warm=())
    if state in ("failed", "absent") and runtime.llm_problem is not None:
        output.note(
            output.both(
                f"注意：语言模型没有启动，按规则回答：{runtime.llm_problem}",
                f"note: answering by rules; the language model did not start: {runtime.llm_problem}",
            )
        )


def local_problem(settings: Settings, folder: Path) -> ModelError | None:
    """Why the local model of these settings cannot be used now; None when its file is there and right.

    A file that was checked before is not hashed again, so this takes milliseconds.
    """
    from agent.llm.make import local_file

    try:
        local_file(settings, folder)
    except ModelError as error:
        return error
    return None
