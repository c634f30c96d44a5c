"""`huaxiang --help`: the verbs grouped by purpose, each line whole, in Chinese or English."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from typer.core import TyperGroup

from ui.cli import output

Pair = tuple[str, str]
INTRO: Pair = (
    """人人可查证的顾客画像，中英文皆可。

每个回答都指明所依据的记录。从 `make run` 开始，或者：

  huaxiang init myshop
  huaxiang import reviews.csv orders.csv --shop myshop
  huaxiang ask "李静最近抱怨过什么？" --shop myshop
""",
    """Customer profiles that anyone can check, in Chinese and English.

Every answer names the record it stands on. Start with `make run`, or:

  huaxiang init myshop
  huaxiang import reviews.csv orders.csv --shop myshop
  huaxiang ask "What does C101 complain about?" --shop myshop
""",
)
GROUPS: tuple[tuple[Pair, Mapping[str, Pair]], ...] = (
    (("开始", "Start"), {
        "demo": ("建好示例店铺，中英文各答一问，然后打开工作台", "make the sample shop, answer two questions, open the desk"),
        "init": ("新建一家空店铺", "make an empty shop"),
        "doctor": ("检查安装、模型、店铺和索引，并说明怎样修复", "check installation, models, shop and index; say how to mend them"),
        "config": ("查看每项设置及其来源", "show every setting and where it comes from"),
    }),
    (("提问", "Ask"), {
        "ask": ("问一个关于顾客的问题，每句话都带出处", "ask one question about customers; every sentence has its source"),
        "chat": ("连续提问", "ask one question after another"),
        "desk": ("打开工作台：对话、顾客卡片、总览（浏览器）", "open the desk: chat, customer cards, overview (in a browser)"),
        "search": ("按意思和字词搜索顾客写过的话", "search what customers wrote, by meaning and by words"),
        "recommend": ("给一位顾客推荐商品，附理由", "recommend items to a customer, with reasons"),
        "trends": ("哪种商品的哪类抱怨在增加", "which complaints rise, at which product"),
    }),
    (("数据", "Data"), {
        "import": ("导入文件或文件夹，逐行报告", "import files or folders; every row is accounted for"),
        "watch": ("持续接收新事件", "take in events as they come"),
        "index": ("更新搜索索引", "bring the search index up to date"),
        "customers": ("列出店里的顾客", "list the shop's customers"),
        "export": ("导出或导入一位顾客的全部资料", "write all that is held of a customer to a file, or read it back"),
        "merge": ("把两位顾客合为一位", "make two customers one"),
        "unmerge": ("拆开合并过的顾客", "take a merge apart"),
    }),
    (("画像", "Profiles"), {
        "profile": ("生成、查看、解释和更正画像", "build, show, explain and correct profiles"),
        "fields": ("画像里可以有哪些字段", "which fields a profile may hold"),
    }),
    (("账本", "Ledger"), {
        "review": ("处理等待审核的内容", "decide what waits for staff"),
        "retract": ("撤回一条记录，重算依赖它的一切", "take one record back; what stood on it is recomputed"),
        "undo": ("撤销一次操作", "take an act back"),
        "audit": ("核查每个字段是否名副其实", "check that every field is what it claims to be"),
        "runs": ("谁在何时问了什么、看了什么（不含原文）", "who asked, when, and what was looked at (no words kept)"),
        "erase": ("彻底删除顾客，并留下签名回执", "erase customers everywhere and keep a signed receipt"),
    }),
    (("文本与模型", "Text and models"), {
        "text": ("逐行读文本：情绪、方面、实体、意图、语言", "read texts, one a line: sentiment, aspects, entities, intent, language"),
        "models": ("下载、列出、清理模型文件", "fetch, list and remove model files"),
        "llm": ("测量语言模型", "measure the language model"),
        "train": ("训练模型并给出指标", "train a model and print its figures"),
    }),
    (("评测", "Evaluation"), {
        "eval": ("运行题集和公开基准，比较结果", "run suites and public benchmarks, compare runs"),
    }),
    (("运维", "Operations"), {
        "backup": ("把整家店铺备份成一个文件", "write a snapshot of the shop to one file"),
        "restore": ("从备份恢复", "make a shop of a backup"),
        "migrate": ("把店铺升级到当前版本", "bring a shop up to this program's version"),
    }),
)  # fmt: skip
_WIDTH = 100


class Overview(TyperGroup):
    """The program's own help; what a verb takes is in `huaxiang VERB --help`."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, introduction, groups and options."""
        place = 0 if output.reader_language() == "zh" else 1
        lines = [("用法：huaxiang 命令 [选项]" if place == 0 else "Usage: huaxiang VERB [OPTIONS]"), ""]
        lines += INTRO[place].strip().splitlines()
        width = max(len(name) for _, verbs in GROUPS for name in verbs)
        for title, verbs in GROUPS:
            lines += ["", f"{title[place]}{'：' if place == 0 else ':'}"]
            for name, about in verbs.items():
                lines.append(f"  {name:<{width}}  {about[place]}")
                lines += _below(self.commands.get(name), " " * (width + 4))
        lines += ["", "选项：" if place == 0 else "Options:"]
        for name, about in _OPTIONS.items():
            lines.append(f"  {name:<18} {about[place]}")
        lines += ["", "某个命令的用法和例子：huaxiang 命令 --help" if place == 0 else "How to use a verb, with examples: huaxiang VERB --help"]  # fmt: skip
        formatter.write("\n".join(lines) + "\n")


_OPTIONS: dict[str, Pair] = {
    "--language zh|en": ("用中文或英文显示；可写在任何位置", "in Chinese or English; may stand anywhere"),
    "--version": ("显示版本", "print the version"),
    "--debug": ("出错时显示调用栈；可写在任何位置", "show a traceback with an error; may stand anywhere"),
    "--help": ("显示本页", "show this page"),
}


def short(name: str) -> str | None:
    """A verb's line of the overview, in the reader's language; None for one that is not there."""
    found = next((verbs[name] for _, verbs in GROUPS if name in verbs), None)
    return None if found is None else output.both(*found)


def _below(command: Any, indent: str) -> list[str]:
    names = list(getattr(command, "commands", {}))
    if not names:
        return []
    return textwrap.wrap(
        " · ".join(names), _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
