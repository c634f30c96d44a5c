"""Our tools as LangChain tools: the one file of this folder that knows the framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from huaxiang.errors import HuaxiangError
from tools.base import Deps, ToolResult, ToolSpec

Report = Callable[[str, dict[str, Any], ToolResult | HuaxiangError], None]


def adapt(spec: ToolSpec, deps: Deps, *, language: str, report: Report, max_chars: int = 800) -> BaseTool:
    """One tool for a LangChain agent.

    Args:
        spec: a reading tool; writing ones need staff's approval and are not for a loop.
        language: of the text that the model gets back.
        report: told of each call with its arguments and the typed result, or the error the model may act on.
        max_chars: of a result shown to the model.
    """

    def run(**arguments: Any) -> str:
        try:
            result = spec.run(spec.args(**arguments), deps)
        except HuaxiangError as error:
            report(spec.name, arguments, error)
            return f"error {error.code}: {error}"
        report(spec.name, arguments, result)
        return result.to_text(language=language, max_chars=max_chars)

    return StructuredTool.from_function(func=run, name=spec.name, description=spec.description, args_schema=spec.args)
