"""The desk in a real browser: ask, watch the answer stream, open a record, switch language; nothing leaves the machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from ui.desk import launch

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make install-dev)")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),  # Gradio and Chromium start slowly on a busy machine
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)"),
]


@pytest.fixture
def page(poisoned, runtime) -> Iterator[Any]:
    desk = launch(runtime, port=0, block=False)
    requested: list[str] = []
    try:
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
            opened = browser.new_page(viewport={"width": 1280, "height": 800})
            opened.set_default_timeout(90_000)
            opened.on("request", lambda request: requested.append(request.url))
            opened.goto(desk.url)
            opened.wait_for_selector(".hx-person")
            yield opened
            inside = (desk.url, "data:", "blob:")
            assert [url for url in requested if not url.startswith(inside)] == []
            browser.close()
    finally:
        desk.close()


def test_a_question_streams_an_answer_whose_citation_opens_the_record(page, runtime):
    page.locator("#hx-search input").fill("tom@")
    page.wait_for_function("document.querySelectorAll('.hx-person').length === 1")
    page.locator(".hx-person").click()
    page.locator(".hx-head h3", has_text="Tom Okafor").wait_for()
    runtime.goes_on.clear()
    page.locator("#hx-question textarea").fill("any complaints?")
    page.locator("#hx-question textarea").press("Enter")
    page.locator(".hx-card[open]").wait_for()
    assert page.locator("#hx-stop").is_visible() and not page.locator(".hx-foot").count()
    runtime.goes_on.set()
    page.locator(".hx-foot").wait_for()
    page.locator(".hx-text .hx-cite").first.click()
    page.locator(".hx-rec mark", has_text="The zipper b").wait_for()
    assert "2026-02-01" in page.locator(".hx-rec").inner_text()

    assert page.locator("#hx-ask").inner_text() == "发送"
    page.locator("[data-do=lang][data-lang=en]").click()
    page.wait_for_function("document.querySelector('#hx-ask').innerText === 'Ask'")
    page.locator(".hx-rec", has_text="Product").or_(page.locator(".hx-rec", has_text="The record")).wait_for()
    page.keyboard.press("Escape")
    page.locator(".hx-rec").wait_for(state="detached")

    page.locator("#hx-search input").fill("eve@")
    page.locator(".hx-person", has_text="<script>Eve").click()
    page.locator(".hx-head h3", has_text="<script>Eve").wait_for()
    page.locator("button[role=tab]", has_text="Timeline").last.click()
    page.locator("#hx-timeline li[data-kind=review] button").click()
    page.locator(".hx-rec .hx-full", has_text="<script>").first.wait_for()
    assert page.evaluate("window.pwned") is None
    assert page.locator(".hx-rec img, .hx-rec script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("footer:visible", has_text="Gradio").count() == 0

    page.set_viewport_size({"width": 390, "height": 844})
    for part in ("#hx-question", "#hx-list", "#hx-right"):
        box = page.locator(part).first.bounding_box()
        assert box is not None and box["x"] >= 0 and 200 < box["width"] <= 390 - box["x"], "a telephone shows it whole"
