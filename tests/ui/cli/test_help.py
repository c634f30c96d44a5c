"""`--help` of every verb, in both languages."""

from __future__ import annotations

import re

import pytest

from ui.cli import help_zh, output
from ui.cli.app import command
from ui.cli.help import wrap
from ui.cli.page import leaves

LEAVES = list(leaves(command()))


def params():
    for path in LEAVES:
        found = command()
        for name in path:
            found = found.commands[name]
        yield from ((" ".join(path), one, getattr(one, "help", None)) for one in found.params)


def test_every_verb_and_every_option_has_a_chinese_text_and_no_text_is_left_over():
    assert {" ".join(path) for path in LEAVES} == set(help_zh.VERBS)
    said = {text for _, _, text in params()}
    assert None not in said and "" not in said
    missing = sorted({f"{path}: {text}" for path, _, text in params() if text not in help_zh.OPTIONS})
    assert missing == []
    of_the_program = {text for text in help_zh.OPTIONS if text.startswith(("Show ", "Print the version"))}
    assert sorted(set(help_zh.OPTIONS) - said - of_the_program) == []


def test_the_chinese_help_names_the_options_and_verbs_that_the_english_one_names(run):
    for path in LEAVES:
        shown = {}
        for language in ("en", "zh"):
            text = " ".join(run(*path, "--help", "--language", language).out.split())
            shown[language] = set(
                re.findall(r"--[a-z][a-z-]+|`huaxiang [a-z -]+`|HUAXIANG_[A-Z_]+|\[[a-z]+\] [a-z_]+", text)
            )
        assert shown["zh"] == shown["en"], path


@pytest.mark.parametrize("columns", [80, 100])
def test_no_line_of_a_help_is_wider_than_the_terminal_but_an_example(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for path in LEAVES:
        for language in ("zh", "en"):
            lines = run(*path, "--help", "--language", language).out.splitlines()
            wide = [
                one for one in lines if output.cells(one) > columns and not re.match(r"    .*(huaxiang|echo) ", one)
            ]
            assert wide == [], path


def test_the_help_of_a_verb_is_all_in_one_language(run, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    shown = run("profile", "why", "--help").out
    assert shown.startswith("用法：huaxiang profile why [选项] CUSTOMER FIELD\n") and "[必填]" in shown
    assert not re.search(r"Usage|Options|Arguments|Examples|required|Show this|Default", shown)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    shown = run("profile", "why", "--help").out
    assert shown.startswith("Usage: huaxiang profile why [OPTIONS] CUSTOMER FIELD\n") and "[required]" in shown


def test_a_chinese_paragraph_is_broken_by_cells_and_never_before_its_punctuation():
    assert wrap("一二三四五，六七", 10) == ["一二三四", "五，六七"]
    assert wrap("see `huaxiang undo` now", 12) == ["see", "`huaxiang undo`", "now"]
