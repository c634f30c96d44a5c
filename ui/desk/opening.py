"""The port answers at once: a small page says that the desk is opening, until the real one takes its place.

What the desk is made of takes seconds to load. Meanwhile this page, which needs nothing but the standard library, asks
the port once a second and goes over to the desk as soon as it is there.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from ui.desk.port import free_port, taken

MARK = "X-Huaxiang-Opening"
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>画像 huaxiang</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1e293b;
background:#f8fafc;display:grid;place-items:center;min-height:90vh;margin:0;padding:0 1rem;text-align:center}
h1{font-size:1.3rem;margin:.2rem}p{margin:.2rem;color:#475569}i{display:inline-block;width:1.4rem;height:1.4rem;border:3px solid
#bae6fd;border-top-color:#0891b2;border-radius:50%;animation:t 1s linear infinite}@keyframes t{to{transform:rotate(1turn)}}
</style></head><body><main><i></i><h1>工作台正在打开</h1><p>正在加载程序和模型，好了会自动显示。</p>
<h1 lang="en">The desk is opening</h1><p lang="en">Program and models are loading; this page goes on by itself.</p></main>
<script>setInterval(()=>fetch('/',{method:'HEAD',cache:'no-store'}).then(r=>{if(r.ok)location.reload()}).catch(()=>{}),1000)
</script></body></html>"""


class Opening:
    """The page, served from a thread until `close`; usable as a context."""

    def __init__(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            ConfigError: another program listens there (`port-in-use`), or the address is not this machine's.
        """
        free_port(host, port)
        kind = _Server6 if ":" in host else _Server
        try:
            self._server = kind((host, port), _Handler)
        except OSError as error:
            raise taken(host, port, error) from error
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="opening")
        self._thread.start()
        self._open = True

    def close(self) -> None:
        """Let go of the port; doing it twice changes nothing."""
        if self._open:
            self._open = False
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=5)

    def __enter__(self) -> Opening:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no news."""


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    timeout = 5

    def do_GET(self) -> None:
        """The page, as 503: whoever waits for the desk must not take it for one."""
        body = PAGE.encode()
        self.send_response(503)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
            ("Retry-After", "2"), ("Connection", "close"), (MARK, "1"),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is the operator's."""
