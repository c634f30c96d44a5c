"""The desk: a chat beside the customer's card, in the browser, on this machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.desk.app import Desk
    from ui.desk.session import DeskRuntime


def launch(
    runtime: DeskRuntime, *, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False, block: bool = True
) -> Desk:
    """Serve the desk for an open shop; see `ui.desk.app.launch`. Gradio is imported only here."""
    from ui.desk.app import launch as start

    return start(runtime, host=host, port=port, open_browser=open_browser, block=block)


__all__ = ["launch"]
