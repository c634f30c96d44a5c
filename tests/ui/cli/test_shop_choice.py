from pathlib import Path


def test_no_shop_anywhere_says_how_to_name_or_make_one(run):
    failed = run("customers")
    assert failed.code == 4 and failed.out == ""
    assert failed.err.startswith("no-such-shop:") and "--shop DIR" in failed.err and "huaxiang init" in failed.err


def test_a_folder_that_is_no_shop_is_named(run, tmp_path):
    failed = run("ask", "Who?", "--shop", tmp_path / "nope", "--json")
    assert failed.code == 4 and failed.out == ""
    assert failed.error["code"] == "no-such-shop" and "nope" in failed.error["message"]


def test_the_environment_names_the_shop_and_this_folder_wins_over_it(run, filled, empty, monkeypatch):
    monkeypatch.setenv("HUAXIANG_SHOP", str(filled))
    assert len(run("customers", "--json").json) == 3
    monkeypatch.chdir(empty)
    assert run("customers", "--json").json == []
    assert len(run("customers", "--json", "--shop", filled).json) == 3


def test_a_folder_called_shop_is_found(run, filled, monkeypatch):
    monkeypatch.chdir(filled.parent)
    assert len(run("customers", "--json").json) == 3


def test_init_writes_the_settings_and_leaves_an_existing_shop_alone(run, tmp_path):
    made = run("init", tmp_path / "s", "--timezone", "Asia/Shanghai", "--today", "2026-06-30", "--json")
    assert made.json == {"shop": str(tmp_path / "s"), "created": True}
    assert run("init", tmp_path / "s", "--today", "2020-01-01", "--json").json["created"] is False
    shown = run("config", "show", "--shop", tmp_path / "s", "--json").json["settings"]
    assert shown["shop.today"] == {"value": "2026-06-30", "origin": "shop.toml"}


def test_init_refuses_a_wrong_zone_day_or_currency_before_it_makes_anything(run, tmp_path):
    for wrong in (
        ["--timezone", "Mars/Olympus"],
        ["--today", "30.6.2026"],
        ["--currency", "yuan"],
        ["--field-pack", "none-such"],
    ):
        assert run("init", tmp_path / "s", *wrong).code == 2
    assert not Path(tmp_path / "s").exists()


def test_a_half_written_shop_toml_is_a_config_error(run, empty):
    (empty / "shop.toml").write_text("[shop\nname=", encoding="utf-8")
    failed = run("customers", "--shop", empty)
    assert failed.code == 2 and "not valid TOML" in failed.err


def test_a_damaged_database_is_a_store_error(run, empty):
    (empty / "shop.sqlite").write_bytes(b"this is no database, whatever it was" * 40)
    for rest in empty.glob("shop.sqlite-*"):
        rest.unlink()
    failed = run("customers", "--shop", empty)
    assert failed.code == 4 and "Traceback" not in failed.err
