import json


def test_customers_as_json_have_exactly_the_promised_keys(run, filled):
    rows = run("customers", "--shop", filled, "--json").json
    assert [list(one) for one in rows] == [["customer_id", "name", "events", "first_at", "last_at", "language"]] * 3
    ann = next(one for one in rows if one["customer_id"] == "ann")
    assert (ann["name"], ann["events"], ann["language"]) == ("Ann Archer", 2, "en")
    assert ann["first_at"].startswith("2025-0") and ann["first_at"].endswith("+00:00")


def test_customers_as_a_table_line_up_in_both_scripts(run, filled):
    lines = run("customers", "--shop", filled).out.splitlines()
    assert lines[0].split() == ["customer", "name", "records", "first", "last", "language"]
    assert any(line.startswith("李静      李静        ") for line in lines)


def test_search_finds_the_words_and_their_source(run, filled):
    hits = run("search", "broken zipper", "--shop", filled, "--kind", "review", "--json").json
    assert hits[0]["customer_id"] == "ann" and "zipper" in hits[0]["quote"]
    assert hits[0]["source"] == {"file": "reviews.csv", "row": 2}
    assert "reviews.csv:2" in run("search", "zipper", "--customer", "Ann Archer", "--shop", filled).out


def test_search_refuses_an_empty_query_and_an_unknown_kind(run, filled):
    assert run("search", "  ", "--shop", filled).code == 2
    failed = run("search", "zipper", "--kind", "poem", "--shop", filled)
    assert failed.code == 2 and "--kind is one of order" in failed.err


def test_a_name_that_nobody_or_several_have_is_refused_without_repeating_it(run, filled, empty, tmp_path):
    failed = run("profile", "show", "Zebulon Quux", "--shop", filled)
    assert failed.code == 3 and failed.err.startswith("no-such-customer:") and "Quux" not in failed.err
    (tmp_path / "customers.csv").write_text("customer_id,name\nc1,Alex Morgan\nc2,Alex Morgan\n", encoding="utf-8")
    run("import", tmp_path / "customers.csv", "--shop", empty, "--no-index")
    failed = run("profile", "show", "alex morgan", "--shop", empty)
    assert failed.code == 3 and "ambiguous-customer:" in failed.err.splitlines()[-1] and "c1, c2" in failed.err
    assert "c1  Alex Morgan" in failed.err  # who they are, before the error


def test_a_profile_is_shown_with_basis_and_evidence_and_as_json(run, filled):
    shown = run("profile", "show", "ann", "--shop", filled)
    assert shown.code == 0 and "computed" in shown.out and "basis" in shown.out
    assert "依据" in run("profile", "show", "ann", "--shop", filled, "--language", "zh").out
    profile = run("profile", "show", "ann", "--shop", filled, "--json").json
    assert profile["customer_id"] == "ann" and profile["traits"] and profile["missing"]
    before = run("profile", "show", "ann", "--shop", filled, "--as-of", "2020-01-01", "--json").json
    assert before["traits"] == []


def test_the_schema_of_a_profile_is_json_schema(run, filled, tmp_path):
    schema = json.loads(run("profile", "export-schema", "--shop", filled).out)
    assert schema["$schema"].startswith("https://json-schema.org/") and "Trait" in schema["$defs"]
    assert run("profile", "export-schema", "-o", tmp_path / "s.json").code == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == schema


def test_profiles_built_twice_write_nothing_the_second_time(run, filled):
    again = run("profile", "build", "--shop", filled, "--json").json
    assert again["profiles"]["customers"] == 3 and again["profiles"]["entries_written"] == 0


def test_recommend_gives_offers_with_reasons(run, filled):
    found = run("recommend", "ann", "--shop", filled, "--json")
    assert found.code == 0 and found.json["customer_id"] == "ann"
    assert all({"item_id", "reason_zh", "reason_en", "evidence"} <= set(one) for one in found.json["offers"])


def test_index_status_and_build_say_what_is_there(run, empty, reviews):
    run("import", reviews, "--shop", empty, "--no-index")
    assert run("index", "--status", "--shop", empty, "--json").json["vectors"] == {}
    built = run("index", "--shop", empty, "--json").json
    assert built["embedded"] == run("index", "--status", "--shop", empty, "--json").json["vectors"]["hash-384"] > 0
    assert run("index", "--status", "--rebuild", "--shop", empty).code == 2


def test_config_show_says_where_each_value_came_from_and_masks_secrets(run, filled, monkeypatch):
    monkeypatch.setenv("HUAXIANG_LLM__API_KEY", "sk-very-secret")
    monkeypatch.setenv("HUAXIANG_SHOP__CHROMA_URL", "http://me:hunter2@chroma.example:8000")
    said = run("config", "show", "--shop", filled, "--llm", "none", "--json")
    values = said.json["settings"]
    assert values["llm.kind"] == {"value": "none", "origin": "command line"}
    assert values["llm.api_key"] == {"value": "****", "origin": "environment"}
    assert values["shop.timezone"] == {"value": "Asia/Shanghai", "origin": "shop.toml"}
    assert values["desk.port"] == {"value": 7860, "origin": "default"}
    text = run("config", "show", "--shop", filled).out
    for secret in ("sk-very-secret", "hunter2"):
        assert secret not in said.out and secret not in text


def test_config_show_works_without_a_shop_but_not_with_a_wrong_one(run):
    assert run("config", "show", "--json").json["shop"] is None
    assert run("config", "show", "--shop", "nope").code == 4
