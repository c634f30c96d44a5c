from __future__ import annotations

import os

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.errors import DataError, PolicyError
from huaxiang.ledger import chain, project, write
from huaxiang.ledger.entries import COLUMNS, Entry
from huaxiang.schema.pack import load_pack
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import tables as t

PACK = load_pack("retail")
DAY = 86_400
NOW = 1_782_835_199  # the last second of 2026-06-30 in Shanghai


def trait(
    name: str, value: object, *, days_ago: float = 0, source: str = "t1", basis: str = "stated", **more: object
) -> Trait:
    return Trait(
        trait_id="", customer_id="C1", name=name, value=value, basis=basis, recorded_at=0, valid_from=int(NOW - days_ago * DAY),
        evidence=(Citation(evidence_id=source, quote="x", start=0, end=1),), **more,
    )  # fmt: skip


def tell(shop, *traits: Trait, **more: object) -> int:
    with shop.begin() as connection:
        return write.assert_traits(connection, "C1", traits, pack=PACK, actor="test", **more)


def values(shop, name: str, **more: object) -> list[object]:
    return [one.value for one in project.current_profile(shop, "C1", **more).get(name)]


@pytest.fixture
def shop(make_shop):
    return make_shop([])


def test_the_same_value_from_the_same_evidence_is_written_once(shop):
    assert tell(shop, trait("has_pet", "cat")) == 1
    assert tell(shop, trait("has_pet", "cat")) == 0
    with shop.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.ledger_tx)) == 1


def test_a_second_source_raises_the_confidence_of_the_same_trait(shop):
    tell(shop, trait("has_pet", "cat"))
    alone = project.current_profile(shop, "C1").get("has_pet")[0]
    tell(shop, trait("has_pet", "cat", source="t2"))
    (both,) = project.current_profile(shop, "C1").get("has_pet")
    assert len(both.evidence) == 2
    assert both.confidence > alone.confidence


def test_confidence_falls_with_age_and_what_is_too_old_is_stale(shop):
    tell(shop, trait("budget_minor", {"CNY": 50000}, days_ago=200))
    older = project.current_profile(shop, "C1").get("budget_minor")[0].confidence
    assert older < project.current_profile(shop, "C1", as_of=NOW - 199 * DAY).get("budget_minor")[0].confidence
    later = project.current_profile(shop, "C1", as_of=NOW + 700 * DAY)
    assert later.get("budget_minor") == ()
    assert later.missing["budget_minor"] == "stale"


def test_the_newest_statement_holds_and_the_old_one_is_still_there_as_of_then(shop):
    tell(shop, trait("clothing_size", "S", days_ago=400), trait("clothing_size", "M", days_ago=10, source="t2"))
    assert values(shop, "clothing_size") == ["M"]
    assert values(shop, "clothing_size", as_of=NOW - 100 * DAY) == ["S"]
    assert [entry.op for entry in project.history(shop, "C1", "clothing_size")] == ["assert", "assert"]


def test_contradictions_of_one_week_are_a_conflict_and_neither_holds(shop):
    tell(shop, trait("clothing_size", "S"), trait("clothing_size", "M", days_ago=1, source="t2"))
    profile = project.current_profile(shop, "C1")
    assert profile.get("clothing_size") == ()
    assert profile.missing["clothing_size"] == "conflict"


def test_a_correction_by_staff_settles_a_conflict(shop):
    tell(shop, trait("clothing_size", "S"), trait("clothing_size", "M", source="t2"))
    tell(shop, trait("clothing_size", "L", basis="staff", source="n1"))
    assert values(shop, "clothing_size") == ["L"]


def test_a_taste_that_changed_ends_the_old_one_in_whatever_order_we_learn_it(shop):
    tell(shop, trait("dislikes", "coffee", days_ago=20, source="t2"))
    tell(shop, trait("likes", "coffee", days_ago=400))
    assert values(shop, "likes") == []
    assert values(shop, "dislikes") == ["coffee"]
    assert values(shop, "likes", as_of=NOW - 300 * DAY) == ["coffee"]


def test_what_is_for_others_stays_apart_from_the_customers_own(shop):
    tell(shop, trait("clothing_size", "L", for_whom="mother"))
    profile = project.current_profile(shop, "C1")
    assert profile.get("clothing_size")[0].for_whom == "mother"
    assert profile.missing["clothing_size"] == "no_evidence"


def test_a_retired_trait_no_longer_holds_but_did_when_we_believed_it(shop):
    with shop.begin() as connection:
        write.assert_traits(connection, "C1", [trait("has_pet", "cat")], pack=PACK, actor="test")
    (held,) = project.current_profile(shop, "C1").get("has_pet")
    with shop.begin() as connection:
        write.retire(connection, "C1", [held.trait_id], reason_code="wrong", actor="staff")
        with pytest.raises(DataError, match="profile show"):
            write.retire(connection, "C1", [held.trait_id], reason_code="wrong", actor="staff")
    assert values(shop, "has_pet") == []
    assert chain.verify_chain(shop, "C1") is None


def test_a_proposal_holds_only_once_staff_approve_it_and_a_rejected_one_does_not_come_back(shop):
    with shop.begin() as connection:
        write.propose(
            connection, "C1", [trait("hobby", "yoga"), trait("hobby", "running")], pack=PACK, actor="huaxiang"
        )
    waiting = {one.value: one.trait_id for one in project.proposals(shop, "C1")}
    assert values(shop, "hobby") == []
    with shop.begin() as connection:
        write.decide(connection, "C1", waiting["yoga"], approve=True, actor="Li", reason="said so by phone")
        write.decide(connection, "C1", waiting["running"], approve=False, actor="Li")
    assert values(shop, "hobby") == ["yoga"]
    assert tell(shop, trait("hobby", "running")) == 0
    with shop.begin() as connection:
        assert write.propose(connection, "C1", [trait("hobby", "running")], pack=PACK, actor="huaxiang") == 0


@pytest.mark.parametrize("value", ["血糖高", "because she is pregnant", "佛教用品"])
def test_sensitive_values_are_refused_at_write(shop, value):
    with pytest.raises(PolicyError, match="not the reason"):
        tell(shop, trait("likes", value))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (trait("favourite_car", "red"), "undeclared-field"),
        (trait("clothing_size", "very big"), "bad-value"),
        (trait("order_count", 3), "basis-not-allowed"),
        (trait("has_pet", "cat").model_copy(update={"evidence": ()}), "no-evidence"),
    ],
)
def test_what_the_pack_does_not_allow_is_refused_and_nothing_is_written(shop, bad, code):
    with pytest.raises(DataError) as caught:
        tell(shop, trait("has_pet", "cat"), bad)
    assert caught.value.code == code
    assert project.history(shop, "C1") == []


def test_recorded_times_never_run_backwards(shop):
    with shop.begin() as connection:
        for moment, value in ((2000, "cat"), (1000, "dog")):
            entry = write.new_entries(PACK, write.state_of(connection, "C1"), [trait("has_pet", value)])
            write.append(connection, {"C1": list(entry)}, actor="test", action="assert", now=moment)
    assert [entry.recorded_at for entry in project.history(shop, "C1")] == [2000, 2000]
    assert project.current_profile(shop, "C1", known_at=1999).traits == ()


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE ledger SET value = '\"dog\"' WHERE entry_id = 1", "DELETE FROM ledger WHERE entry_id = 1",
        "UPDATE ledger_tx SET actor = 'nobody' WHERE seq = 1",
    ],
)  # fmt: skip
def test_a_changed_past_breaks_the_chain_at_its_transaction(shop, tamper):
    tell(shop, trait("has_pet", "cat"))
    tell(shop, trait("has_pet", "bird"))
    assert chain.verify_chain(shop, "C1") is None
    with shop.begin() as connection:
        connection.execute(sa.text(tamper))
    assert chain.verify_chain(shop, "C1") == 1


TEXTS = st.none() | st.text(max_size=12)


@given(
    st.lists(
        st.tuples(*[st.text(max_size=9)] * 3, *[TEXTS] * 5, *[st.none() | st.integers()] * 2, *[TEXTS] * 2), max_size=4
    ),
    st.text(max_size=9),
)
def test_a_link_put_together_by_hand_is_the_link_of_the_canonical_json(rows, customer):
    head = {"customer_id": customer, "seq": 2, "recorded_at": 5, "actor": "huaxiang", "action": "build"}
    as_dicts = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert chain.link_entries(chain.GENESIS, head, rows) == chain.link(chain.GENESIS, head, as_dicts)


def test_very_many_traits_of_one_customer_are_written_and_read(shop):
    """A million of them: `HUAXIANG_MANY_TRAITS=1000000` here, or `benchmarks/ledger.py million` for seconds and memory."""
    count = int(os.environ.get("HUAXIANG_MANY_TRAITS", "3000"))
    for start in range(0, count, 50_000):
        lines = [
            Entry("assert", f"p{n:022x}", "likes", f'"thing {n}"', "stated", "[]", "made", None, NOW - DAY)
            for n in range(start, min(count, start + 50_000))
        ]
        with shop.begin() as connection:
            write.append(connection, {"C1": lines}, actor="made", action="made")
    profile = project.current_profile(shop, "C1", as_of=NOW)
    assert {one.value for one in profile.traits} == {f"thing {n}" for n in range(count)}
    assert chain.verify_chain(shop, "C1") is None
