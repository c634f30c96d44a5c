"""`huaxiang VERB --help` in the reader's language, wrapped by the cells a terminal needs (a Chinese character takes two)."""

from __future__ import annotations

import re
import shutil
from typing import Any

from typer.core import TyperCommand

from ui.cli import output

_EXAMPLES = "Examples:"
_LEFT = 26
_TYPES = {"str": "TEXT", "path": "PATH", "int": "N", "int range": "N", "float": "X", "float range": "X"}
_NOT_FIRST = "，。、；：！？）」』”’…,.;:!?)]"
_NOT_LAST = "（「『“‘(["


class Verb(TyperCommand):
    """A verb whose help is written here, not by the library, which counts letters and knows one language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what it does, examples, arguments and options."""
        formatter.write("\n".join(page(self, ctx)) + "\n")


def page(command: Any, ctx: Any) -> list[str]:
    """The lines of a verb's help, none wider than the terminal or 100 cells."""
    width = max(60, min(100, shutil.get_terminal_size((100, 24)).columns))
    lines = [usage(command, ctx)]
    for block in prose(ctx.command_path, command.help or "").split("\n\n"):
        lines += ["", *(f"  {one}" for one in wrap(_joined(block), width - 2))]
    if examples := examples_of(command.help or ""):
        lines += ["", f"  {output.both('例子：', 'Examples:')}", *(f"    {one}" for one in examples)]
    for title, kind in (
        (output.both("参数：", "Arguments:"), "argument"),
        (output.both("选项：", "Options:"), "option"),
    ):
        rows = [_row(one, ctx) for one in command.get_params(ctx) if one.param_type_name == kind]
        if rows:
            lines += ["", title, *table([one for one in rows if one[0]], width)]
    return lines


def usage(command: Any, ctx: Any) -> str:
    """The first line: how the verb is written."""
    words = [_in_language(_argument(one)) for one in command.collect_usage_pieces(ctx)]
    return f"{output.both('用法：', 'Usage: ')}{ctx.command_path} {' '.join(words)}".rstrip()


def prose(path: str, text: str) -> str:
    """What a verb does, without its examples; `path` is `huaxiang profile why`, `text` the English help."""
    if output.reader_language() == "zh":
        from ui.cli import help_zh

        if found := help_zh.VERBS.get(path.partition(" ")[2]):
            return found
    return re.split(rf"\n\s*\x08?\n?{_EXAMPLES}", text, maxsplit=1)[0].strip()


def examples_of(text: str) -> list[str]:
    """The lines below "Examples:" in a verb's English help, without their indent."""
    _, found, below = text.partition(_EXAMPLES)
    return [line.strip() for line in below.splitlines() if line.strip()] if found else []


def option_text(text: str) -> str:
    """What an option or argument is, in the reader's language; the English text where Chinese has none."""
    if output.reader_language() != "zh":
        return text
    from ui.cli import help_zh

    return help_zh.OPTIONS.get(text, text)


def table(rows: list[tuple[str, str]], width: int) -> list[str]:
    """Names at the left, what they are at the right; a long name has a line of its own."""
    left = max((output.cells(name) for name, _ in rows if output.cells(name) <= _LEFT), default=0)
    lines = []
    for name, about in rows:
        first, *rest = wrap(about, width - left - 4) or [""]
        if output.cells(name) > left:
            lines.append(f"  {name}")
            name = ""
        lines += [f"  {output.padded(name, left)}  {first}".rstrip(), *(" " * (left + 4) + one for one in rest)]
    return lines


def wrap(text: str, width: int) -> list[str]:
    """A paragraph as lines of at most `width` cells: broken at blanks and between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if output.cells((line + piece).rstrip()) > width and line:
            lines.append(line.rstrip())
            line = ""
        line += piece.lstrip() if not line else piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """What stays together: a word, a command in backquotes, a Chinese character and the punctuation around it."""
    found: list[str] = []
    for one in re.findall(
        r"\s*`[^`]{1,50}`|[^\S\n]*[\x21-\u2e7f\uff5e]+|\s*[\u2e80-\uffff]|\s+", " ".join(text.split())
    ):
        sticks = found and (one[0] in _NOT_FIRST or found[-1][-1] in _NOT_LAST)
        if sticks:
            found[-1] += one
        else:
            found.append(one)
    return found


def _joined(block: str) -> str:
    """A paragraph's lines as one; Chinese ones are joined without a blank."""
    return re.sub(r"(?<=[\u2e80-\uffff])\s*\n\s*(?=[\u2e80-\uffff])", "", block).replace("\n", " ")


def _row(param: Any, ctx: Any) -> tuple[str, str]:
    record = param.get_help_record(ctx)
    if record is None:
        return "", ""
    name, right = record
    if param.param_type_name == "argument":
        name = re.sub(r" <[^>]*>$", "", name)
    name = re.sub(
        r"<([^>]*)>", lambda found: _TYPES.get(found[1], found[1].removeprefix("list[").removesuffix("]")), name
    )
    text = param.help or ""
    extra = right[len(text) :].strip().strip("[]") if right.startswith(text) else ""
    noted = [told for one in extra.split("; ") if (told := _note(one))]
    notes = f" [{output.both('；', '; ').join(noted)}]" if noted else ""
    return _in_language(name), option_text(text) + notes


def _note(text: str) -> str:
    """`default: 3`, `1<=x<=32`, `required` and `env var: X` as a reader sees them; limits on one side say little."""
    if found := re.fullmatch(r"(\d+)<=x<=(\d+)", text):
        return f"{found[1]}–{found[2]}"
    if re.fullmatch(r"x[<>]=?[\d.]+|", text):
        return ""
    if text == "required":
        return output.both("必填", "required")
    name, _, value = text.partition(": ")
    return f"{output.both({'default': '默认：', 'env var': '环境变量：'}.get(name, name + '：'), name + ': ')}{value}"


def _argument(text: str) -> str:
    """`{CUSTOMER}`, `[[ACT]]`, `[[NAME]…]...` as `CUSTOMER`, `[ACT]`, `[NAME…]`."""
    many = "…" if "…" in text or "..." in text else ""
    name = re.sub(r"[^\w|.-]+", "", text.replace("…", "").replace("...", ""))
    return text if text == "[OPTIONS]" else f"[{name}{many}]" if text.startswith("[") else name + many


def _in_language(text: str) -> str:
    return text.replace("[OPTIONS]", output.both("[选项]", "[OPTIONS]"))
