"""The same shop on PostgreSQL as on SQLite: a server of our own for the test, where its programs and psycopg are found."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.profiles import extraction_cache as cache
from huaxiang.errors import ConfigError
from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import chain, moments, project, review, staff
from huaxiang.ledger.audit import audit
from huaxiang.ledger.build import build_profiles
from huaxiang.ledger.merging import merge, unmerge
from huaxiang.ledger.retract import retract
from huaxiang.ledger.stream import Stream
from huaxiang.ledger.undo import undo
from huaxiang.ledger.why import why
from huaxiang.privacy import runs
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.privacy.export import export_customer, import_customer
from huaxiang.schema.answer import Answer
from huaxiang.store import evidence as stored
from huaxiang.store import lexical, migrate
from huaxiang.store import tables as t
from huaxiang.store.backup import backup
from huaxiang.store.shop import Shop
from tools import catalogue
from tools.base import Deps

ROWS = [
    {"source_id": "1", "kind": "order", "customer_id": "A", "occurred_at": "2026-01-02", "order_id": "O1", "item_id": "I1", "amount": "320", "currency": "CNY"},
    {"source_id": "2", "kind": "review", "customer_id": "A", "occurred_at": "2026-01-05", "item_id": "I1", "rating": 4, "text": "平时穿M码，我对羊毛过敏。我家两只猫"},
    {"source_id": "3", "kind": "review", "customer_id": "B", "occurred_at": "2026-02-05", "item_id": "I1", "rating": 2, "text": "I can't wear wool. I love green tea's smell."},
    {"source_id": "4", "kind": "message", "customer_id": "B", "occurred_at": "2026-03-05", "text": "Please text me from now on"},
    {"source_id": "6", "kind": "order", "customer_id": "B", "occurred_at": "2026-03-01", "order_id": "O2", "item_id": "I1", "amount": "300", "currency": "CNY"},
    {"source_id": "5", "kind": "return", "customer_id": "B", "occurred_at": "2026-03-06", "order_id": "O2", "text": "太扎人"},
]  # fmt: skip
_NUMBERS = itertools.count()


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps it off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def server():
    """The socket's folder of a PostgreSQL server that lives as long as this module."""
    pytest.importorskip("psycopg", reason="psycopg (the extra `scale`) is not installed")
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="hxpg"))
    more = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        more = {"user": "postgres"}
        try:
            shutil.chown(home, "postgres")
        except LookupError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")

    def call(*words: str) -> None:
        subprocess.run(words, cwd="/", check=True, capture_output=True, timeout=120, **more)

    call(f"{bin_}/initdb", "-D", f"{home}/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
    quiet = f"-F -k {home} -c listen_addresses=''"
    call(f"{bin_}/pg_ctl", "-D", f"{home}/data", "-w", "-l", f"{home}/log", "-o", quiet, "start")
    yield home
    call(f"{bin_}/pg_ctl", "-D", f"{home}/data", "-m", "immediate", "stop")
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def make(server, tmp_path):
    """A new shop on the server, or in SQLite beside it."""
    shops = []

    def go(where: str = "postgres") -> Shop:
        number = next(_NUMBERS)
        settings = {"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)}
        if where == "postgres":
            admin = sa.create_engine(
                f"postgresql+psycopg://postgres@/postgres?host={server}", isolation_level="AUTOCOMMIT"
            )
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE shop{number}")
            admin.dispose()
            settings["database_url"] = f"postgresql+psycopg://postgres@/shop{number}?host={server}"
        shops.append(Shop.create(tmp_path / f"shop{number}", settings=settings))
        return shops[-1]

    yield go
    for shop in shops:
        shop.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def fill(shop, file):
    import_paths(shop, [file])
    build_profiles(shop)
    extract_rules(shop)
    return shop


def facts(shop):
    """What the profiles say, without what the moment of writing decides."""
    found = project.profiles(shop, ["A", "B"])
    return {
        (customer, one.name, json.dumps(one.value), one.basis, round(one.confidence, 6), one.for_whom, tuple(c.evidence_id for c in one.evidence))
        for customer, profile in found.items() for one in profile.traits
    }  # fmt: skip


def wrong(shop):
    return {one.check: one.examples for one in audit(shop).findings if one.found and one.level == "fail"}


def test_the_same_files_make_the_same_profiles(make, file):
    server, local = fill(make(), file), fill(make("sqlite"), file)
    assert server.engine.dialect.name == "postgresql" and not server.is_sqlite
    assert facts(server) == facts(local) and len(facts(server)) > 10
    again = import_paths(server, [file])
    assert (again.total.events, again.total.duplicated) == (0, len(ROWS))
    assert (wrong(server), [chain.verify_chain(server, one) for one in "AB"]) == ({}, [None, None])


def test_a_stream_comes_to_what_an_import_came_to(make, file):
    whole, piece = fill(make(), file), make()
    with Stream(piece) as stream:
        for row in ROWS:
            stream.push([row])
        assert stream.push([ROWS[0]]).events == 0
    assert facts(piece) == facts(whole)
    assert wrong(piece) == {}


def test_words_are_found_in_both_languages(make, file):
    shop = fill(make(), file)
    with shop.engine.connect() as connection:
        found = {
            word: [key for key, _ in lexical.search(connection, word)]
            for word in ("wool", "羊毛", "green tea's", "a & b | !")
        }
        mine = lexical.search(connection, "wool", customer_id="A")
    assert found["wool"] and found["羊毛"] and found["green tea's"] and mine == []
    assert {one.customer_id for one in stored.get(shop, found["羊毛"]).values()} == {"A"}


def test_what_staff_do_can_be_taken_back(make, file):
    shop = fill(make(), file)
    before = facts(shop)
    for act in (
        lambda: staff.correct(shop, "A", "clothing_size", "L", actor="mei", reason="told us"),
        lambda: staff.remove(shop, "A", "has_pet", actor="mei"),
        lambda: retract(shop, "2"),
        lambda: merge(shop, "A", "B"),
    ):
        act()
        assert facts(shop) != before
        undo(shop)
        assert facts(shop) == before
    merge(shop, "A", "B")
    unmerge(shop)
    assert facts(shop) == before and wrong(shop) == {}


def test_replay_answers_as_ever(make, file):
    server, local = fill(make(), file), fill(make("sqlite"), file)
    for look in (
        lambda shop: [one.value for one in why(shop, "B", "avoids_material").held],
        lambda shop: [(c.name, c.kind) for c in moments.diff(shop, "B", date(2026, 1, 1), date(2026, 6, 1)).changes],
        lambda shop: [(c.name, c.kind) for c in moments.what_if(shop, "B", ["3"]).changes],
        lambda shop: [(one.name, one.because) for one in review.ask(shop, "A", limit=9)],
        lambda shop: len(review.queue(shop)),
    ):
        assert look(server) == look(local)
    deps = [Deps(shop=one, index=None, sentiment=lambda: None) for one in (server, local)]
    for name, args in (
        ("find_by_trait", {"fields": ("avoids_material",), "values": ("wool",)}),
        ("query_records", {"kinds": ("order",)}),
        ("find_customers", {"sort_by": "order_count"}),
    ):
        spec = catalogue.get(name)
        texts = [spec.run(spec.args(**args), one).to_text(language="en") for one in deps]
        assert texts[0] == texts[1] and texts[0]


def test_an_export_goes_from_one_store_to_the_other_and_back(make, file, tmp_path):
    server, local = fill(make(), file), make("sqlite")
    before = {one for one in facts(server) if one[0] == "A"}
    export_customer(server, "A", tmp_path / "a.jsonl", core_holders(server))
    import_customer(local, tmp_path / "a.jsonl")
    assert {one for one in facts(local) if one[0] == "A"} == before
    export_customer(local, "A", tmp_path / "b.jsonl", core_holders(local))
    third = make()
    import_customer(third, tmp_path / "b.jsonl")
    assert {one for one in facts(third) if one[0] == "A"} == before
    assert chain.verify_chain(third, "A") is None


def test_an_erased_customer_is_gone_and_does_not_come_back(make, file):
    shop = fill(make(), file)
    runs.RunLog(shop).add(
        Answer(question="q", language="en", answer="a", run_id="r1", customers=("A", "B")), who="mei", role="support", purpose="service"
    )  # fmt: skip
    kept = {one for one in facts(shop) if one[0] == "B"}
    report = erase(shop, ["A"], core_holders(shop))
    assert report.scan.found == 0 and facts(shop) == kept
    assert import_paths(shop, [file]).total.rejected["erased-customer"].count == 2
    assert [len(one.customers[0]) for one in runs.read(shop)] in ([1, 64], [64, 1])
    assert wrong(shop) == {}


def test_what_a_model_said_is_found_by_the_text(make, file):
    shop = fill(make(), file)
    (text,) = [one for one in stored.texts_of(shop, "B") if "wool" in one.clean]
    cache.keep(
        shop, "m", "m", "A", [text.model_copy(update={"customer_id": "A"})], {text.evidence_id: [{"field": "x"}]}
    )
    found, borrowed = cache.find(shop, "m", [text])
    assert found == {text.evidence_id: [{"field": "x"}]} and borrowed == [text]
    cache.keep(shop, "m", "m", "B", borrowed, found)
    assert cache.find(shop, "m", [text])[1] == [] and cache.find(shop, "other", [text])[0] == {}


def test_a_shop_of_an_earlier_version_is_brought_up_to_date(make, file):
    shop = fill(make(), file)
    with shop.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback DROP COLUMN comment")
        connection.execute(t.meta.update().where(t.meta.c.key == "schema_version").values(value="1"))
    assert migrate.migrate(shop.engine).columns == ("feedback.comment",)
    assert migrate.migrate(shop.engine).current
    assert Shop.open(shop.folder).today() == date(2026, 6, 30)


def test_a_backup_of_a_server_is_the_servers(make, file, tmp_path):
    with pytest.raises(ConfigError, match="pg_dump"):
        backup(fill(make(), file), tmp_path / "backup.tar")
