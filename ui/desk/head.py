"""The head of the desk's page as it is sent: a title of its own, and none of the framework's pictures and descriptions.

The framework names the page by a script once it runs; a bookmark, a saved page or a reader without scripts had no title.
"""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_OTHERS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*|<title>.*?</title>\s*', re.DOTALL)


class Titled:
    """ASGI middleware: the page at `/` gets the title; everything else passes as it is."""

    def __init__(self, app: Callable[[Any, Receive, Send], Awaitable[None]], title: str) -> None:
        self.app, self.title = app, title

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, and change the page on its way out."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = titled(bytes(body), self.title) if _is_plain_html(start) else bytes(body)
            kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            start["headers"] = [*kept, (b"content-length", str(len(page)).encode())]
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, changed)


def titled(page: bytes, title: str) -> bytes:
    """The page with this title at the top of its head."""
    without = _OTHERS.sub(b"", page)
    return without.replace(b"<head>", b"<head><title>" + html.escape(title).encode() + b"</title>", 1)


def _is_plain_html(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start["headers"]}
    return b"html" in headers.get(b"content-type", b"") and b"content-encoding" not in headers
