"""Every tool the agent may call, by name."""

from __future__ import annotations

from functools import lru_cache

from huaxiang.errors import ToolInputError
from tools.base import ToolSpec


@lru_cache(maxsize=1)
def all_tools() -> dict[str, ToolSpec]:
    """The catalogue, in the order a model sees it."""
    from tools import (
        aspects,
        customer_summary,
        diff,
        entities,
        find_by_trait,
        find_customer,
        find_customers,
        history,
        intent,
        query_records,
        recommend,
        search_reviews,
        sentiment,
        show_profile,
        timeline,
        why,
    )

    modules = (
        find_customer,
        search_reviews,
        customer_summary,
        timeline,
        sentiment,
        aspects,
        recommend,
        show_profile,
        find_customers,
        why,
        diff,
        history,
        query_records,
        find_by_trait,
        entities,
        intent,
    )
    return {module.SPEC.name: module.SPEC for module in modules}


def get(name: str) -> ToolSpec:
    """The tool of this name.

    Raises:
        ToolInputError: there is none; the hint lists them.
    """
    try:
        return all_tools()[name]
    except KeyError:
        raise ToolInputError(f"no tool {name!r}", hint=f"use one of: {', '.join(all_tools())}") from None
