"""Bad input to every `huaxiang text` verb: what comes back, and how long it takes. `python benchmarks/bad_input.py`

Each input is one line of one file, read by the verb as the command reads it, so that the objects are as many as the lines;
the strings that a file cannot hold (unpaired surrogates) go to the models themselves. Any exception is printed and is a
failure (exit code 1).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from huaxiang.errors import HuaxiangError

LONG = 100_000
INPUTS = {
    "empty": "", "blank": " \t\u3000 ", "100,000 characters zh": ("质量很好，但是物流太慢。" * LONG)[:LONG],
    "100,000 characters en": ("Great sound but it broke. " * LONG)[:LONG], "100,000 without a blank": ("abcdefghij" * LONG)[:LONG],
    "one letter": "a" * LONG, "one Han": "好" * LONG, "one mark": "!" * LONG, "one bracket": "(" * LONG, "one emoji": "👍" * 5000,
    "digits": "5" * LONG, "control characters": "".join(map(chr, [*range(1, 10), *range(14, 32), 127])) + "好",
    "directions and joiners": "\u202e\u200b\u200d\ufeff很\u200b好", "bytes": "caf\ufffd \ufffd\ufffd", "Arabic": "المنتج رائع جدا",
    "Russian": "Очень плохое качество", "Thai": "สินค้าดีมาก", "Hindi": "यह बहुत अच्छा है", "Japanese": "とても良い商品です", "Korean": "품질이 정말 좋아요",
    "emoji alone": "😡😡😡", "HTML": "<div onclick='x()'><b>很好</b>&nbsp;&lt;3<script>alert(1)</script></div>",
    "HTML never closed": "<" * 5000 + "a" * 5000, "no language": "xqzt vbnk wrrg plkj", "combining marks": "e" + "\u0301" * 5000,
    "JSON": '{"text": 5}', "link": "http://" + "a" * 5000, "brackets of a face": "(´" * 20_000, "stretched": "aaa" * 30_000 + " goood",
}  # fmt: skip
SURROGATES = ["\ud800", "好\udc00好", "great \ud83d", "\udfff" * 1000]


def by_command(verb: str, tier: str | None) -> list[str]:
    """Lines that took over a second or failed, with a line that says how long all took."""
    from ui.cli import text, text_aspects, text_entities

    verbs: dict[str, Any] = {**text.VERBS, "aspects": text_aspects.aspects, **text_entities.VERBS}
    own: dict[str, dict[str, Any]] = {
        "sentiment": {"language": None}, "language": {"sentences": True}, "entities": {"names": None}, "intent": {"of": "customer"},
    }  # fmt: skip
    settings = own[verb] if verb == "language" else {"tier": tier, "shop": None, **own.get(verb, {})}
    failed: list[str] = []
    refused: list[str] = []
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.txt"
        for name, line in {"(loading)": "好", **INPUTS}.items():
            file.write_text(line + "\n", encoding="utf-8")
            out, begun = io.StringIO(), time.process_time()
            try:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                    verbs[verb](file, **settings)
                if len([json.loads(one) for one in out.getvalue().splitlines()]) != 1:
                    failed.append(f"    {name}: not one object")
            except HuaxiangError as error:  # a clear error is an answer; it is shown, and is no failure
                refused.append(f"{name} ({error.code})")
            except Exception as error:  # what a verb raises is what this looks for
                failed.append(f"    {name}: {type(error).__name__}: {str(error)[:120]}")
            spent[name] = time.process_time() - begun
    slow = sorted((cost, name) for name, cost in spent.items() if cost > 0.5 and name != "(loading)")[::-1][:4]
    said = ", ".join(f"{name} {cost:.1f} s" for cost, name in slow)
    head = f"{verb} {tier or ''}: {len(INPUTS)} inputs in {sum(spent.values()) - spent['(loading)']:.1f} s of processor time, {len(failed)} failed"
    refusals = f"; refused: {', '.join(refused)}" if refused else ""
    return [head + refusals + (f"; slowest: {said}" if said else ""), *failed]


def by_model(tier: Literal["fast", "accurate"]) -> list[str]:
    """What the models say to strings with unpaired surrogates."""
    from huaxiang.text import aspects_lines, intent, language
    from huaxiang.text.entities import EntityReader
    from huaxiang.text.entities_tiers import tagger
    from huaxiang.text.sentiment_tiers import reader

    plan: dict[str, Any] = {
        "sentiment": reader(tier).predict, "entities": EntityReader(None, tagger(tier)).read,
        "aspects": lambda texts: list(aspects_lines.aspect_objects(texts, tier=tier, models="", first=1)),
        "intent": intent.load("customer").predict, "language": lambda texts: [language.detect(one) for one in texts],
    }  # fmt: skip
    failed = []
    for name, read in plan.items():
        for text in SURROGATES:
            try:
                if len(read([text])) != 1:
                    failed.append(f"    {name}: not one result")
            except Exception as error:
                failed.append(f"    {name} {text[:9]!a}: {type(error).__name__}: {str(error)[:120]}")
    return [f"unpaired surrogates, {tier}: {len(plan) * len(SURROGATES)} readings, {len(failed)} failed", *failed]


def main() -> int:
    """Print a line a verb and tier, and what failed."""
    parser = argparse.ArgumentParser(description="Bad input to every verb of `huaxiang text`.")
    parser.add_argument("--tiers", nargs="+", default=["fast", "accurate"], choices=("fast", "accurate"))
    args = parser.parse_args()
    failed = 0
    for tier in args.tiers:
        verbs = ["language"] if tier == args.tiers[0] else []
        for verb in [*verbs, "sentiment", "aspects", "entities", "intent"]:
            lines = by_command(verb, None if verb == "language" else tier)
            print("\n".join(lines), flush=True)
            failed += len(lines) - 1
        lines = by_model(tier)
        print("\n".join(lines), flush=True)
        failed += len(lines) - 1
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
