"""`python -m ui.cli.page_errors > docs/errors.md`: the page on errors, read from the source where they are raised."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from huaxiang import errors

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("huaxiang", "prompts", "vectorstore", "tools", "agent", "evaluation", "ui")
INTRO = """# Errors

Made by `python -m ui.cli.page_errors > docs/errors.md` from the source; a test checks that no code is missing.

An error says what, where and what to do next: `code: message — hint` on stderr, or `{"code", "message", "hint"}` with
`--json`. The code is stable; the exit code tells who must act. No error repeats what a customer wrote.
`--debug` adds the traceback.

| family | exit code | who acts |
| --- | --- | --- |
| — | 0 | nobody: it worked (an answer "I do not know" is one) |
| `HuaxiangError`, a defect (`unexpected`), a failed check of `doctor` | 1 | see the message; report a defect |
| `ConfigError`, wrong usage (`usage`) | 2 | the operator: a setting, an option or the installation |
| `DataError` | 3 | the owner of the data: a file, a record, an id |
| `StoreError` | 4 | the operator: a store or index is missing, locked, damaged or full; most can be rebuilt |
| `ModelError` | 5 | the operator: a model file or endpoint is missing, wrong, slow or talks nonsense |
| `PolicyError` | 6 | nobody: it is not allowed |
| `ToolInputError`, `ToolUnavailable` | — | the agent: inside a run, where they are a failed step and not the end |
| stopped by Ctrl-C (`interrupted`) | 130 | nobody: run it again, finished work is kept |
| the reader of a pipe went away | 141 or 1, silently | nobody |

`…` stands for a name, number or place.
"""


@dataclass(frozen=True)
class Raised:
    """One place that makes an error: its code, family, and the words as they stand in the source."""

    code: str
    family: str
    message: str
    hint: str


def main() -> None:
    """Write the page to stdout."""
    lines = [INTRO, "| code | exit | message | what to do |", "| --- | --- | --- | --- |"]
    for one in all_raised():
        family: type[errors.HuaxiangError] = getattr(errors, one.family)
        cells = (f"`{one.code}`", str(family.exit_code), one.message, one.hint)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


def all_raised() -> list[Raised]:
    """Every error the source makes, by code; the first wording of each."""
    found: dict[str, Raised] = {}
    for one in every_wording():
        found.setdefault(one.code, one)
    return [found[code] for code in sorted(found)]


def every_wording() -> Iterator[Raised]:
    """Every place in the source that makes an error."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from _in_file(path)


def _in_file(path: Path) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        family = getattr(errors, name, None)
        if (
            not isinstance(node, ast.Call)
            or not isinstance(family, type)
            or not issubclass(family, errors.HuaxiangError)
        ):
            continue
        words = {one.arg: one.value for one in node.keywords}
        code = _text(words["code"]) if "code" in words else family.code
        own = _own_words(name)
        if own is not None:
            yield Raised(code, name, *own)
        elif "…" not in code:
            yield Raised(code, name, _text(node.args[0]) if node.args else "…", _text(words.get("hint")))


@cache
def _own_words(name: str) -> tuple[str, str] | None:
    """Message and hint of an error class that words them itself; None where the raising place does."""
    tree = ast.parse((ROOT / "huaxiang" / "errors.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name != "HuaxiangError"]
    for node in (inner for one in classes for inner in ast.walk(one)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            hint = next((one.value for one in node.keywords if one.arg == "hint"), None)
            return _text(node.args[0]), _text(hint)
    return None


def _text(node: ast.expr | None) -> str:
    """A string as it stands in the source, with `…` for what is filled in."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return "…"


if __name__ == "__main__":
    main()
