"""Every error in Chinese: what, where, what to do."""

from __future__ import annotations

import re

import pytest

from ui.cli import errors_zh
from ui.cli.page_errors import every_wording
from ui.cli.phrases import phrase

WORDED_ELSEWHERE = {"…", "…: …", ""}
"""Texts that are all filled in: each of what fills them is a text of its own."""


def texts(place):
    """Message or hint of every error in the source, filled in."""
    return sorted({one for raised in every_wording() if (one := getattr(raised, place)) not in WORDED_ELSEWHERE})


@pytest.mark.parametrize(("place", "table"), [("message", errors_zh.MESSAGES), ("hint", errors_zh.HINTS)])
def test_every_error_of_the_source_has_a_chinese_text_that_keeps_what_it_was_filled_with(place, table):
    found = texts(place)
    assert len(found) > 150
    missing = []
    for text in found:
        if re.search(r"\(e…|ID…|FILE…|: …[,}]", text):  # an id's own dots, a form of lines: nothing is filled in
            missing += [] if re.search("[\u4e00-\u9fff]", phrase(table, text)) else [(text, "")]
            continue
        count = text.count("…")
        fills = [f"<{'abcdefgh'[number]}1>" for number in range(count)]
        parts = text.split("…")
        filled = "".join(part + fill for part, fill in zip(parts, [*fills, ""], strict=True))
        told = phrase(table, filled)
        a_command = text.startswith("huaxiang ")  # is the same in both
        if not (a_command or re.search("[\u4e00-\u9fff]", told)) or any(fill not in told for fill in fills):
            missing.append((text, told))
    assert missing == []


def test_the_template_with_most_words_of_its_own_is_meant():
    table = {"… cannot be read (…)": "无法读取 {0}（{1}）", "the backup … cannot be read (…)": "备份 {0} 读不了（{1}）"}
    assert phrase(table, "the backup 'a' cannot be read (OSError)") == "备份 'a' 读不了（OSError）"
    assert phrase(table, "'a' cannot be read (OSError)") == "无法读取 'a'（OSError）"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("profile", "show"), "缺少参数 CUSTOMER"),
        (("customers", "--limit", "many"), "--limit"),
        (("customers", "--colour"), "没有这个选项：--colour"),
        (("custmers",), "没有这个命令：custmers"),
        (("profile", "shw"), "没有这个命令：shw"),
        (("ask", "one", "two"), "多余的参数：two"),
        (("ask", "--llm", "gpt", "x"), "--llm"),
        (("runs", "--json=yes"), "选项 '--json' 不带值"),
    ],
)
def test_wrong_usage_is_told_in_chinese(run, args, words):
    failed = run(*args, "--language", "zh")
    assert failed.code == 2 and words in failed.err and "用法：huaxiang" in failed.err
    assert not re.search("[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+", failed.err.partition("用法")[0]), failed.err


def test_doctor_speaks_one_language(run, filled, monkeypatch):
    shown = run("doctor", "--shop", filled, "--language", "zh").out
    assert "端口" in shown
    assert not re.search("[a-z]+ [a-z]+ [a-z]+ [a-z]+", re.sub("→ .*", "", shown)), shown
