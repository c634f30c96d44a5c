"""The desk: a chat beside the customer's card, in the browser, on this machine only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.desk.app import Desk
    from ui.desk.session import DeskRuntime
    from ui.desk.texts import Language


def launch(
    runtime: DeskRuntime, *, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False, block: bool = True,
    language: Language | None = None, before: Callable[[], None] | None = None,
) -> Desk:  # fmt: skip
    """Serve the desk for an open shop; see `ui.desk.app.serve`. Gradio is imported only here, after the port is known.

    Args:
        runtime: an open shop that answers (`agent.runtime.Runtime`).
        host: a loopback address; the desk has no log-in, so no other is accepted.
        port: 1…65535, or 0 for any free one.
        open_browser: show the page in the default browser.
        block: wait until interrupted; otherwise return at once with the desk running.
        language: which one a page begins in; None: `[desk] language` of the shop.
        before: called when all is loaded and the port is needed: whoever keeps it lets go (`ui.desk.opening`).

    Raises:
        ConfigError: the port is taken (`port-in-use`), or the host is not this machine (`not-loopback`).
    """
    from ui.desk.port import free_port

    if before is None:
        port = free_port(host, port)
    from ui.desk.app import serve

    return serve(
        runtime, host=host, port=port, open_browser=open_browser, block=block, language=language, before=before
    )


__all__ = ["launch"]
