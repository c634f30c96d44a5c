"""Customers who were once merged: an erasure takes the whole person, and what an undone merge left with somebody else."""

import pytest
import sqlalchemy as sa

from huaxiang.ledger import staff
from huaxiang.ledger.audit import audit
from huaxiang.ledger.chain import verify_chain
from huaxiang.ledger.merging import merge, unmerge
from huaxiang.ledger.project import current_profile
from huaxiang.ledger.retract import retract
from huaxiang.privacy.erase import core_holders, erase, resolve
from huaxiang.store import read
from huaxiang.store import tables as t

OF_K2 = [b"Reedham", b"I wear size 43", b"I avoid leather", b"555-0177"]


def test_a_merged_customer_is_erased_with_the_one_that_was_kept(shop, everything):
    merge(shop, "K1", "K2")
    assert resolve(shop, ["K1"]) == ["K1", "K2"]
    assert erase(shop, ["K1"], core_holders(shop)).customers == 2
    assert [one for one in OF_K2 if one in everything(shop.folder)] == []
    assert {row["customer_id"] for row in read.customer_list(shop)} == {"K3", "K4"} and audit(shop).ok


@pytest.mark.parametrize("gone", ["K1", "K2"])
def test_after_an_undone_merge_either_can_be_erased_and_the_other_stays_whole(shop, everything, gone, index):
    stays = {"K1": "K2", "K2": "K1"}[gone]
    profile = current_profile(shop, stays)
    merge(shop, "K1", "K2")
    staff.correct(shop, "K1", "clothing_size", "M", reason="said Tomas Reedham at the counter")
    unmerge(shop)
    erase(shop, [gone], core_holders(shop))
    if gone == "K2":
        assert [one for one in OF_K2 if one in everything(shop.folder)] == []
    index(shop)
    assert verify_chain(shop, stays) is None and audit(shop).ok
    now = {(one.name, str(one.value)) for one in current_profile(shop, stays).traits}
    assert {(one.name, str(one.value)) for one in profile.traits} <= now


def test_chains_are_only_linked_anew_where_something_went(shop):
    with shop.engine.connect() as connection:
        before = connection.execute(sa.select(t.ledger_tx.c.hash).where(t.ledger_tx.c.customer_id == "K3")).all()
    merge(shop, "K1", "K2")
    unmerge(shop)
    erase(shop, ["K2"], core_holders(shop))
    with shop.engine.connect() as connection:
        assert (
            connection.execute(sa.select(t.ledger_tx.c.hash).where(t.ledger_tx.c.customer_id == "K3")).all() == before
        )


def test_what_was_retracted_is_erased_too(shop, everything):
    retract(shop, "V2", reason="written by a neighbour of Orla")
    assert b"itch for hours" in everything(shop.folder)
    erase(shop, ["K1"], core_holders(shop))
    assert b"itch for hours" not in everything(shop.folder) and b"neighbour of Orla" not in everything(shop.folder)
