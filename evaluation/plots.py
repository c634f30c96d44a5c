"""Small plots as inline SVG: no script, no file beside the page, readable in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, ROW, LABEL, RIGHT = 720, 24, 230, 90
INK, BAR, LINE = "#1d2733", "#4f7cac", "#9aa5b1"


def bars(rows: Sequence[tuple[str, float, float, float]], *, top: float = 1.0, title: str) -> str:
    """Horizontal bars with their intervals.

    Args:
        rows: `(label, value, low, high)`, values from 0 to `top`.
        top: the value at the right end.
        title: read out by screen readers and shown above.
    """
    height = ROW * len(rows) + 34
    room = WIDTH - LABEL - RIGHT
    parts = [_open(height, title), f'<text x="0" y="14" class="t">{escape(title)}</text>']
    for number, (label, value, low, high) in enumerate(rows):
        y = 28 + ROW * number
        scale = room / top if top else 0.0
        middle = y + ROW / 2 - 3
        parts.append(f'<text x="{LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(_short(label))}</text>')
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{value * scale:.1f}" height="{ROW - 8}" fill="{BAR}"/>')
        x1, x2 = LABEL + low * scale, LABEL + high * scale
        parts.append(
            f'<path d="M{x1:.1f} {middle:.1f}H{x2:.1f}M{x1:.1f} {middle - 4:.1f}v8M{x2:.1f} {middle - 4:.1f}v8" stroke="{INK}"/>'
        )
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{middle + 4:.1f}">{value:.3f}</text>')
    return "".join([*parts, "</svg>"])


def cumulative(values: Sequence[float], *, unit: str, title: str) -> str:
    """Which share of cases took at most so long: a step curve with the median and the 95th percentile marked."""
    ordered = sorted(values)
    if not ordered:
        return ""
    height, left, bottom = 220, 50, 180
    room, top = WIDTH - left - 30, max(ordered[-1], 1e-9)
    place = [
        (left + room * one / top, bottom - (bottom - 34) * (n + 1) / len(ordered)) for n, one in enumerate(ordered)
    ]
    path = f"M{left} {bottom}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in place)
    parts = [_open(height, title), f'<text x="0" y="14" class="t">{escape(title)}</text>']
    parts.append(f'<path d="M{left} 30V{bottom}H{WIDTH - 30}" stroke="{LINE}" fill="none"/>')
    parts.append(f'<path d="{path}" stroke="{BAR}" stroke-width="2" fill="none"/>')
    for share in (0.5, 0.95):
        value = ordered[min(len(ordered) - 1, int(share * len(ordered)))]
        x = left + room * value / top
        parts.append(f'<path d="M{x:.1f} 30V{bottom}" stroke="{INK}" stroke-dasharray="3 3"/>')
        parts.append(
            f'<text x="{x + 4:.1f}" y="{44 if share > 0.5 else 60}">p{share * 100:.0f} {value:.3g} {escape(unit)}</text>'
        )
    parts.append(f'<text x="{left}" y="{bottom + 18}">0</text>')
    parts.append(f'<text x="{WIDTH - 30}" y="{bottom + 18}" text-anchor="end">{top:.3g} {escape(unit)}</text>')
    parts += [
        f'<text x="{left - 6}" y="{bottom}" text-anchor="end">0</text>',
        f'<text x="{left - 6}" y="40" text-anchor="end">1</text>',
    ]
    return "".join([*parts, "</svg>"])


def _open(height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="system-ui,sans-serif" font-size="12" fill="{INK}">'
        "<style>.t{font-weight:600}</style>"
    )


def _short(label: str) -> str:
    return label if len(label) <= 34 else label[:33] + "…"
