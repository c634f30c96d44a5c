"""Shops and questions made of a seed, of which every answer is known exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huaxiang.errors import DataError


def write_shop(kind: str, seed: int, folder: Path) -> tuple[dict[str, Any], list[Path]]:
    """Write a generated shop's tables; returns the shop's settings and the files to import.

    Raises:
        DataError: there is no such kind of shop.
    """
    from evaluation.generated import attacks, shop

    makers = {"questions": shop.make, "injection": attacks.shop}
    if kind not in makers:
        raise DataError(f"no generated shop of kind {kind!r}", hint=f"one of: {', '.join(makers)}")
    return {"timezone": "Asia/Shanghai", "today": shop.TODAY}, makers[kind](seed).write(folder)
