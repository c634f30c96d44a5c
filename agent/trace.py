"""One line a run in `traces/`, for engineers: tools, times and counts; words of customers only where switched on."""

from __future__ import annotations

import json
import logging

from huaxiang.clock import utc_now
from huaxiang.schema.answer import Answer
from huaxiang.store.shop import Shop

_LOG = logging.getLogger(__name__)


def write_trace(shop: Shop, answer: Answer) -> None:
    """Append the run to today's trace file. A trace that cannot be written is logged, never raised."""
    now = utc_now()
    record = {
        "at": now.isoformat(timespec="seconds"),
        "run_id": answer.run_id,
        "language": answer.language,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "sentences": len(answer.sentences),
        "evidence": len(answer.evidence),
        "steps": [
            {"tool": s.tool, "ok": s.ok, "seconds": s.seconds, "evidence": len(s.evidence)} for s in answer.steps
        ],
        "llm": answer.llm.model_dump(),
        "seconds": answer.seconds,
    }
    if shop.settings.trace.customer_text:
        record |= {"question": answer.question, "answer": answer.answer}
    try:
        path = shop.folder / "traces" / f"{now:%Y-%m-%d}.jsonl"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        _LOG.warning("the trace could not be written: %s", error.strerror)
