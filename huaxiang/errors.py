"""Every error the product raises on purpose. The family says who must act; the message says what, where and what next.

`code` is stable and machine readable, `exit_code` is what the command line returns. No error text holds what a
customer wrote: names of files, columns, ids and line numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable


class HuaxiangError(Exception):
    """Base of all expected errors: a message, a hint (what to do next), a stable code and an exit code."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} — {self.hint}" if self.hint else self.message

    def to_dict(self) -> dict[str, str]:
        """The error as a machine reads it (`--json`, traces)."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class ConfigError(HuaxiangError):
    """The operator acts: a setting, an option or the installation is wrong."""

    code, exit_code = "config", 2


class DataError(HuaxiangError):
    """The owner of the data acts: a file cannot be read as what it is said to be."""

    code, exit_code = "data", 3


class StoreError(HuaxiangError):
    """A store or an index is missing, locked, damaged or full; most can be rebuilt."""

    code, exit_code = "store", 4


class ModelError(HuaxiangError):
    """A model file or endpoint is missing, wrong, slow or talks nonsense."""

    code, exit_code = "model", 5


class PolicyError(HuaxiangError):
    """Not allowed, and nobody overrides it."""

    code, exit_code = "policy", 6


class ToolInputError(HuaxiangError):
    """A tool was called with arguments it cannot use; the model may try again."""

    code, exit_code = "tool-input", 1


class ToolUnavailable(HuaxiangError):
    """A tool cannot work right now (no model, no index); the agent goes on without it."""

    code, exit_code = "tool-unavailable", 1


class MissingColumns(DataError):
    """A table lacks columns that its kind needs."""

    code = "missing-columns"

    def __init__(self, columns: Iterable[str], *, table: str, present: Iterable[str] = ()) -> None:
        names = list(columns)
        have = ", ".join(list(present)[:30])
        super().__init__(
            f"{table} lacks {', '.join(map(repr, names))}" + (f" (it has: {have})" if have else ""),
            hint="map each with --column, e.g. " + " ".join(f"--column {name}=SOURCE_COLUMN" for name in names[:3]),
        )
        self.columns = names


class NoSuchShop(StoreError):
    """The folder holds no shop."""

    code = "no-such-shop"

    def __init__(self, path: object) -> None:
        super().__init__(f"no shop at {str(path)!r}", hint=f"create one with: huaxiang init {path}")
