"""Small pieces of HTML. Whatever came from data goes through `esc` exactly once."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from huaxiang.schema.trait import Citation
from ui.desk.texts import Language, say


def esc(value: object) -> str:
    """Text made safe for HTML content and attributes."""
    return html.escape(str(value), quote=True)


def marked(text: str, start: int, end: int) -> str:
    """The whole text, escaped, with the span between the offsets highlighted; line breaks kept by CSS."""
    if not 0 <= start < end <= len(text):
        return esc(text)
    return f"{esc(text[:start])}<mark>{esc(text[start:end])}</mark>{esc(text[end:])}"


def empty(title: str, text: str = "") -> str:
    """A deliberate empty state."""
    more = f"<p>{esc(text)}</p>" if text else ""
    return f'<div class="hx-empty"><b>{esc(title)}</b>{more}</div>'


def cite(
    number: int, evidence_id: str, *, turn: int | None = None, span: Citation | None = None, label: str = ""
) -> str:
    """A numbered citation that opens its record."""
    where = f' data-turn="{turn}"' if turn is not None else ""
    if span is not None:
        where += f' data-start="{span.start}" data-end="{span.end}" data-quote="{esc(span.quote)}"'
    return (
        f'<button type="button" class="hx-cite" data-do="record" data-id="{esc(evidence_id)}"{where}'
        f' title="{esc(label or evidence_id)}" aria-label="{esc(label or "source")} {number}">{number}</button>'
    )


def rows(pairs: Iterable[tuple[str, str | None]]) -> str:
    """A definition list of label and already escaped value; rows without a value are left out."""
    body = "".join(f"<dt>{esc(label)}</dt><dd>{value}</dd>" for label, value in pairs if value)
    return f'<dl class="hx-rows">{body}</dl>' if body else ""


def fold(key: str, head: str, body: str, *, opened: bool = False, css: str = "") -> str:
    """A foldable part; `key` lets the page keep it open while the answer streams. Head and body are HTML."""
    state = " open" if opened else ""
    return f'<details class="hx-fold {css}" data-key="{esc(key)}"{state}><summary>{head}</summary>{body}</details>'


def initials(name: str) -> str:
    """One or two letters for the round badge: the family name in Chinese, initials elsewhere."""
    words = [word for word in name.replace("_", " ").split() if word]
    if not words:
        return "·"
    if ord(words[0][0]) > 0x2E80:
        return words[0][0]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def flags(language: Language, values: Sequence[str]) -> str:
    """Flags of an event as small tags."""
    from ui.desk.texts import TEXTS

    names = [say(language, f"flag.{one}") if f"flag.{one}" in TEXTS else one for one in values]
    return " ".join(f'<span class="hx-tag">{esc(name)}</span>' for name in names)
