import re

import pytest
import sqlalchemy as sa

from huaxiang.models.cards import CARDS, LLM
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from ui.cli import checks, prepare


def _state(run, *args):
    done = run("doctor", *args, "--json")
    return done, {one["name"]: one for one in done.json["checks"]}


def test_a_sound_shop_passes_and_absent_models_are_no_failure(run, filled):
    done, found = _state(run, "--shop", filled, "--deep")
    assert done.code == 0 and done.json["ok"] is True and done.json["failed"] == 0
    assert found["model llm"]["state"] == "warn" and "huaxiang models fetch" in found["model llm"]["mend"]
    for name in (
        "python",
        "own packages",
        "full-text search",
        "shop",
        "database",
        "write lock",
        "imports",
        "words",
        "ledger",
        "clock",
    ):
        assert found[name]["state"] == "ok", found[name]


def test_without_a_shop_the_machine_is_checked(run):
    done, found = _state(run)
    assert done.code == 0 and found["shop"]["state"] == "warn" and "huaxiang init" in found["shop"]["mend"]


def test_a_shop_that_is_not_there_fails_with_exit_code_1(run):
    done, found = _state(run, "--shop", "nope")
    assert done.code == 1 and found["shop"]["state"] == "fail"
    assert "fail" in run("doctor", "--shop", "nope").out


def test_a_cut_off_model_file_fails_and_says_how_to_mend_it(run, filled, tmp_path, monkeypatch):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    folder = tmp_path / "models" / LLM
    folder.mkdir(parents=True)
    (folder / CARDS[LLM].file).write_bytes(b"GGUF and no more")
    done, found = _state(run, "--shop", filled)
    assert done.code == 1 and "cut off" in found["model llm"]["message"]
    assert f"huaxiang models fetch {LLM}" in found["model llm"]["mend"]


def test_a_stopped_import_and_profiles_behind_are_seen(run, empty, reviews):
    run("import", reviews, "--shop", empty, "--no-index")
    shop = Shop.open(empty)
    with shop.begin() as connection:
        connection.execute(t.batches.update().values(finished_at=None))
    prepare.mark(shop)
    shop.close()
    done, found = _state(run, "--shop", empty)
    assert done.code == 0 and found["imports"]["state"] == "warn" and "reviews.csv" in found["imports"]["message"]
    assert found["profiles"]["mend"] == "huaxiang profile build"
    run("profile", "build", "--shop", empty)
    assert _state(run, "--shop", empty)[1]["profiles"]["state"] == "ok"


def test_vectors_of_another_encoder_fail_with_the_command_that_replaces_them(run, empty, reviews):
    run("import", reviews, "--shop", empty)
    shop = Shop.open(empty)
    with shop.begin() as connection:
        connection.execute(t.vectors.update().values(encoder="somebody-elses"))
    shop.close()
    done, found = _state(run, "--shop", empty)
    assert done.code == 1 and "somebody-elses" in found["vectors"]["message"]
    assert "huaxiang index --rebuild" in found["vectors"]["mend"]


def test_texts_that_are_not_embedded_are_counted(run, filled):
    found = _state(run, "--shop", filled)[1]
    assert found["vectors"]["state"] == "warn" and found["vectors"]["mend"] == "huaxiang index"


def test_a_changed_ledger_is_seen_with_deep(run, empty, reviews):
    run("import", reviews, "--shop", empty, "--no-index")
    shop = Shop.open(empty)
    with shop.begin() as connection:
        connection.execute(t.ledger.update().where(t.ledger.c.customer_id == "ann").values(value=sa.literal('"999"')))
    shop.close()
    assert _state(run, "--shop", empty, "--deep")[1]["ledger"]["state"] == "fail"


def test_a_shop_that_somebody_writes_to_is_said_so(run, empty):
    shop = Shop.open(empty)
    with shop.writing():
        found = _state(run, "--shop", empty)[1]
    shop.close()
    assert found["write lock"]["state"] == "warn" and "another process" in found["write lock"]["message"]


def test_a_clock_before_the_last_event_is_seen(run, filled, monkeypatch):
    monkeypatch.setenv("HUAXIANG_SHOP__TODAY", "2025-03-15")
    found = _state(run, "--shop", filled)[1]["clock"]
    assert found["state"] == "warn" and "2025-05-02" in found["message"]


def test_settings_that_cannot_work_fail(run, filled):
    done, found = _state(run, "--shop", filled, "--llm", "openai")
    assert (
        done.code == 1
        and found["language model"]["state"] == "fail"
        and "base_url" in found["language model"]["message"]
    )


@pytest.mark.parametrize(
    ("version", "spec", "good"),
    [
        ("2.12.3", ">=2.11,<3", True), ("3.0", "<3,>=2.11", False), ("2.4.1", ">=2.0,<2.5", True), ("0.1.0", "==0.1.0", True),
        ("1.2", "~=1.1", True), ("2.0", "~=1.1", False), ("2026.10.1", ">=2026.10", True), ("3.0.0rc1", "", True), ("1.5", "!=1.5", False),
    ],
)  # fmt: skip
def test_versions_are_compared_by_their_numbers(version, spec, good):
    assert checks.fits(version, spec) is good


def test_checks_and_reports_speak_chinese_and_machines_read_english(run, filled, tmp_path):
    def english(text):
        without_commands = re.sub(r"huaxiang [a-z]+( [a-z]+)?", "", text)
        return re.findall(r"\b[a-z]{2,},? [a-z]{2,} [a-z]{2,}\b", without_commands)

    shown = run("doctor", "--shop", filled, "--deep", "--language", "zh")
    assert "字词索引" in shown.out and "项检查" in shown.out and english(shown.out) == []
    checks = run("doctor", "--shop", filled, "--json", "--language", "zh").json["checks"]
    assert {"words", "vectors"} <= {one["name"] for one in checks}
    for verb in (("index", "--status", "--shop", filled), ("models", "list"), ("init", tmp_path / "new")):
        said = run(*verb, "--language", "zh")
        assert said.code == 0 and re.search("[一-鿿]", said.out) and english(said.out) == []
