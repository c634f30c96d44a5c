from __future__ import annotations

OWN = "pack: mine\nversion: 1\nlabel: {zh: 店, en: shop}\nextends: [retail]\nfields:\n"
OWN += "  tone: {zh: 色调, en: tone, type: text, merge: latest, bases: [stated]}\n"


def test_fields_are_shown_with_their_labels_for_the_reader(run):
    assert "鞋码" in run("fields", "show", "--language", "zh").out
    assert "Shoe size" in run("fields", "show", "--language", "en").out
    told = run("fields", "show", "skin_type", "--json").json
    (field,) = told["fields"]
    assert field["sensitivity"] == "personal" and field["values"]["dry"]["zh"] == "干性"


def test_a_role_sees_only_its_fields(run):
    names = {one["name"] for one in run("fields", "show", "--role", "analyst", "--json").json["fields"]}
    assert "order_count" in names and "skin_type" not in names


def test_a_shops_own_pack_is_checked_compared_and_migrated(run, tmp_path):
    shop = tmp_path / "shop"
    assert run("init", shop).code == 0
    (shop / "packs").mkdir()
    (shop / "packs" / "mine.yaml").write_text(OWN, encoding="utf-8")
    with (shop / "shop.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[profile]\npacks = ["mine"]\n')
    assert run("fields", "check", "--shop", shop, "--json").json["pack"] == "retail+mine@3"
    assert "tone" in run("fields", "diff", "retail", "mine", "--shop", shop).out
    assert run("fields", "migrate", "--shop", shop).code == 0
    assert run("fields", "diff", "--shop", shop).out.strip() == "no difference"


def test_a_pack_that_is_unsound_stops_the_check_and_names_the_place(run, tmp_path):
    shop = tmp_path / "shop"
    run("init", shop)
    (shop / "packs").mkdir()
    (shop / "packs" / "mine.yaml").write_text(OWN.replace("type: text", "type: colour"), encoding="utf-8")
    result = run("fields", "check", "--shop", shop, "--pack", "mine", "--json")
    assert result.code == 2 and "type" in result.err


def test_an_unknown_field_is_a_clear_error(run):
    result = run("fields", "show", "favourite_car", "--json")
    assert result.code == 3 and "undeclared-field" in result.err
