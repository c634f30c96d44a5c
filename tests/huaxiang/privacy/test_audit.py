"""The audit: each check finds its defect, and nothing is found after any sequence of the program's own operations."""

import random

import pytest
import sqlalchemy as sa

from huaxiang.errors import DataError
from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import staff, undo
from huaxiang.ledger.audit import audit
from huaxiang.ledger.build import build_profiles
from huaxiang.ledger.entries import Entry, encode
from huaxiang.ledger.merging import merge, unmerge
from huaxiang.ledger.retract import retract
from huaxiang.ledger.write import append
from huaxiang.privacy import journal
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.privacy.probes import Probes
from huaxiang.store import lexical, read
from huaxiang.store import tables as t
from huaxiang.store.backup import backup
from huaxiang.store.restore import restore
from huaxiang.store.shop import Shop


def failing(shop):
    return {one.check: one for one in audit(shop).findings if one.found and one.level == "fail"}


def text_of(shop, customer, words):
    with shop.engine.connect() as connection:
        query = sa.select(t.evidence).where(t.evidence.c.customer_id == customer, t.evidence.c.clean.contains(words))
        return dict(connection.execute(query).mappings().first())


def put(shop, customer, name, value, *, basis="stated", cited=(), op="assert", trait_id=None):
    """An entry straight into the ledger, past every check."""
    entry = Entry(
        op=op, trait_id=trait_id or f"p{abs(hash((customer, name, str(value), basis))):022x}"[:23], name=name, value=encode(value), basis=basis,
        evidence=encode(list(cited)), method="test@1", valid_from=1_700_000_000,
    )  # fmt: skip
    with shop.begin() as connection:
        append(connection, {customer: [entry]}, actor="test", action="test")


def quote(source, words):
    at = source["clean"].index(words)
    return {"evidence_id": source["evidence_id"], "quote": words, "start": at, "end": at + len(words)}


def test_a_shop_as_it_was_made_is_clean(shop):
    report = audit(shop)
    assert report.ok and report.customers == 4 and report.traits > 30
    assert {one.check for one in report.findings} >= {"junk", "unsupported", "chain", "out-of-date", "erased", "index"}
    assert all(one.looked_at for one in report.findings if one.check != "erased")


def test_a_field_that_is_not_declared_is_junk(shop):
    put(shop, "K1", "shoe_smell", "roses", cited=[quote(text_of(shop, "K1", "wool"), "wool")])
    found = failing(shop)["junk"]
    assert found.found == 1 and "K1 shoe_smell" in found.examples[0] and "roses" not in found.examples[0]


@pytest.mark.parametrize("value", ["", "   ", "blood pressure"])
def test_empty_and_sensitive_values_are_junk(shop, value):
    put(shop, "K1", "likes", value, cited=[quote(text_of(shop, "K1", "wool"), "wool")])
    assert failing(shop)["junk"].found == 1


def test_one_thing_under_two_spellings_is_a_duplicate(shop):
    source = quote(text_of(shop, "K1", "wool"), "wool")
    put(shop, "K1", "avoids_material", "羊毛", cited=[source])
    assert "duplicates" in failing(shop)


def test_no_evidence_foreign_evidence_and_a_wrong_quote_are_unsupported(shop):
    mine, foreign = text_of(shop, "K1", "wool"), text_of(shop, "K2", "leather")
    put(shop, "K1", "avoids_material", "silk")
    put(shop, "K1", "avoids_material", "leather", cited=[quote(foreign, "avoid leather")])
    put(shop, "K1", "avoids_material", "linen", cited=[{**quote(mine, "wool"), "start": 1, "end": 5}])
    assert failing(shop)["unsupported"].found == 3


def test_what_the_words_do_not_say_is_unsupported_even_with_a_true_quote(shop):
    put(shop, "K1", "likes", "wool", cited=[quote(text_of(shop, "K1", "wool"), "I can't wear wool")])
    assert failing(shop)["unsupported"].found == 1


def test_what_staff_wrote_and_what_the_program_wrote_feed_no_taste(shop):
    staff_wrote = text_of(shop, "K3", "反馈")
    with shop.engine.connect() as connection:
        summary = dict(
            connection.execute(sa.select(t.evidence).where(t.evidence.c.kind == "summary")).mappings().first()
        )
    put(shop, "K3", "likes", "反馈", cited=[quote(staff_wrote, "反馈")])
    put(
        shop,
        summary["customer_id"],
        "likes",
        "P1",
        cited=[{"evidence_id": summary["evidence_id"], "quote": "", "start": 0, "end": 0}],
    )
    assert failing(shop)["self-fed"].found == 2


def test_an_old_statement_is_stale_which_is_work_and_no_fault(shop):
    with shop.begin() as connection:
        connection.execute(t.meta.insert().values(key="x", value="y"))
    source = quote(text_of(shop, "K2", "size 43"), "I wear size 43")
    entry = Entry(
        op="assert", trait_id="pstale", name="shoe_size", value="43", basis="stated", evidence=encode([source]), method="m", valid_from=1,
    )  # fmt: skip
    with shop.begin() as connection:
        append(connection, {"K2": [entry]}, actor="test", action="test")
    (found,) = [one for one in audit(shop).findings if one.check == "stale"]
    assert found.level == "note" and found.found == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE source_id = 'V2'",
        "DELETE FROM evidence WHERE kind = 'text' AND customer_id = 'K2'",
        "UPDATE evidence SET customer_id = 'K2' WHERE customer_id = 'K4' AND kind = 'text'",
        "DELETE FROM ledger_tx WHERE customer_id = 'K1'",
        "CREATE TABLE odd (n INTEGER)",
    ],
)
def test_rows_without_what_they_stand_on_are_orphaned(shop, statement):
    with shop.begin() as connection:
        connection.exec_driver_sql(statement)
    assert "orphaned" in failing(shop)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM lexical_rows WHERE customer_id = 'K2'",
        "UPDATE lexical_rows SET customer_id = 'K1' WHERE customer_id = 'K2'",
        "UPDATE vectors SET customer_id = 'K1' WHERE customer_id = 'K2'",
        "UPDATE vectors SET content_hash = 'x' WHERE customer_id = 'K2'",
        "UPDATE lexical_rows SET tokens = 'something else' WHERE customer_id = 'K2'",
    ],
)
def test_an_index_out_of_step_is_found(shop, statement):
    with shop.begin() as connection:
        connection.exec_driver_sql(statement)
    assert "index" in failing(shop)


def test_a_text_without_a_vector_where_others_have_one_is_an_index_out_of_step(shop):
    with shop.begin() as connection:
        gone = connection.execute(t.vectors.delete().where(t.vectors.c.customer_id == "K2")).rowcount
    report = audit(shop)
    (found,) = [one for one in report.findings if one.check == "index"]
    assert (report.ok, found.level, found.found) == (False, "fail", gone) and found.examples[0].startswith(
        "no vector of "
    )


def test_a_shop_that_was_never_indexed_is_in_step(shop):
    with shop.begin() as connection:
        connection.execute(t.vectors.delete())
    assert "index" not in failing(shop)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET value = '9' WHERE name = 'order_count' AND customer_id = 'K1'",
        "UPDATE ledger_tx SET actor = 'x'",
    ],
)
def test_a_changed_ledger_breaks_its_chain(shop, statement):
    with shop.begin() as connection:
        connection.exec_driver_sql(statement)
    assert "chain" in failing(shop)


def test_figures_that_a_build_would_change_are_out_of_date_and_the_audit_changes_nothing(shop, index):
    with shop.begin() as connection:
        connection.exec_driver_sql("UPDATE events SET amount_minor = 1 WHERE source_id = 'V1'")
    before = read.customer_list(shop)
    found = failing(shop)["out-of-date"]
    assert found.examples == ("K1",) and read.customer_list(shop) == before
    build_profiles(shop)
    assert set(failing(shop)) == {"index"}  # the new sentence has no vector yet
    index(shop)
    assert failing(shop) == {}


def test_who_should_be_gone_is_found(shop, files):
    erase(shop, ["K1"], core_holders(shop))
    with shop.begin() as connection:
        connection.execute(t.customers.insert().values(customer_id="K1", flags="", attrs="{}"))
    journal.write(shop, Probes(frozenset({"K2"})))
    assert failing(shop)["erased"].found == 2


class Life:
    """Operations on a shop, chosen at random."""

    def __init__(self, shop: Shop, seed: int, files, tmp_path) -> None:
        self.shop, self.random, self.files, self.folder = shop, random.Random(seed), files, tmp_path
        self.done: list[str] = []

    def step(self) -> None:
        name = self.random.choice([one for one in dir(self) if one.startswith("do_")])
        try:
            getattr(self, name)()
            self.done.append(name)
        except DataError as error:  # nothing to undo, nobody to merge: refused whole
            self.done.append(f"{name} refused: {error.code}")

    def somebody(self) -> str:
        return self.random.choice([row["customer_id"] for row in read.customer_list(self.shop)] or ["K1"])

    def do_import(self) -> None:
        report = import_paths(self.shop, self.files())
        build_profiles(self.shop, sorted(report.customer_ids) or None)
        extract_rules(self.shop, sorted(report.customer_ids) or None)

    def do_build(self) -> None:
        build_profiles(self.shop)

    def do_retract(self) -> None:
        retract(self.shop, self.random.choice(["V1", "V2", "V3", "V5", "V7", "V9"]))

    def do_merge(self) -> None:
        merge(self.shop, self.somebody(), self.somebody())

    def do_unmerge(self) -> None:
        unmerge(self.shop)

    def do_undo(self) -> None:
        undo.undo(self.shop)

    def do_correct(self) -> None:
        staff.correct(self.shop, self.somebody(), "clothing_size", self.random.choice(["S", "M", "L"]))

    def do_erase(self) -> None:
        erase(self.shop, [self.somebody()], core_holders(self.shop))

    def do_backup_and_restore(self) -> None:
        target = self.folder / f"b{len(self.done)}.tar"
        backup(self.shop, target)
        folder = self.shop.folder
        self.shop.close()
        restore(target, folder, replace=True)
        self.shop = Shop.open(folder)


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_operations_leaves_a_clean_shop(shop, seed, files, tmp_path, index):
    life = Life(shop, seed, files, tmp_path)
    for _ in range(7):
        life.step()
    index(life.shop)
    assert failing(life.shop) == {}, life.done
    life.shop.close()


def test_the_lexical_check_is_sqlites_own(shop):
    with shop.begin() as connection:
        assert lexical.exists(connection)
        connection.exec_driver_sql("DELETE FROM lexical_data WHERE id > 10")
    assert "index" in failing(shop)
