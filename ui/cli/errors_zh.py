"""Errors in Chinese: the program words them in English where they are raised; a reader of Chinese gets these instead.

A template is matched with what it was filled with, so nothing is lost. An error without one keeps its English words.
"""

from __future__ import annotations

import re

MESSAGES: dict[str, str] = {
    "this event was retracted before": "这条记录之前已撤回",
    "act … was taken back before": "操作 {0} 之前已撤销",
    "several imports had a file of this name: …": "有几次导入都用过这个文件名：{0}",
    "several customers are called that: …": "有几位顾客符合：{0}",
    "there is no such customer in this shop": "店里没有这位顾客",
    "there is no such customer in this shop; closest: …": "店里没有这位顾客；最接近的是 {0}",
    "a similar name is not enough to erase …": "名字只是相近，不能据此删除 {0}",
    "several events have this source id": "有几条记录用这个来源编号",
    "several records begin so": "有几条记录的编号这样开头",
    "several imports have a file and row of that name": "有几次导入都有这个文件和行号",
    "this order has … records: …": "该订单有 {0} 条记录：{1}",
    "this is a computed statement, not a record": "这是计算结论，不是一条记录",
    "there is no such event in this shop": "店里没有这条记录",
    "this event is another customer's": "这条记录属于另一位顾客",
    "several proposals begin so": "有几条提案的编号这样开头",
    "no such proposal waits": "没有这样一条等待审核的提案",
    "no shop at …": "{0} 不是店铺文件夹",
    "no shop was named, and there is none in this folder or in ./shop": "没有指明店铺，当前文件夹和 ./shop 里也没有",
    "there is no file …": "没有文件 {0}",
    "no such folder or file: …": "没有这个文件夹或文件：{0}",
    "… is empty": "{0} 是空的",
    "… holds binary data, not text": "{0} 是二进制数据，不是文本",
    "… has no header row": "{0} 没有表头",
    "… is a damaged gzip file": "gzip 文件 {0} 已损坏",
    "… holds no JSON records in its first lines": "{0} 开头几行里没有 JSON 记录",
    "… lacks …": "{0} 缺少列 {1}",
    "the folder … holds no file that can be imported…": "文件夹 {0} 里没有可导入的文件{1}",
    "--column … is not FIELD=SOURCE": "--column {0} 不是 字段=来源列 的形式",
    "… is not a day": "{0} 不是日期",
    "unknown kind …": "没有这种记录：{0}",
    "no aspect …": "没有这个方面：{0}",
    "the query is empty": "没有写要找什么",
    "the field pack … declares no field …": "字段包 {0} 里没有字段 {1}",
    "that is no value of field …": "这不是字段 {0} 的取值",
    "field …: sensitive facts are not kept in a profile": "字段 {0}：画像不保存敏感信息",
    "…: not open to role … for purpose …": "{0}：不对角色 {1}（用途 {2}）开放",
    "setting … (…): …": "设置 {0}（{1}）：{2}",
    "the desk cannot listen at …:… (…)": "工作台无法在 {0}:{1} 监听（{2}）",
    "no model is called …": "没有名为 {0} 的模型",
    "… cannot be reached": "连不上 {0}",
    "… did not answer within … s": "{0} 在 {1} 秒内没有回答",
    "the package … is not installed (…)": "没有安装程序包 {0}（{1}）",
    "a customer cannot be merged with itself": "不能把一位顾客与自己合并",
    "no customer was named, and no erasure is unfinished": "没有指明顾客，也没有未完成的删除",
    "this customer was erased from this shop": "这位顾客已从本店删除",
    "the shop has schema version …, this program needs …": "店铺的数据版本是 {0}，本程序需要 {1}",
    "the disk is full (…)": "磁盘已满（{0}）",
    "stopped by Ctrl-C": "已用 Ctrl-C 停止",
    "No such command '…'.": "没有这个命令：{0}",
    "No such option: …": "没有这个选项：{0}",
    "Missing argument '…'.": "缺少参数 {0}",
    "Missing command.": "缺少命令",
}
HINTS: dict[str, str] = {
    "`huaxiang undo` puts it back": "可用 huaxiang undo 放回",
    "do it again instead": "请重新做一次",
    "give the id of one": "请给出其中一个的编号",
    "give one of these ids": "请用其中一个编号",
    "`huaxiang customers` lists all; `huaxiang search` finds them by what they wrote": "huaxiang customers 列出全部顾客；huaxiang search 按写过的话查找",
    "if that is who is meant: huaxiang erase …": "如果确实是指这位：huaxiang erase {0}",
    "give the event's own id (e…)": "请给出记录自己的编号（e…）",
    "give the whole evidence id, or the event's own id (e…)": "请给出完整的证据编号，或记录自己的编号（e…）",
    "name one of them": "请指明其中一条",
    "name one of the records behind it: huaxiang profile why": "请指明它所依据的某条记录：huaxiang profile why",
    "give an event id (e…), an evidence id (t…, r…) or the source's id": "请给出记录编号（e…）、证据编号（t…、r…）、文件:行号，或来源编号",
    "name an event of this customer": "请指明这位顾客的记录",
    "give more of the id": "请多写几位编号",
    "`huaxiang review list` shows what waits": "huaxiang review list 列出等待审核的内容",
    "create one with: huaxiang init …": "新建一家：huaxiang init {0}",
    "say --shop DIR (or set HUAXIANG_SHOP), or create one with: huaxiang init shop": "用 --shop 文件夹 指明（或设置 HUAXIANG_SHOP），或新建：huaxiang init shop",
    "check the path": "请检查路径",
    "export it again; a shop without such records needs no file": "请重新导出；没有这类记录就不需要这个文件",
    "export it as CSV, JSON lines or Parquet": "请导出为 CSV、JSON lines 或 Parquet",
    "the first line must name the columns": "第一行必须是列名",
    "copy or download it again": "请重新复制或下载",
    "one JSON object a line is expected; or say --format csv": "每行应是一个 JSON 对象；或用 --format csv",
    "map each with --column, e.g. …": "用 --column 指明各列，例如 {0}",
    "name a file, and say what it holds with --kind": "请指明文件，并用 --kind 说明内容",
    "e.g. …": "例如 {0}",
    "write it as …": "请写成 {0}",
    "--kind is one of …": "--kind 可取 {0}",
    "use one of: …": "可用：{0}",
    "say what to look for: …": "请写明要找什么：{0}",
    "add it to the pack, or use one of: …": "请把它加进字段包，或用其中之一：{0}",
    "store what the shop needs to know (what to avoid), not the reason": "只存店铺需要知道的（要避开什么），不存原因",
    "`huaxiang config show` lists all settings": "huaxiang config show 列出全部设置",
    "a desk may already be running there; otherwise choose another port: --port …": "可能已有工作台在那里运行；否则换一个端口：--port {0}",
    "the models are: …": "可用的模型：{0}",
    "check [llm] base_url and that the endpoint runs, or answer without one: --llm none": "检查 [llm] base_url 以及端点是否在运行；或不用模型：--llm none",
    "raise [llm] timeout_seconds, use a smaller model, or answer without one: --llm none": "调大 [llm] timeout_seconds、换小一点的模型，或不用模型：--llm none",
    "name two customers": "请给出两位顾客",
    "name one or more: huaxiang erase ID…": "请指明：huaxiang erase 编号…",
    "huaxiang erase --readmit ID, then import again": "huaxiang erase --readmit 编号，然后重新导入",
    "huaxiang migrate --shop …": "huaxiang migrate --shop {0}",
    "free some space and run the same command again": "请腾出空间，再运行同一命令",
    "the verbs are: …; see: … --help": "可用命令：{0}；用法：{1} --help",
    "see: … --help": "用法：{0} --help",
}


def told(message: str, hint: str) -> tuple[str, str]:
    """Message and hint in Chinese, each as it is where it has no translation."""
    return _of(MESSAGES, message), _of(HINTS, hint)


def _of(table: dict[str, str], text: str) -> str:
    if text in table:
        return table[text]
    for template, zh in table.items():
        if "…" in template and (found := _pattern(template).fullmatch(text)):
            return zh.format(*found.groups())
    return text


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, template.split("…"))), re.DOTALL)
