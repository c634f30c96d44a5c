"""The record of who asked what of whom: one row of the table `audit` a run and customer, written by every answer.

It holds no words: the question as a salted hash (the same question has the same hash in one shop), tools by name, evidence
by id. The words are in `traces/` where `[trace] customer_text` is on, under the same run id. Each row names one customer and
that customer's evidence only, so an erasure makes the row a pseudonym and touches no other.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.privacy import suppression
from huaxiang.schema.answer import Answer
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

ACTION = "ask"
_WAIT_MS, _USUAL_MS = 1_000, 15_000
"""An answer does not wait longer than this for somebody who writes to the shop; the record is then written with the next."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunRecord:
    """One run as it was recorded. `customers` are ids, or tombstones of those erased since; `reason`: why it abstained."""

    at: str
    who: str
    role: str
    purpose: str
    run_id: str
    question: str
    tools: tuple[str, ...]
    reason: str | None
    customers: tuple[str, ...]
    evidence: tuple[str, ...]


class RunLog:
    """Writes records; what could not be written at once (the shop was busy) is kept and written with the next one."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._waiting: list[tuple[str, list[dict[str, Any]]]] = []
        self._lock = threading.Lock()

    def add(self, answer: Answer, *, who: str, role: str, purpose: str) -> bool:
        """Record a run; False when the shop was busy and it waits."""
        with self._lock:
            self._waiting.append((answer.question, _rows(answer, who, role, purpose)))
            return self._flush()

    def close(self) -> None:
        """Write what waits; what still cannot be written is said in the log."""
        with self._lock:
            if self._waiting and not self._flush():
                _LOG.warning("%d runs could not be recorded: the shop is busy", len(self._waiting))

    def _flush(self) -> bool:
        try:
            with self._shop.engine.connect() as connection:
                if self._shop.is_sqlite:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT_MS}")
                try:
                    self._write(connection)
                    connection.commit()
                finally:
                    if self._shop.is_sqlite:
                        connection.rollback()
                        connection.exec_driver_sql(f"PRAGMA busy_timeout={_USUAL_MS}")
        except sa.exc.DBAPIError as error:
            _LOG.info("a run is recorded later (%s)", type(error.orig).__name__)
            return False
        self._waiting.clear()
        return True

    def _write(self, connection: sa.Connection) -> None:
        salt = suppression.salt_of(connection)
        for question, rows in self._waiting:
            mark = suppression.tombstone(salt, question)[:32]
            for row in rows:
                detail = {**row["detail"], "question": mark}
                connection.execute(t.audit.insert().values(**{**row, "detail": json.dumps(detail, ensure_ascii=False)}))


def read(
    shop: Shop, *, customer_id: str | None = None, run_id: str | None = None, limit: int = 50
) -> tuple[RunRecord, ...]:
    """Recorded runs, newest first.

    Args:
        customer_id: only runs whose answer was about this customer.
        run_id: only this run.
        limit: at most so many runs.
    """
    a = t.audit.c
    query = sa.select(t.audit).where(a.action == ACTION).order_by(a.audit_id.desc())
    if customer_id is not None:
        query = query.where(a.customer_id == customer_id)
    found: dict[str, list[Any]] = {}
    with shop.engine.connect() as connection:
        for row in connection.execute(query):
            detail = json.loads(row.detail)
            key = detail.get("run") or f"erased {row.audit_id}"
            if run_id is not None and key != run_id:
                continue
            if key not in found and len(found) == limit:
                break
            found.setdefault(key, []).append((row, detail))
    return tuple(_record(key, rows) for key, rows in found.items())


def _rows(answer: Answer, who: str, role: str, purpose: str) -> list[dict[str, Any]]:
    """One row a customer whom the answer is about or quotes; one without where there is none."""
    quoted = [one.customer_id for one in answer.evidence if one.customer_id]
    people: Sequence[str | None] = tuple(dict.fromkeys([*answer.customers, *quoted])) or (None,)
    told: dict[str, Any] = {
        "run": answer.run_id, "role": role, "purpose": purpose, "tools": list(dict.fromkeys(one.tool for one in answer.steps)),
        "reason": answer.reason, "model": answer.llm.model,
    }  # fmt: skip
    at = clock.to_epoch(clock.utc_now())
    return [
        {
            "at": at, "actor": who[:80], "action": ACTION, "customer_id": one,
            "detail": {**told, "evidence": [cited.id for cited in answer.evidence if cited.customer_id == one]},
        }
        for one in people
    ]  # fmt: skip


def _record(key: str, rows: Sequence[Any]) -> RunRecord:
    row, detail = rows[0]
    owners = [one.customer_id for one, _ in reversed(rows) if one.customer_id]
    cited = [evidence for _, one in reversed(rows) for evidence in one.get("evidence", ())]
    return RunRecord(
        at=clock.from_epoch(row.at).isoformat(), who=row.actor, role=detail.get("role", ""), purpose=detail.get("purpose", ""),
        run_id=key, question=detail.get("question", ""), tools=tuple(detail.get("tools", ())), reason=detail.get("reason"),
        customers=tuple(owners), evidence=tuple(cited),
    )  # fmt: skip
