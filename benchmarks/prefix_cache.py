"""What a talk of ten turns costs the local model: prompt tokens that its prefix cache did not hold, turn by turn.

    python benchmarks/prefix_cache.py [--shop DIR] [--llm local] [--json]

Two talks, Chinese and English, over the sample shop, each in one thread and about three customers in turn, with the questions
that staff ask when they do not ask for a figure: it is those that the model is asked about. The goal (issue 5) is a median of at
most 200 tokens a turn. Beside it: the same prompts without a cache, and how many turns asked the model at all. A turn that code
answers alone costs 0 tokens; the median over the turns that asked the model is printed first and is the one to hold to the goal.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agent.runtime import Runtime
from agent.threads import new_id
from evaluation import shops

GOAL = 200
TALKS = {
    "zh": (
        "李静抱怨过什么？", "她喜欢什么？", "这人好相处吗？", "她对面料有什么要求？", "陈伟有什么不满？", "他怎么评价物流？",
        "他这个人怎么样？", "张伟的快递他要求放哪儿？", "他对质量怎么看？", "他还提过什么要求？",
    ),
    "en": (
        "What does Eleanor Pryce complain about?", "What does she like?", "What's she like to deal with?", "Who does she buy for?",
        "What is Derek Osei unhappy about?", "What did he say about quality?", "How should I talk to him?",
        "What does Tamsin Oyelaran avoid?", "What did she say about delivery?", "Anything I should know before I call her?",
    ),
}  # fmt: skip


def talk(runtime: Runtime, questions: tuple[str, ...]) -> list[dict[str, Any]]:
    """Ask one after the other in one thread; what each cost."""
    thread, rows = new_id(), []
    for number, question in enumerate(questions, start=1):
        answer = runtime.answer(question, thread_id=thread)
        rows.append({"turn": number, "calls": answer.llm.calls, "prompt_tokens": answer.llm.prompt_tokens, "new_tokens": answer.llm.new_tokens,
                     "seconds": round(answer.seconds, 2), "failed": answer.llm_problem})  # fmt: skip
        print(f"turn {number}: {rows[-1]}", file=sys.stderr, flush=True)
    return rows


def measure(folder: Path, kind: str) -> dict[str, Any]:
    """Both talks with one model, started and warmed as the desk does it."""
    with Runtime.open(folder, overrides={"llm.kind": kind, "llm.timeout_seconds": 600}) as runtime:
        runtime.start_llm(wait=True)
        if runtime.llm is None:
            raise SystemExit(f"no model: {runtime.llm_problem or runtime.llm_state()}")
        rows = {language: talk(runtime, questions) for language, questions in TALKS.items()}
    every = [row for part in rows.values() for row in part]
    asked = [row for row in every if row["calls"]]
    return {
        "turns": len(every),
        "turns_that_asked": len(asked),
        "goal": GOAL,
        "new_tokens_median": statistics.median(row["new_tokens"] for row in asked) if asked else None,
        "new_tokens_greatest": max((row["new_tokens"] for row in asked), default=None),
        "new_tokens_median_all_turns": statistics.median(row["new_tokens"] for row in every),
        "without_cache_median": statistics.median(row["prompt_tokens"] for row in asked) if asked else None,
        "by_language": {name: statistics.median([row["new_tokens"] for row in part if row["calls"]] or [0]) for name, part in rows.items()},
        "rows": rows,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="the sample shop, ready; made in a temporary folder without it")
    parser.add_argument("--llm", default="local", help="local or hf")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = measure(options.shop or shops.make("sample", Path(temporary) / "shop"), options.llm)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(f"{found['turns']} turns, {found['turns_that_asked']} asked the model")
    print(f"prompt tokens not in the cache, a turn that asked: median {found['new_tokens_median']}, greatest "
          f"{found['new_tokens_greatest']} (goal: median <= {GOAL}); without a cache {found['without_cache_median']}")  # fmt: skip
    print(f"all turns: median {found['new_tokens_median_all_turns']}; by language {found['by_language']}")


if __name__ == "__main__":
    main()
