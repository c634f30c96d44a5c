"""`huaxiang text aspects`: what each line says of which aspect, with the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from huaxiang.errors import ConfigError
from ui.cli.common import ShopOption
from ui.cli.text import FileArgument, TierOption, stream, text_settings

if TYPE_CHECKING:
    from huaxiang.text.aspects_read import Tier

_BATCH = {"fast": 2048, "accurate": 64}


def aspects(file: FileArgument = None, tier: TierOption = None, shop: ShopOption = None) -> None:
    """Say of each line which aspects it judges, how, in which words: {aspects: [{aspect, term, label, polarity, …}]}.

    A line may also be a JSON object: {"text", "terms"} judges the given terms, {"turns"} reads a conversation and gives
    {quadruples, targets, aspects, opinions}; both need the encoder. Offsets are in characters, the end excluded.

    The accurate tier reads the first 4,000 characters of a line (2,000 Chinese ones) and leaves the rest to the fast one;
    accurate_until says where. Nothing is read beyond 100,000; read_until says so.

    \b
    Examples:
      echo 屏幕很清晰，但是电池不耐用 | huaxiang text aspects
      huaxiang text aspects reviews.txt --tier accurate
      echo '{"text": "Great screen, poor battery", "terms": ["battery"]}' | huaxiang text aspects
    """
    from huaxiang.text.aspects_lines import aspect_objects

    chosen: Tier = "accurate" if tier == "accurate" else "fast"
    if tier not in (None, "auto", "fast", "accurate"):
        raise ConfigError(f"--tier {tier!r} is neither fast, accurate nor auto", hint="auto is fast", code="usage")
    models = text_settings(shop).models
    done = 0

    def handle(texts: Sequence[str]) -> list[dict[str, Any]]:
        nonlocal done
        found = list(aspect_objects(texts, tier=chosen, models=models, first=done + 1))
        done += len(texts)
        return found

    stream(file, handle, batch=_BATCH[chosen], title="aspects")
