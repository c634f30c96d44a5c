import json

import pytest
import sqlalchemy as sa

from huaxiang.errors import ConfigError, DataError
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import audit, write
from huaxiang.ledger.chain import verify_chain
from huaxiang.ledger.merging import merge
from huaxiang.ledger.project import current_profile, pack_of, proposals
from huaxiang.privacy import suppression
from huaxiang.privacy.erase import core_holders, erase, exported
from huaxiang.privacy.export import export_customer, import_customer, is_export
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop


@pytest.fixture
def other(shop, tmp_path):
    """An empty shop with the same settings."""
    made = Shop.create(tmp_path / "other")
    (made.folder / "shop.toml").write_text((shop.folder / "shop.toml").read_text(encoding="utf-8"), encoding="utf-8")
    made.close()
    opened = Shop.open(made.folder)
    yield opened
    opened.close()


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rewrite(path, lines):
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize("customer", ["K1", "K3"])
def test_an_exported_customer_imports_to_the_same_profile(shop, other, tmp_path, customer):
    with shop.begin() as connection:
        source = connection.execute(
            sa.select(t.evidence).where(t.evidence.c.customer_id == "K1", t.evidence.c.clean.contains("grey"))
        ).mappings().first()  # fmt: skip
        at = source["clean"].index("grey")
        cited = (Citation(evidence_id=source["evidence_id"], quote="grey", start=at, end=at + 4),)
        trait = Trait(
            trait_id="",
            customer_id="K1",
            name="favourite_color",
            value="grey",
            basis="inferred",
            evidence=cited,
            method="m@1",
            recorded_at=0,
        )
        write.propose(connection, "K1", [trait], pack=pack_of(shop), actor="staff")
    report = export_customer(shop, customer, tmp_path / "k.jsonl", core_holders(shop))
    assert is_export(tmp_path / "k.jsonl") and report.rows["events"] == 3
    done = import_customer(other, tmp_path / "k.jsonl")
    assert done.new == sum(report.rows.values()) and done.known == 0
    assert current_profile(other, customer) == current_profile(shop, customer)
    assert proposals(other, customer) == proposals(shop, customer)
    assert verify_chain(other, customer) is None and audit.audit(other).ok
    with other.engine.connect() as connection:
        word = "wool" if customer == "K1" else "羊毛"
        assert lexical.search(connection, word, customer_id=customer)


def test_importing_an_export_twice_changes_nothing(shop, other, tmp_path):
    export_customer(shop, "K1", tmp_path / "k.jsonl")
    import_customer(other, tmp_path / "k.jsonl")
    again = import_customer(other, tmp_path / "k.jsonl")
    assert again.new == 0 and current_profile(other, "K1") == current_profile(shop, "K1")


def test_who_was_merged_is_exported_together(shop, other, tmp_path):
    merge(shop, "K2", "K4")
    assert export_customer(shop, "K2", tmp_path / "k.jsonl").customers == ("K2", "K4")
    import_customer(other, tmp_path / "k.jsonl")
    assert current_profile(other, "K2") == current_profile(shop, "K2")


def test_an_export_holds_nobody_else_and_no_question_of_staff(shop, tmp_path):
    export_customer(shop, "K1", tmp_path / "k.jsonl")
    text = (tmp_path / "k.jsonl").read_text(encoding="utf-8")
    assert "Orla" in text and "avoids wool" not in text
    for one in ("K2", "K3", "K4", "Tomas", "苏晚晴"):
        assert one not in text


def test_the_register_names_the_file_until_the_customer_is_erased(shop, tmp_path):
    export_customer(shop, "K1", tmp_path / "k.jsonl")
    assert exported(shop, ["K1"]) == ("k.jsonl",) and exported(shop, ["K2"]) == ()
    erase(shop, ["K1"], core_holders(shop))
    assert exported(shop, ["K1"]) == ()


def test_an_erased_customer_comes_back_from_an_export_only_when_readmitted(shop, tmp_path):
    profile = current_profile(shop, "K1")
    export_customer(shop, "K1", tmp_path / "k.jsonl")
    erase(shop, ["K1"], core_holders(shop))
    with pytest.raises(DataError, match="--readmit") as error:
        import_customer(shop, tmp_path / "k.jsonl")
    assert error.value.code == "erased-customer"
    with shop.begin() as connection:
        suppression.lift(connection, ["K1"])
    import_customer(shop, tmp_path / "k.jsonl")
    assert current_profile(shop, "K1") == profile


def change(lines, table, **values):
    line = next(one for one in lines if one.get("table") == table)
    line["row"].update(values)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (lambda lines: change(lines, "ledger", value='"leather"'), "ledger of K1 was changed"),
        (lambda lines: lines.remove(next(one for one in lines if one.get("table") == "ledger_tx")), "ledger of K1 was changed"),
        (lambda lines: change(lines, "events", customer_id="K2"), "not this customer's"),
        (lambda lines: lines.insert(1, {"table": "meta", "row": {"key": "x", "value": "y"}}), "does not bring"),
        (lambda lines: lines.insert(1, {"table": "operations", "row": {"customer_id": "K1"}}), "does not bring"),
        (lambda lines: change(lines, "events", evil="x"), "not this customer's"),
        (lambda lines: lines.pop(), "no whole export"),
        (lambda lines: lines.insert(1, ["x"]), "no whole export"),
        (lambda lines: lines[0].update(schema_version=999), "newer version"),
    ],
)  # fmt: skip
def test_an_export_that_was_changed_is_refused_and_nothing_is_written(shop, other, tmp_path, what, message):
    export_customer(shop, "K1", tmp_path / "k.jsonl")
    lines = rows(tmp_path / "k.jsonl")
    what(lines)
    rewrite(tmp_path / "k.jsonl", lines)
    with pytest.raises(DataError, match=message) as error:
        import_customer(other, tmp_path / "k.jsonl")
    assert error.value.code == "bad-export"
    with other.engine.connect() as connection:
        assert connection.execute(sa.select(t.customers)).first() is None


def test_a_customer_with_another_history_is_not_overwritten(shop, other, tmp_path, files):
    from huaxiang.ledger.build import build_profiles

    export_customer(shop, "K1", tmp_path / "k.jsonl")
    import_paths(other, files())
    build_profiles(other)
    before = current_profile(other, "K1")
    with pytest.raises(DataError, match="another history") as error:
        import_customer(other, tmp_path / "k.jsonl")
    assert error.value.code == "customer-differs" and current_profile(other, "K1") == before


def test_unknown_customers_and_files_that_exist_are_refused(shop, tmp_path):
    with pytest.raises(DataError, match="nobody has the id 'K9'"):
        export_customer(shop, "K9", tmp_path / "k.jsonl")
    (tmp_path / "k.jsonl").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigError, match="another name"):
        export_customer(shop, "K1", tmp_path / "k.jsonl")
    assert not is_export(tmp_path / "k.jsonl") and not is_export(tmp_path / "none")
