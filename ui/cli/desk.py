"""`huaxiang desk`: the chat desk in the browser, on this machine only."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli import arrival, output
from ui.cli.common import LlmChoice, LlmOption, PurposeOption, RoleOption, ShopOption, find_shop, settings_of
from ui.cli.runtime import open_runtime

if TYPE_CHECKING:
    from agent.runtime import Runtime
    from ui.desk.opening import Opening


def desk(
    shop: ShopOption = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default: 7860; 0 takes a free one.")] = None,
    host: Annotated[
        str | None, typer.Option(help="Default: 127.0.0.1. Only addresses of this machine: there is no login.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    llm: LlmOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
) -> None:
    """Open the desk: the chat, and beside it the customer's card, timeline and plots. Ctrl-C ends it.

    It opens at once; models that are not on this machine are fetched beside it, and answers go by rules until then.
    The page begins in the language of --language, else of `[desk] language` in shop.toml.

    \b
    Examples:
      huaxiang desk --shop myshop
      huaxiang desk --shop myshop --port 8000 --llm none
      huaxiang desk --shop myshop --language en
    """
    from ui.desk.opening import Opening

    with (
        Opening(*address(find_shop(shop), host, port)) as first,
        open_runtime(shop, llm, wait=False, role=role, purpose=purpose) as runtime,
        arrival.arriving(runtime, arrival.start(runtime.shop.settings)),
    ):
        serve(runtime, first, open_browser=open_browser)


def address(folder: Path, host: str | None, port: int | None, llm: LlmChoice | None = None) -> tuple[str, int]:
    """Where the desk will listen, free to do so.

    Raises:
        ConfigError: another program listens there (`port-in-use`), or the address is not this machine's.
    """
    from huaxiang import config
    from ui.desk.port import free_port

    found = config.load(folder, settings_of(desk__host=host, desk__port=port, llm__kind=llm)).settings.desk
    if found.port:
        free_port(found.host, found.port)
    return found.host, found.port


def serve(runtime: Runtime, first: Opening, *, open_browser: bool = False) -> None:
    """Serve until Ctrl-C, which is how a desk is meant to end; `first` holds the port and says so until the desk is there."""
    from ui.desk import launch
    from ui.desk.texts import LANGUAGES

    url = f"http://{'127.0.0.1' if first.host == 'localhost' else first.host}:{first.port}/"
    output.note(output.both(f"正在打开工作台……{url}", f"opening the desk … {url}"))
    stopped = threading.Event()
    try:
        said = output.chosen_language()
        language = LANGUAGES[LANGUAGES.index(said)] if said in LANGUAGES else None
        desk = launch(
            runtime, host=first.host, port=first.port, open_browser=open_browser, block=False, language=language, before=first.close
        )  # fmt: skip
        output.note(
            output.both(f"工作台已打开：{desk.url} ，Ctrl-C 结束", f"the desk is open at {desk.url} — Ctrl-C ends it")
        )
        # The model's library takes over Ctrl-C when it has loaded, which may be after the desk has opened.
        while not stopped.wait(1):
            signal.signal(signal.SIGINT, signal.default_int_handler)
    except KeyboardInterrupt:
        output.note(output.both("工作台已关闭", "the desk is closed"))
