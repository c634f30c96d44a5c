import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from huaxiang.privacy import tables_of
from huaxiang.privacy.database import Database
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.privacy.probes import Probes
from huaxiang.store import tables as t

ROOT = Path(__file__).resolve().parents[3]
SAID = {"K1": "seven grey herons slept on the old pier", "K2": "four brown owls woke beneath a new bridge"}
PACKAGES = ("huaxiang", "vectorstore", "tools", "agent", "evaluation", "ui")


def test_every_declared_table_is_known_to_hold_customer_data_or_to_hold_none():
    unknown = [
        name
        for name, table in tables_of.declared().tables.items()
        if tables_of.place_of(name, table.c.keys()) is None and name not in tables_of.IMPERSONAL
    ]
    assert unknown == []


def test_what_is_called_impersonal_has_no_column_of_a_customer():
    for name in tables_of.IMPERSONAL:
        table = tables_of.declared().tables.get(name)
        if table is not None:
            assert not [
                column for column in map(str, table.c.keys()) if "customer" in column or column in tables_of.LINKS
            ]


def test_every_module_that_declares_a_table_of_the_shop_is_listed():
    """A table whose module nobody imports would be missed by a migration."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
                named = [ast.unparse(one) for one in node.args[1:2]] if isinstance(node, ast.Call) else []
                if called in ("Table", "sa.Table") and named in (["metadata"], ["t.metadata"]):
                    found.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert found <= {*tables_of.MODULES, "huaxiang.store.tables"} and "huaxiang.ingest.fingerprints" in found


@pytest.mark.parametrize("column", ["gift_customer_id", "evidence_id"])
def test_a_table_nobody_has_heard_of_is_erased_too(shop, column):
    with shop.begin() as connection:
        of = {"event_id": (t.events, "event_id"), "evidence_id": (t.evidence, "evidence_id")}.get(column)
        values = {one: one for one in ("K1", "K2")}
        if of is not None:
            for one in values:
                values[one] = connection.scalar(sa.select(of[0].c[of[1]]).where(of[0].c.customer_id == one).limit(1))
        connection.exec_driver_sql(f"CREATE TABLE later (n INTEGER, {column} TEXT, words TEXT)")
        for one, value in values.items():
            connection.exec_driver_sql("INSERT INTO later VALUES (1, ?, ?)", (value, SAID[one]))
    report = erase(shop, ["K1"], core_holders(shop))
    assert report.scan.found == 0 and SAID["K1"].encode() not in (shop.folder / "shop.sqlite").read_bytes()
    with shop.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT words FROM later").fetchall() == [(SAID["K2"],)]


def test_a_table_without_a_way_to_a_customer_is_reported(shop):
    with shop.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE odd (n INTEGER, words TEXT)")
        assert tables_of.unclassified(connection) == ["odd"]


def test_counts_name_each_table_and_export_has_each_row(shop):
    holder, who = Database(shop), Probes(frozenset({"K1"}))
    counts = holder.counts(who)
    assert counts["events"] == 3 and counts["contacts"] == 2 and counts["lexical_rows"] > 2
    rows = list(holder.export(who))
    assert sum(one["table"] == "events" for one in rows) == 3
    assert rows[0]["table"] == "customers"
