"""The desk's page and its wiring. Gradio is imported here and nowhere else; all state stays on the server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import: it is read there

import gradio as gr
from starlette.middleware import Middleware

from ui.desk.desk import SIDE, DeskModel
from ui.desk.head import Titled
from ui.desk.port import taken
from ui.desk.session import DeskRuntime
from ui.desk.texts import Language, say

_HERE = Path(__file__).parent
_JS = (_HERE / "desk.js").read_text(encoding="utf-8")
_LIGHT = "() => { document.body.classList.remove('dark'); }"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
STREAMS = 4
"""Answers that may be on their way at once, over all open pages; the local model takes them one by one anyway."""


@dataclass
class Desk:
    """A running desk."""

    blocks: Any
    host: str
    port: int

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return f"http://{'127.0.0.1' if self.host == 'localhost' else self.host}:{self.port}/"

    def close(self) -> None:
        """Stop serving and free the port."""
        self.blocks.close(verbose=False)


def serve(
    runtime: DeskRuntime, *, host: str, port: int, open_browser: bool = False, block: bool = True,
    language: Language | None = None, before: Callable[[], None] | None = None,
) -> Desk:  # fmt: skip
    """Serve the desk at an address of this machine; see `ui.desk.launch`, which has checked it."""
    _no_proxy(host)
    model = DeskModel(runtime, language)
    title = f"{runtime.shop.settings.shop.name} · {say(model.language, 'product')}"
    blocks = build(model, title)
    blocks.queue(default_concurrency_limit=16, max_size=64, api_open=False)
    if before is not None:
        before()
    try:
        blocks.launch(
            server_name=host, server_port=port, inbrowser=open_browser, prevent_thread_lock=True, quiet=True, share=False,
            show_error=False, run_history=False, enable_monitoring=False, ssr_mode=False, pwa=False, mcp_server=False, footer_links=[],
            theme=_theme(), app_kwargs={"middleware": [Middleware(Titled, title=title)]}, css_paths=_HERE / "style.css", js=_LIGHT, max_threads=24, state_session_capacity=200,
        )  # fmt: skip
    except OSError as error:
        raise taken(host, port, error) from error
    model.preload()  # after the page is there: loading beside it would have made both later
    desk = Desk(blocks, host, port)
    if block:
        blocks.block_thread()
    return desk


def _no_proxy(host: str) -> None:
    """Gradio asks its own page once at the start; a proxy from the environment must not get that request."""
    for name in ("NO_PROXY", "no_proxy"):
        kept = [one for one in os.environ.get(name, "").split(",") if one]
        os.environ[name] = ",".join(dict.fromkeys([*kept, "127.0.0.1", "localhost", host]))


def _theme() -> Any:
    fonts = ("system-ui", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Consolas", "Noto Sans Mono", "monospace")
    # plain names only: a theme's web fonts would be asked from an outside host
    return gr.themes.Base(
        font=[gr.themes.Font(one) for one in fonts], font_mono=[gr.themes.Font(one) for one in mono],
        primary_hue="cyan", neutral_hue="slate", radius_size="sm",
    )  # fmt: skip


def build(model: DeskModel, title: str = "huaxiang") -> Any:
    """The page: header, customers, conversation, card, drawer; and which event changes which part."""
    lang = model.language
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as page:
        parts: dict[str, Any] = {"header": _html("hx-header")}
        with gr.Row(elem_id="hx-cols", equal_height=False):
            with gr.Column(elem_id="hx-left", min_width=0):
                parts["search"] = gr.Textbox(
                    placeholder=say(lang, "people.search"),
                    show_label=False,
                    container=False,
                    elem_id="hx-search",
                    max_lines=1,
                )
                parts["people"] = _html("hx-list")
            with gr.Column(elem_id="hx-centre", min_width=0):
                parts["chat"] = _html("hx-chat")
                parts["hint"] = _html("hx-hint")
                with gr.Row(elem_id="hx-composer"):
                    parts["question"] = gr.Textbox(
                        placeholder=say(lang, "chat.placeholder"), show_label=False, container=False, elem_id="hx-question",
                        lines=1, max_lines=5, scale=1, autofocus=True,
                    )  # fmt: skip
                    parts["ask"] = gr.Button(
                        say(lang, "chat.ask"), elem_id="hx-ask", variant="primary", min_width=0, scale=0
                    )
                    parts["stop"] = gr.Button(
                        say(lang, "chat.stop"), elem_id="hx-stop", min_width=0, scale=0, visible=False
                    )
            with gr.Column(elem_id="hx-right", min_width=0):
                parts["person"] = _html("hx-person")
                parts["reading"] = _html("hx-reading")
                with gr.Tabs(elem_id="hx-tabs", visible=False) as parts["tabs"]:
                    with gr.Tab(say(lang, "tab.profile"), id="profile") as parts["tab_profile"]:
                        parts["profile"] = _html("hx-profile")
                    with gr.Tab(say(lang, "tab.timeline"), id="timeline") as parts["tab_timeline"]:
                        parts["timeline"] = _html("hx-timeline")
                    with gr.Tab(say(lang, "tab.charts"), id="charts") as parts["tab_charts"]:
                        for name in ("sentiment", "categories", "spend"):
                            parts[f"{name}_title"] = gr.HTML(visible=False, elem_classes="hx-plottitle")
                            parts[name] = gr.Plot(
                                show_label=False, visible=False, elem_id=f"hx-{name}", elem_classes="hx-plot"
                            )
                        parts["charts_note"] = _html("hx-chartsnote")
        parts["drawer"] = _html("hx-drawer")
        parts["overview"] = _html("hx-overview")
        parts["tick"] = gr.Timer(2.0, active=True)
        _wire(page, model, parts)
    return page


def _html(elem_id: str) -> Any:
    return gr.HTML("", elem_id=elem_id, js_on_load=_JS, apply_default_css=False)


def _updates(parts: dict[str, Any], changes: dict[str, Any]) -> Any:
    """The model's plain changes as Gradio updates: a string is a value, a dict is `gr.update(**dict)`."""
    if not changes:
        return gr.skip()
    return {
        parts[name]: gr.update(**change) if isinstance(change, dict) else change for name, change in changes.items()
    }


def _wire(page: Any, model: DeskModel, parts: dict[str, Any]) -> None:
    """Every listener: a plain method of the model, given the page's session and what was clicked."""
    all_parts = list(parts.values())

    def page_of(request: gr.Request) -> Any:
        return model.sessions.of(request.session_hash)

    def on_load(request: gr.Request) -> Any:
        return _updates(parts, model.everything(page_of(request)))

    def on_tick(request: gr.Request) -> Any:
        return _updates(parts, model.tick(page_of(request)))

    def on_search(query: str, request: gr.Request) -> Any:
        return _updates(parts, model.search(page_of(request), query))

    def on_click(event: gr.EventData, request: gr.Request) -> Any:
        return _updates(parts, model.click(page_of(request), dict(event._data or {})))

    def on_charts(request: gr.Request) -> Any:
        return _updates(parts, model.charts(page_of(request)))

    def on_ask(question: str, request: gr.Request) -> Iterator[Any]:
        for changes in model.ask(page_of(request), question):
            yield _updates(parts, changes)

    def on_suggest(event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        for changes in model.ask(page_of(request), str(event._data.get("q", ""))):
            yield _updates(parts, changes)

    def on_stop(request: gr.Request) -> Any:
        return _updates(parts, model.stop(page_of(request)))

    def on_unload(request: gr.Request) -> None:
        model.sessions.drop(request.session_hash)

    charts_parts = [parts[name] for name in SIDE["charts"]]
    page.load(on_load, None, all_parts, **_QUIET).then(on_charts, None, charts_parts, **_QUIET)
    page.unload(on_unload)
    ticking = [parts[name] for name in ("header", "hint", "tick", "reading", "profile")]
    parts["tick"].tick(on_tick, None, ticking, **_QUIET)
    parts["search"].change(on_search, parts["search"], [parts["people"]], trigger_mode="always_last", **_QUIET)
    ask: dict[str, Any] = {"concurrency_limit": STREAMS, "concurrency_id": "ask", **_QUIET}
    gr.on([parts["question"].submit, parts["ask"].click], on_ask, parts["question"], all_parts, **ask).then(
        on_charts, None, charts_parts, **_QUIET
    )
    parts["chat"].suggest(on_suggest, None, all_parts, **ask).then(on_charts, None, charts_parts, **_QUIET)
    parts["stop"].click(on_stop, None, all_parts, **_QUIET)
    _wire_overview(model, parts, page_of)
    for name in ("chat", "people", "person", "profile", "timeline", "overview"):
        parts[name].record(on_click, None, [parts["drawer"]], **_QUIET)
    parts["drawer"].close(on_click, None, [parts["drawer"]], **_QUIET)
    for name in ("people", "chat", "overview"):
        parts[name].pick(on_click, None, all_parts, **_QUIET).then(on_charts, None, charts_parts, **_QUIET)
    for name in ("thumb", "remark"):
        getattr(parts["chat"], name)(on_click, None, [parts["chat"]], **_QUIET)
    for name in ("lang", "fresh"):
        getattr(parts["header"], name)(on_click, None, all_parts, **_QUIET).then(
            on_charts, None, charts_parts, **_QUIET
        )


def _wire_overview(model: DeskModel, parts: dict[str, Any], page_of: Callable[[gr.Request], Any]) -> None:
    """Listeners of the overview; its names and sources are wired with those of the other parts."""

    def on_overview(request: gr.Request) -> Iterator[Any]:
        for changes in model.open_overview(page_of(request)):
            yield _updates(parts, changes)

    def on_group(event: gr.EventData, request: gr.Request) -> Any:
        return _updates(parts, model.show_group(page_of(request), str(event._data.get("key", ""))))

    def on_close(request: gr.Request) -> Any:
        return _updates(parts, model.close_overview(page_of(request)))

    for name in ("header", "person"):
        parts[name].overview(on_overview, None, [parts["overview"], parts["drawer"]], **_QUIET)
    parts["overview"].group(on_group, None, [parts["overview"]], **_QUIET)
    parts["overview"].close(on_close, None, [parts["overview"]], **_QUIET)
