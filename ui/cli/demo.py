"""`huaxiang demo`: what `make run` calls. The sample shop, one Chinese and one English question, then the desk."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import DataError, HuaxiangError
from ui.cli import answers, arrival, background, init, output, prepare, progress
from ui.cli import desk as desk_verb
from ui.cli.common import LlmOption
from ui.cli.runtime import start_model

if TYPE_CHECKING:
    from agent.runtime import Runtime
    from ui.desk.opening import Opening

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
QUESTIONS = ("李静穿多大码的衣服？", "What does Megan Whitfield complain about?")
_SHOP = {"name": "山海集 Shanhai", "timezone": "Asia/Shanghai", "today": date(2026, 6, 30)}
_MODEL_SECONDS = 600.0
"""Without a desk, how long to wait for the language model before leaving it at the answers by rules."""


def demo(
    shop: Annotated[Path, typer.Option("--shop", metavar="DIR", help="Where the sample shop is made.")] = Path(
        ".huaxiang/sample"
    ),
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The desk's port. Default: 7860.")] = None,
    llm: LlmOption = None,
) -> None:
    """Make the sample shop, answer one Chinese and one English question, then open the desk.

    Models are fetched beside it, once; until the language model is there, answers go by rules. HUAXIANG_NO_DESK=1 ends
    after the answers (and waits for the model first, at most ten minutes). A second start takes seconds.

    \b
    Examples:
      huaxiang demo
      HUAXIANG_NO_DESK=1 huaxiang demo --llm none
    """
    from ui.desk.opening import Opening

    began = time.monotonic()
    with_desk = os.environ.get("HUAXIANG_NO_DESK", "").strip() in ("", "0")
    make_shop(shop)
    first = Opening(*desk_verb.address(shop, None, port)) if with_desk else None
    fetching = _start_fetching(shop, llm)
    try:
        _fill(shop)
        if fetching is not None:
            _encoder(fetching)
        _answer_and_open(shop, llm, fetching, first, began)
    finally:
        if first is not None:
            first.close()
        if fetching is not None:
            fetching.stop()


def make_shop(folder: Path) -> None:
    """The sample shop, empty; one that is there stays as it is."""
    if not SAMPLE.is_dir():
        raise DataError(
            f"the sample folder {str(SAMPLE)!r} is missing", hint="run from a whole checkout", code="no-sample"
        )
    if init.make(folder, dict(_SHOP), quiet=True):
        output.note(output.both(f"已建好示例店铺：{folder}", f"made the sample shop at {folder}"))


def sample_files() -> list[Path]:
    """The sample's tables: not the gold (only evaluation reads it), not the list of brand spellings."""
    return sorted(one for one in SAMPLE.iterdir() if one.suffix in (".csv", ".jsonl") and one.name != "brands.csv")


def _fill(folder: Path) -> None:
    """Import the sample: again and again, since that changes nothing and mends an import that was stopped."""
    from huaxiang.ingest.importer import import_paths
    from huaxiang.store.shop import Shop

    shop = Shop.open(folder)
    behind = prepare.mark(shop)
    with progress.bar("reading the sample", unit="bytes") as tell:
        report = import_paths(shop, sample_files(), progress=tell)
    if report.customer_ids or behind:
        done = prepare.derive(shop, None)
        total = report.total
        rows = output.both(
            f"导入 {total.kept} 行（共 {total.read} 行）；", f"imported {total.kept} rows of {total.read}; "
        )
        output.note(rows + prepare.derived_text(done))
    else:
        prepare.unmark(shop)
    shop.close()


def _start_fetching(folder: Path, llm: str | None) -> background.Fetching | None:
    from huaxiang import config

    return arrival.start(config.load(folder, {"llm.kind": llm}).settings)


def _encoder(fetching: background.Fetching) -> None:
    from huaxiang.models.cards import ENCODER

    if ENCODER not in fetching.names:
        return
    with progress.bar("text encoder", unit="bytes") as tell:
        ready = fetching.wait_for(ENCODER, tell)
    if not ready:
        words = output.both("注意：没有文本编码器，按字词搜索", "note: no text encoder, search goes by words")
        output.note(f"{words} ({fetching.problem()})")


def _index(runtime: Runtime) -> None:
    """Bring the index in step; where nothing is new this costs three counts and loads nothing."""
    try:
        if not _in_step(runtime):
            output.note(prepare.index_text(prepare.embed(runtime.index)))
    except HuaxiangError as error:  # another desk may own the index: answers do not need it
        output.note(output.both("注意：索引没有更新：", "note: the index was not brought up to date: ") + str(error))


def _in_step(runtime: Runtime) -> bool:
    """Whether every text is in the word index and has a vector of the encoder that will be used."""
    import sqlalchemy as sa

    from huaxiang.models.cards import ENCODER
    from huaxiang.models.encoder import HASH
    from huaxiang.store import lexical
    from huaxiang.store import tables as t
    from vectorstore import vectors

    shop = runtime.shop
    named = shop.settings.encoder.name
    encoder = named if named != "auto" else ENCODER if background.progress_of(ENCODER)[2] else HASH
    with shop.engine.connect() as connection:
        texts = connection.scalar(sa.select(sa.func.count()).select_from(t.evidence))
        words = lexical.count(connection)
    made = any((shop.folder / "index").glob("*"))
    return made and texts == words == vectors.counts(shop).get(encoder, 0)


def _answer_and_open(
    folder: Path, llm: str | None, fetching: background.Fetching | None, first: Opening | None, began: float
) -> None:
    from agent.runtime import Runtime
    from huaxiang.models.cards import LLM

    with Runtime.open(folder, overrides={"llm.kind": llm}) as runtime:
        coming = fetching is not None and LLM in fetching.names and not background.progress_of(LLM)[2]
        if not coming:
            runtime.start_llm(wait=False, warm=())  # it loads while the index is looked at
        _index(runtime)
        if not coming:
            start_model(runtime)
        _ask_both(runtime, began)
        if first is None:
            if coming and fetching is not None and _model_came(runtime, fetching):
                _ask_both(runtime, began)
            output.note(output.both("\n接下来：\n", "\nnext:\n") + commands(folder, "desk"))
            return
        elsewhere = output.both("\n在另一个终端，仍在这个文件夹：\n", "\nin another terminal, in this folder:\n")
        output.note(elsewhere + commands(folder, "doctor"))
        with arrival.arriving(runtime, fetching):
            desk_verb.serve(runtime, first)


def commands(folder: Path, verb: str) -> str:
    """What to type next, as it works in a new terminal in this folder: the environment first, then two verbs."""
    shop = f"--shop {shlex.quote(str(folder))}"
    lines = [f'huaxiang ask "{QUESTIONS[1]}" {shop}', f"huaxiang {verb} {shop}"]
    activate = Path(sys.prefix) / "bin" / "activate"
    if activate.is_file():
        with contextlib.suppress(ValueError):  # elsewhere than below this folder: the whole path
            activate = activate.relative_to(Path.cwd())
        lines.insert(0, f". {shlex.quote(str(activate))}")
    return "\n".join(f"  {one}" for one in lines)


def _ask_both(runtime: Runtime, began: float) -> None:
    for question in QUESTIONS:
        output.say(f"\n❯ {question}")
        answer = answers.stream(runtime, question, quiet=("llm-loading",))
        if answer.llm.calls:
            how = output.both(f"由 {answer.llm.model} 挑选", f"chosen by {answer.llm.model}")
        else:
            how = (
                output.both("只有一种答法，没有用模型", "no choice to make, no model asked")
                if runtime.llm is not None
                else output.both("按规则回答，没有语言模型", "by rules, without a language model")
            )
        spent = time.monotonic() - began
        output.note(
            output.both(
                f"（{how}；{answer.seconds:.1f} 秒；开始后 {spent:.0f} 秒）",
                f"({how}; {answer.seconds:.1f} s; {spent:.0f} s after the start)",
            )
        )


def _model_came(runtime: Runtime, fetching: background.Fetching) -> bool:
    from huaxiang.models.cards import LLM

    output.note(
        output.both(
            "\n语言模型还在下载，等它就绪（Ctrl-C 结束；已下载的会保留）……",
            "\nthe language model is still being fetched; waiting for it (Ctrl-C ends; what came is kept) …",
        )
    )
    with progress.bar("language model", unit="bytes") as tell:
        ready = fetching.wait_for(LLM, tell, seconds=_MODEL_SECONDS)
    if not ready:
        yet = output.both("注意：还没有语言模型；继续下载：", "note: no language model yet; to go on: ")
        output.note(f"{yet}huaxiang models fetch {LLM} {fetching.problem()}".rstrip())
        return False
    runtime.prepare_llm()
    start_model(runtime)
    return runtime.llm is not None
