import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from huaxiang.errors import StoreError
from huaxiang.ledger.build import build_profiles
from huaxiang.ledger.chain import verify_chain
from huaxiang.ledger.project import current_profile, proposals
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.store import lexical, migrate
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

DUMP = Path(__file__).parent / "shop-v1.sql"
TOML = '[shop]\nname = "previous"\ntimezone = "Asia/Shanghai"\ntoday = 2024-06-30\n'


@pytest.fixture
def previous(tmp_path):
    """A shop as version 1 left it on disk."""
    folder = tmp_path / "previous"
    for name in ("index", "traces", "cache", "models"):
        (folder / name).mkdir(parents=True)
    (folder / "shop.toml").write_text(TOML, encoding="utf-8")
    made = sqlite3.connect(folder / "shop.sqlite", isolation_level=None)
    made.executescript("BEGIN;" + DUMP.read_text(encoding="utf-8") + "COMMIT;")
    made.close()
    return folder


def version(folder):
    made = sqlite3.connect(folder / "shop.sqlite")
    found = made.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0]
    made.close()
    return found


def test_a_shop_of_the_previous_version_opens_with_everything_that_was_in_it(previous):
    assert version(previous) == "1"
    shop = Shop.open(previous)
    assert version(previous) == str(t.SCHEMA_VERSION) != "1"
    traits = {(one.name, str(one.value)) for one in current_profile(shop, "K1").traits}
    assert {
        ("order_count", "1"),
        ("spend_minor", "{'CNY': 32000}"),
        ("avoids_material", "wool"),
        ("top_brand", "Larkfield"),
    } <= traits
    assert [one.name for one in proposals(shop, "K1")] == ["favourite_color"]
    assert [verify_chain(shop, one) for one in ("K1", "K2", "K3")] == [None, None, None]
    with shop.engine.connect() as connection:
        assert [one for one, _ in lexical.search(connection, "wool itch", customer_id="K1")]
        assert migrate.plan(connection).current
    shop.close()


def test_the_migrated_shop_works_on_and_an_erasure_in_it_leaves_nothing(previous):
    shop = Shop.open(previous)
    build_profiles(shop)
    assert erase(shop, ["K1"], core_holders(shop)).scan.found == 0
    assert current_profile(shop, "K2").traits
    shop.close()


def test_migrating_twice_changes_nothing(previous):
    shop = Shop.open(previous, as_it_is=True)
    with shop.engine.connect() as connection:
        before = migrate.plan(connection)
    assert before.version == 1 and {"suppressions", "exports", "operations"} <= set(before.tables)
    assert migrate.migrate(shop.engine) == before
    again = migrate.migrate(shop.engine)
    assert again.current and again.tables == ()
    shop.close()


def test_a_lost_table_and_a_lost_column_are_found_and_added(previous):
    made = sqlite3.connect(previous / "shop.sqlite")
    made.executescript(
        "DROP TABLE feedback; ALTER TABLE items DROP COLUMN material; ALTER TABLE events DROP COLUMN flags;"
    )
    made.close()
    shop = Shop.open(previous, as_it_is=True)
    found = migrate.migrate(shop.engine)
    assert "feedback" in found.tables and found.columns == ("events.flags", "items.material")
    with shop.engine.connect() as connection:
        assert connection.scalars(sa.select(t.events.c.flags).distinct()).all() == [""]
        assert connection.scalars(sa.select(t.items.c.material).distinct()).all() == [None]
    shop.close()


def test_a_step_that_fails_leaves_the_shop_as_it_was(previous, monkeypatch):
    def fails(connection):
        connection.exec_driver_sql("DELETE FROM events")
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    monkeypatch.setitem(migrate.STEPS, 1, fails)
    with pytest.raises(StoreError, match="huaxiang migrate") as error:
        Shop.open(previous)
    assert error.value.code == "schema-old"  # a step that changes what is there is never done unasked
    shop = Shop.open(previous, as_it_is=True)
    with pytest.raises(StoreError, match="it is as it was") as error:
        migrate.migrate(shop.engine)
    assert error.value.code == "migration-failed" and version(previous) == "1"
    with shop.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.events)) == 8
        assert "suppressions" not in sa.inspect(connection).get_table_names()
    shop.close()


def test_a_shop_of_a_newer_version_is_left_alone(previous):
    made = sqlite3.connect(previous / "shop.sqlite")
    made.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    made.commit()
    made.close()
    with pytest.raises(StoreError, match="update huaxiang"):
        Shop.open(previous)


def test_a_new_shop_has_all_tables_from_the_start(tmp_path):
    shop = Shop.create(tmp_path / "new")
    with shop.engine.begin() as connection:
        lexical.ensure(connection)
        assert migrate.plan(connection).current
    shop.close()
    shutil.rmtree(tmp_path / "new")
