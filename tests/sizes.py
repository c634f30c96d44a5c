"""No file over 400 lines, no function over 60 (DESIGN.md, folders). Run by `make check`."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

FOLDERS = ("huaxiang", "prompts", "vectorstore", "tools", "agent", "evaluation", "ui", "training", "benchmarks")
MAX_FILE, MAX_FUNCTION = 400, 60


def too_long(root: Path) -> list[str]:
    """What breaks the limits below `root`, one line each."""
    found = []
    for path in (p for folder in FOLDERS for p in sorted((root / folder).rglob("*.py"))):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MAX_FILE:
            found.append(f"{path.relative_to(root)}: {text.count(chr(10))} lines (limit {MAX_FILE})")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION:
                    found.append(
                        f"{path.relative_to(root)}:{node.lineno} {node.name}: {lines} lines (limit {MAX_FUNCTION})"
                    )
    return found


if __name__ == "__main__":
    problems = too_long(Path(__file__).resolve().parents[1])
    print("\n".join(problems) or "sizes: within limits")
    sys.exit(1 if problems else 0)
