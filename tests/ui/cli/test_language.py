"""Both languages, wherever the choice comes from; and whom and what a reader's words mean."""

from __future__ import annotations

import re

import pytest

from ui.cli import errors_zh, overview, overview_verbs
from ui.cli.app import command
from ui.cli.output import cut
from ui.desk.desk import DeskModel
from ui.desk.texts import say


def test_the_option_wins_over_the_terminal_and_the_terminal_over_the_shop(run, filled, empty, monkeypatch):
    assert "顾客" in run("customers", "--shop", filled, "--language", "zh").out
    assert "customer" in run("customers", "--shop", filled).out
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "顾客" in run("customers", "--shop", filled).out
    assert "customer" in run("customers", "--language=en", "--shop", filled).out
    (empty / "shop.toml").write_text('[desk]\nlanguage = "zh"\n', encoding="utf-8")
    for locale, words in (("C.UTF-8", "店里还没有顾客"), ("en_GB.UTF-8", "no customers yet")):
        monkeypatch.setenv("LANG", locale)
        assert words in run("customers", "--shop", empty).out


def test_a_language_there_is_not_is_wrong_usage(run, filled):
    assert run("customers", "--shop", filled, "--language", "fr").code == 2


def test_the_help_shows_every_verb_whole_and_once_in_both_languages(run):
    verbs = [name for _, group in overview.GROUPS for name in group]
    assert sorted(verbs) == sorted(command().commands)
    for language, place in (("zh", 0), ("en", 1)):
        shown = run("--help", "--language", language).out
        assert "..." not in shown
        for title, group in overview.GROUPS:
            assert title[place] in shown
            for name, about in group.items():
                assert f"  {name} " in shown and about[place] in shown


def test_groups_of_verbs_show_each_line_whole(run):
    for group, known in overview_verbs.SUBVERBS.items():
        assert list(command().commands[group].commands) and set(known) == set(command().commands[group].commands)
        shown = run(group, "--help", "--language", "zh").out
        assert all(zh in shown for zh, _ in known.values())


def test_the_version_is_printed(run):
    shown = run("--version")
    assert shown.code == 0 and shown.out.startswith("huaxiang ")


@pytest.mark.parametrize("name", ["Ann Archr", "ann@example.com", "ANN", "Ann"])
def test_customers_are_found_as_people_name_them(run, filled, name):
    assert run("profile", "show", name, "--shop", filled, "--json").json["customer_id"] == "ann"


def test_a_name_that_sounds_the_same_is_taken_with_a_note(run, filled):
    shown = run("profile", "show", "李婧", "--shop", filled)
    assert shown.code == 0 and shown.out.startswith("李静") and "closest match: 李静" in shown.err


def test_what_writes_refuses_a_similar_name_and_lists_whom_it_may_mean(run, filled):
    failed = run("profile", "correct", "Ann Archr", "shoe_size", "7", "--shop", filled)
    assert failed.code == 3 and "closest: ann" in failed.err and "ann  Ann Archer" in failed.err
    failed = run("erase", "Ann Archr", "--yes", "--shop", filled, "--json")
    assert failed.code == 3 and failed.error["code"] == "similar-name" and "ann" in failed.error["hint"]
    assert len(run("customers", "--shop", filled, "--json").json) == 3


def test_erasing_a_similar_name_asks_who_is_meant_first(run, filled, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.cli.asking.confirm", lambda text, **_: bool(asked.append(text)))
    assert run("erase", "Ann Archr", "--shop", filled).code == 1
    assert len(asked) == 1 and "ann Ann Archer" in asked[0]
    assert len(run("customers", "--shop", filled, "--json").json) == 3


def test_a_record_goes_by_its_evidence_its_beginning_its_row_or_its_event(run, filled):
    asked = run("ask", "What did Ann Archer say about the zipper?", "--llm", "none", "--shop", filled)
    note = next(line for line in asked.out.splitlines() if line.startswith("[1] t"))
    begins = note.split()[1]
    assert len(begins) == 10
    ways = (begins, "reviews.csv:2", "e" + begins[1:])
    found = [run("profile", "what-if", "ann", "--without", way, "--shop", filled, "--json").json for way in ways]
    assert found[0]["changes"] and all(one["changes"] == found[0]["changes"] for one in found)
    failed = run("profile", "what-if", "ann", "--without", "s123456789", "--shop", filled, "--json")
    assert failed.error["code"] == "no-such-event" and "profile why" in failed.error["hint"]


def test_a_search_leaves_out_what_has_nothing_to_do_with_it(run, filled):
    assert run("search", "quantum lecture", "--shop", filled, "--json").json == []
    assert [one["customer_id"] for one in run("search", "broken zipper", "--shop", filled, "--json").json] == ["ann"]
    assert run("search", "quantum lecture", "--all", "--shop", filled).code == 0


def test_a_long_title_is_cut_by_cells_not_by_letters():
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("双人三季帐篷", 6) == "双人…"


def test_errors_come_in_the_readers_language_with_what_they_are_about(run, filled, tmp_path):
    failed = run("customers", "--shop", tmp_path / "none", "--language", "zh")
    assert failed.code == 4 and "不是店铺文件夹" in failed.err and "none" in failed.err and "新建一家" in failed.err
    failed = run("profile", "show", "Zebulon Quux", "--shop", filled, "--language", "zh")
    assert failed.err.startswith("no-such-customer: 店里没有这位顾客") and "列出全部顾客" in failed.err
    assert "no shop at" in run("customers", "--shop", tmp_path / "none", "--language", "zh", "--json").error["message"]


def test_every_chinese_error_tells_all_that_the_english_one_was_filled_with():
    for table in (errors_zh.MESSAGES, errors_zh.HINTS):
        for english, chinese in table.items():
            if not re.search(r"\(e…|ID…|FILE…|: …[,}]", english):  # an id's own dots, a form of lines
                assert all(f"{{{place}}}" in chinese for place in range(english.count("…"))), english
    assert errors_zh.told("no shop at 'x'", "nobody says this") == ("'x' 不是店铺文件夹", "nobody says this")


def test_a_profile_of_another_day_does_not_say_when_it_was_stored(run, filled):
    shown = run("profile", "show", "ann", "--as-of", "2025-04-01", "--shop", filled, "--json").json
    stored = {one["basis"]: one["recorded_at"] for one in shown["traits"]}
    assert stored["computed"] is None and 0 not in stored.values()


@pytest.mark.parametrize(
    ("options", "of_shop", "button"),
    [(("--language", "en"), "zh", "Ask"), (("--language=zh",), "en", "发送"), ((), "en", "Ask")],
)
def test_the_desk_begins_in_the_language_asked_for_else_the_shops(run, empty, monkeypatch, options, of_shop, button):
    (empty / "shop.toml").write_text(f'[desk]\nlanguage = "{of_shop}"\n', encoding="utf-8")
    shown = []

    def served(runtime, *, language, **_):
        shown.append(say(DeskModel(runtime, language).sessions.of("page").language, "chat.ask"))
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.desk.launch", served)
    assert run("desk", "--shop", empty, "--port", "0", "--llm", "none", *options).code == 0
    assert shown == [button]


def test_a_brand_in_an_english_profile_is_spelt_as_the_shops_english_titles_spell_it(run, tmp_path):
    titles = [("云脊 背包", "Ridgeline Pack"), ("云脊 帐篷", "Ridgeline Tent"), ("云脊 水壶", "Ridgeline Flask")]
    items = "item_id,title,title_en,brand\n" + "".join(f"P{n},{zh},{en},云脊\n" for n, (zh, en) in enumerate(titles))
    orders = "order_id,customer_id,item_id,quantity,amount,occurred_at\n" + "".join(
        f"O{n},ann,P{n},1,5,2025-01-0{n + 1}\n" for n in range(3)
    )
    (tmp_path / "products.csv").write_text(items, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(orders, encoding="utf-8")
    shop = tmp_path / "shop"
    assert run("init", shop).code == 0
    files = (tmp_path / "products.csv", tmp_path / "orders.csv")
    assert run("import", *files, "--shop", shop, "--no-index").code == 0
    shown = {one: run("profile", "show", "ann", "--shop", shop, "--language", one).out for one in ("en", "zh")}
    assert "Ridgeline" in shown["en"] and "云脊" not in shown["en"].partition("unknown")[0]
    assert "云脊" in shown["zh"] and "Ridgeline" not in shown["zh"]
