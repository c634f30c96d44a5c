"""Conversations: what was asked and answered, turn by turn, in `threads.sqlite`, so that "and her last order?" works."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from huaxiang.clock import to_epoch, utc_now
from huaxiang.schema.answer import Answer


@dataclass(frozen=True)
class Turn:
    """One turn: the question, whom it was about, and its words without names."""

    question: str
    customers: tuple[str, ...]
    rest: str
    answer: Answer


def new_id() -> str:
    """A fresh thread or run id."""
    return uuid.uuid4().hex[:16]


class Threads:
    """The shop's conversations. Thread-safe; one small file of its own, so that it can be erased with a customer."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "threads.sqlite", check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS turns (thread_id TEXT, turn INTEGER, at INTEGER, question TEXT, customers TEXT, rest TEXT,"
            " answer TEXT, PRIMARY KEY (thread_id, turn))"
        )
        self._db.commit()

    def last(self, thread_id: str, *, one: bool = False) -> Turn | None:
        """The thread's last turn that was about somebody, else its last turn.

        Args:
            one: the question points at one person ("her"): prefer a turn about one to an answer about several.
        """
        with self._lock:
            rows = self._db.execute(
                "SELECT question, customers, rest, answer FROM turns WHERE thread_id = ? ORDER BY turn DESC LIMIT 8",
                (thread_id,),
            ).fetchall()
        turns = [Turn(q, tuple(filter(None, c.split("\n"))), r, Answer.model_validate_json(a)) for q, c, r, a in rows]
        named = [turn for turn in turns if turn.customers]
        few = [turn for turn in named if len(turn.customers) == 1] if one else []
        return next(iter([*few[:1], *named, *turns]), None)

    def newest(self, thread_id: str) -> Turn | None:
        """The thread's last turn, whatever it was about."""
        with self._lock:
            row = self._db.execute(
                "SELECT question, customers, rest, answer FROM turns WHERE thread_id = ? ORDER BY turn DESC LIMIT 1",
                (thread_id,),
            ).fetchone()
        if row is None:
            return None
        return Turn(row[0], tuple(filter(None, row[1].split("\n"))), row[2], Answer.model_validate_json(row[3]))

    def history(self, thread_id: str) -> list[Answer]:
        """All answers of a thread, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT answer FROM turns WHERE thread_id = ? ORDER BY turn", (thread_id,)
            ).fetchall()
        return [Answer.model_validate_json(row[0]) for row in rows]

    def add(self, thread_id: str, answer: Answer, *, rest: str) -> None:
        """Append a turn."""
        with self._lock, self._db:
            turn = self._db.execute(
                "SELECT COALESCE(MAX(turn), 0) + 1 FROM turns WHERE thread_id = ?", (thread_id,)
            ).fetchone()[0]
            self._db.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    thread_id,
                    turn,
                    to_epoch(utc_now()),
                    answer.question,
                    "\n".join(answer.customers),
                    rest,
                    answer.model_dump_json(),
                ),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()
