import pytest

from huaxiang.errors import ConfigError
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from ui.cli import prepare
from ui.cli.import_ import parse_columns


def test_an_import_reports_every_row_and_builds_profiles(run, empty, reviews):
    done = run("import", reviews, "--shop", empty, "--json")
    assert done.code == 0
    assert done.json["total"]["read"] == done.json["total"]["kept"] == 4
    assert done.json["profiles"]["customers"] == 3
    assert done.json["index"]["embedded"] > 0 and done.json["index"]["encoder"] == "hash-384"


def test_importing_the_same_file_again_changes_nothing(run, empty, reviews):
    run("import", reviews, "--shop", empty, "--no-index")
    again = run("import", reviews, "--shop", empty, "--no-index", "--json").json
    assert again["total"]["kept"] == 0 and "profiles" not in again


def test_a_dry_run_writes_nothing(run, empty, reviews):
    said = run("import", reviews, "--shop", empty, "--dry-run")
    assert "Dry run: nothing was written." in said.out and "kept 4" in said.out
    assert run("customers", "--shop", empty, "--json").json == []


def test_an_import_that_was_stopped_before_profiles_is_finished_by_the_next(run, empty, reviews):
    run("import", reviews, "--shop", empty, "--no-index")
    shop = Shop.open(empty)
    prepare.mark(shop)
    shop.close()
    assert run("import", reviews, "--shop", empty, "--no-index", "--json").json["profiles"]["customers"] == 3


def test_missing_columns_are_named_with_the_option_that_maps_them(run, empty, tmp_path):
    (tmp_path / "odd.csv").write_text("who,words\nann,hello there\n", encoding="utf-8")
    failed = run("import", tmp_path / "odd.csv", "--kind", "order", "--shop", empty)
    assert failed.code == 3 and failed.out == ""
    assert (
        failed.err.startswith("missing-columns: odd.csv lacks") and "--column occurred_at=SOURCE_COLUMN" in failed.err
    )


def test_a_mapping_is_used_and_can_be_saved(run, empty, tmp_path):
    (tmp_path / "odd.csv").write_text("who,words\nann,hello there\n", encoding="utf-8")
    mapped = ["--kind", "review", "--column", "customer_id=who", "--column", "text=words", "--save-mapping"]
    assert run("import", tmp_path / "odd.csv", *mapped, "--shop", empty, "--no-index").code == 0
    (tmp_path / "odd.csv").write_text("who,words\nbob,good day\n", encoding="utf-8")
    assert run("import", tmp_path / "odd.csv", "--shop", empty, "--no-index").code == 0
    assert len(run("customers", "--shop", empty, "--json").json) == 2


@pytest.mark.parametrize("pair", ["text", "=source", "text=", "  =x"])
def test_a_column_without_both_sides_is_refused(run, empty, reviews, pair):
    failed = run("import", reviews, "--column", pair, "--shop", empty)
    assert failed.code == 2 and failed.err.startswith("bad-column:") and "--column text=reviewText" in failed.err


def test_a_field_mapped_twice_is_refused():
    with pytest.raises(ConfigError, match="leave one of them out"):
        parse_columns(["text=a", "text=b"])
    assert parse_columns(["text=a", "text=a", " rating = stars "]) == {"text": "a", "rating": "stars"}


def test_an_unknown_format_is_refused_with_the_list_of_formats(run, empty, reviews):
    failed = run("import", reviews, "--format", "xml", "--shop", empty)
    assert failed.code == 2 and failed.err.startswith("unknown-format:") and "amazon-2018" in failed.err


def test_a_file_that_is_not_there_is_a_data_error(run, empty):
    failed = run("import", "nowhere.csv", "--shop", empty, "--json")
    assert failed.code == 3 and failed.out == "" and failed.error["code"] == "no-such-file"


def test_an_index_of_another_encoder_does_not_undo_the_import(run, empty, reviews, tmp_path):
    run("import", reviews, "--shop", empty)
    shop = Shop.open(empty)
    with shop.begin() as connection:
        connection.execute(t.vectors.update().values(encoder="somebody-elses"))
    shop.close()
    (tmp_path / "more.csv").write_text(
        "customer_id,text,occurred_at\ndan,hello there my friend,2025-06-01\n", encoding="utf-8"
    )
    failed = run("import", tmp_path / "more.csv", "--kind", "review", "--shop", empty, "--json")
    assert failed.code == 4 and failed.error["code"] == "index-encoder"
    assert failed.json["total"]["kept"] == 1 and failed.json["index"]["error"]["code"] == "index-encoder"
    assert len(run("customers", "--shop", empty, "--json").json) == 4
