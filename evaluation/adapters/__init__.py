"""Public benchmarks, read from a folder that the user gives; nothing of them is shipped."""

from __future__ import annotations

from importlib import import_module

from evaluation.adapters.base import Adapter

_MODULES = {"locomo": "locomo", "diaasq": "diaasq", "clinc150": "clinc150"}


def names() -> list[str]:
    """Every benchmark that there is an adapter for."""
    return list(_MODULES)


def get(name: str) -> Adapter:
    """The adapter of this name; KeyError if there is none."""
    found: Adapter = import_module(f"evaluation.adapters.{_MODULES[name]}").ADAPTER
    return found
