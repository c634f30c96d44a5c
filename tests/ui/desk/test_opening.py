"""What the port says before the desk is there, and the head of the page when it is. No Gradio is needed for either."""

from __future__ import annotations

import asyncio
import socket
import urllib.error
import urllib.request

import pytest

from huaxiang.errors import ConfigError
from ui.desk.head import Titled, titled
from ui.desk.opening import MARK, Opening


def get(port, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", method=method)
    with (
        pytest.raises(urllib.error.HTTPError) as refused,
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30),
    ):
        pass
    return refused.value


def test_the_port_answers_at_once_in_both_languages_but_never_as_if_the_desk_were_there():
    with Opening("127.0.0.1", 0) as first:
        said = get(first.port)
        page = said.read().decode()
        assert said.code == 503 and said.headers[MARK] == "1" and said.headers["Cache-Control"] == "no-store"
        assert "工作台正在打开" in page and "The desk is opening" in page and "http" not in page
        assert get(first.port, "HEAD").read() == b""


def test_the_port_is_free_for_the_desk_as_soon_as_the_page_is_closed():
    first = Opening("127.0.0.1", 0)
    get(first.port)
    with pytest.raises(ConfigError, match="already be running") as refused:
        Opening("127.0.0.1", first.port)
    assert refused.value.code == "port-in-use"
    first.close()
    first.close()
    with socket.socket() as desk:
        desk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the desk's own server does
        desk.bind(("127.0.0.1", first.port))


def test_no_address_of_another_machine_is_served():
    with pytest.raises(ConfigError, match="log-in"):
        Opening("0.0.0.0", 0)


PAGE = b'<!doctype html><head><meta charset="utf-8"><meta property="og:title" content="G"/><title></title></head>'


def test_the_head_gets_a_title_and_loses_the_frameworks_descriptions():
    made = titled(PAGE, "山海集 <1> · 画像").decode()
    assert made == '<!doctype html><head><title>山海集 &lt;1&gt; · 画像</title><meta charset="utf-8"></head>'


@pytest.mark.parametrize(
    ("path", "kind", "changed"),
    [("/", b"text/html", True), ("/", b"application/json", False), ("/file", b"text/html", False)],
)
def test_only_the_page_itself_is_changed_and_its_length_is_right(path, kind, changed):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": PAGE[:30], "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[30:]})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Titled(app, "t")({"type": "http", "path": path, "method": "GET"}, None, send))
    body = b"".join(one.get("body", b"") for one in sent)
    assert (b"<title>t</title>" in body) is changed
    lengths = [int(value) for name, value in sent[0]["headers"] if name == b"content-length"]
    assert lengths in ([], [len(body)])
