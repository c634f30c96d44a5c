"""The verbs inside groups (`huaxiang profile why`), one line each, in Chinese and English."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

from ui.cli import output
from ui.cli.help import table

SUBVERBS: dict[str, dict[str, tuple[str, str]]] = {
    "profile": {
        "build": ("从事件计算画像；加 --llm 还用语言模型阅读原文", "compute profiles from events; with --llm also read texts with the model"),
        "show": ("看一位顾客的画像：每个字段的依据、置信度和原话", "show a profile: each field with basis, confidence and words"),
        "diff": ("两天之间画像变了什么", "what changed in a profile between two days"),
        "changed": ("上次联系以来变了什么", "what changed since staff and customer were last in touch"),
        "why": ("一个字段为什么是这个值", "why a field says what it says"),
        "history": ("一位顾客账本里的每一条", "every entry of a customer's ledger"),
        "what-if": ("假如没有某条记录，画像会怎样（不写入）", "what would change without a record; nothing is written"),
        "correct": ("手工填写一个字段", "enter a field by hand"),
        "remove": ("指出一个字段（或其中一个值）不对", "say that a field, or one value of it, is wrong"),
        "export-schema": ("输出画像的 JSON schema", "write the JSON schema of a profile"),
    },
    "review": {
        "list": ("等待员工处理的内容", "what waits for staff"),
        "accept": ("采纳一条提案", "accept a proposal"),
        "edit": ("改一个值再采纳", "accept a proposal with another value"),
        "reject": ("否决一条提案", "reject a proposal"),
        "report": ("员工的判断，按来源和字段统计", "staff's verdicts by source and field"),
        "stale": ("时间久了、需要再确认的说法", "statements that age has worn: those to confirm again"),
        "ask": ("最值得问这位顾客的问题", "the questions that would tell most about a customer"),
    },
    "fields": {
        "show": ("字段一览：名称、类型、合并方式、谁可见", "the fields: label, type, merge policy, who may see them"),
        "check": ("检查字段包，以及已存的画像是否都合适", "check the pack, and every stored trait against it"),
        "diff": ("两个字段包有何不同", "what differs between two packs"),
        "migrate": ("让已存的画像适应新字段包", "move stored traits to the present pack"),
    },
    "text": {
        "sentiment": ("每行文字的情绪", "the sentiment of each line"),
        "language": ("每行文字的语言", "the language of each line"),
        "aspects": ("每行文字评价了商品的哪些方面", "what each line says of which aspect of a product"),
        "entities": ("每行文字里的商品、品牌、人名、号码等", "products, brands, people, numbers … named in each line"),
        "intent": ("每行文字想要什么", "what the writer of each line wants"),
    },
    "models": {
        "fetch": ("下载模型文件（可续传，校验哈希）", "fetch model files; resumes, checks the hash"),
        "list": ("列出模型及其状态", "list models and their state"),
        "clean": ("删除已下载的模型文件", "remove fetched model files"),
    },
    "llm": {"bench": ("测量速度与选择是否正确", "measure its speed, and whether it chooses right")},
    "config": {"show": ("每项设置、它的值和来源", "every setting, its value and where it comes from")},
    "eval": {
        "list": ("有哪些题集和基准", "the suites and benchmarks there are"),
        "run": ("运行题集", "run suites"),
        "compare": ("比较两次运行", "compare two runs"),
        "report": ("为一次运行写报告", "write the report of a run"),
    },
}  # fmt: skip
"""Verbs that are missing here show the first sentence of their help."""


class Verbs(TyperGroup):
    """A group whose help shows every verb's line whole."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, one line a verb, and where more is said."""
        known = SUBVERBS.get(self.name or "", {})
        rows = [
            (name, output.both(*known[name]) if name in known else _first_sentence(command.help or ""))
            for name, command in self.commands.items()
        ]
        verb = output.both("命令", "VERB")
        lines = [f"{output.both('用法：', 'Usage: ')}{ctx.command_path} {verb} {output.both('[选项]', '[OPTIONS]')}"]
        lines += ["", f"  {self.help}", "", output.both("命令：", "Verbs:"), *table(rows, 100)]
        more = f"{ctx.command_path} {verb} --help"
        lines += ["", output.both(f"某个命令的用法和例子：{more}", f"How to use a verb, with examples: {more}")]
        formatter.write("\n".join(lines) + "\n")


def _first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split()).partition(". ")[0].removesuffix(".")
