"""`huaxiang desk`: the chat desk in the browser, on this machine only."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import ConfigError
from ui.cli import output
from ui.cli.common import LlmChoice, LlmOption, ShopOption, find_shop, settings_of
from ui.cli.runtime import open_runtime

if TYPE_CHECKING:
    from agent.runtime import Runtime


def desk(
    shop: ShopOption = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default: 7860; 0 takes a free one.")] = None,
    host: Annotated[
        str | None, typer.Option(help="Default: 127.0.0.1. Only addresses of this machine: there is no login.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    llm: LlmOption = None,
) -> None:
    """Open the desk: the chat, and beside it the customer's card, timeline and plots. Ctrl-C ends it.

    \b
    Examples:
      huaxiang desk --shop myshop
      huaxiang desk --shop myshop --port 8000 --llm none
    """
    at_host, at_port = address(find_shop(shop), host, port)
    with open_runtime(shop, llm, wait=False) as runtime:
        serve(runtime, at_host, at_port, open_browser=open_browser)


def address(folder: Path, host: str | None, port: int | None, llm: LlmChoice | None = None) -> tuple[str, int]:
    """Where the desk will listen, free to do so.

    Raises:
        ConfigError: another program listens there (`port-in-use`), or the address is not this machine's.
    """
    from huaxiang import config

    found = config.load(folder, settings_of(desk__host=host, desk__port=port, llm__kind=llm)).settings.desk
    check_free(found.host, found.port)
    return found.host, found.port


def check_free(host: str, port: int) -> None:
    """Make sure nobody listens at this address yet (see `address`)."""
    if port == 0:
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"the desk cannot listen at {host}:{port} ({error.strerror})",
                hint=f"stop the program that does, or choose another: --port {port + 1 if port < 65535 else 7860}", code="port-in-use",
            ) from error  # fmt: skip


def serve(runtime: Runtime, host: str, port: int, *, open_browser: bool = False) -> None:
    """Serve until Ctrl-C, which is how a desk is meant to end."""
    from ui.desk import launch

    output.note(f"the desk opens at http://{host}:{port or '(a free port)'} — Ctrl-C ends it")
    try:
        launch(runtime, host=host, port=port, open_browser=open_browser)
    except KeyboardInterrupt:
        output.note("the desk is closed")
