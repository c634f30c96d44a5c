"""Statements' words are indexed late, and yet are found whenever somebody asks."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from huaxiang.ledger import build
from huaxiang.ledger.audit import audit
from huaxiang.ledger.stream import Stream
from huaxiang.store import evidence, lexical
from huaxiang.store.shop import DATABASE

ITEMS = [{"item_id": "tea", "title": "白茶", "title_en": "white tea", "category": "food", "brand": "禾下"}]
FIRST = [
    {"kind": "order", "order_id": "O1", "item_id": "tea", "amount_minor": 9000, "currency": "CNY",
     "occurred_at": "2026-01-05 20:00:00"},
    {"kind": "review", "rating": 4.0, "occurred_at": "2026-02-09 20:00:00", "text": "我家两只猫都爱闻。"},
]  # fmt: skip
AGAIN = [{"kind": "order", "customer_id": "C1", "order_id": "O9", "item_id": "tea", "amount": 5, "currency": "CNY",
          "occurred_at": "2026-03-05 20:00:00"}]  # fmt: skip


def names(shop, query, customer=None):
    with shop.engine.connect() as connection:
        return {one for one, _ in lexical.search(connection, query, customer_id=customer, limit=50)}


def waiting(shop):
    with shop.engine.connect() as connection:
        return lexical.waiting(connection)


@pytest.mark.parametrize("customer", ["C1", None])
def test_a_build_leaves_words_for_later_and_a_search_still_finds_them(make_shop, customer):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    assert waiting(shop) == ["C1"]
    assert not [one for one in audit(shop).findings if one.check == "index" and one.found]
    found = evidence.get(shop, names(shop, "累计消费 spent", customer))
    assert any(one.rule == "orders.spend@1" for one in found.values())
    assert waiting(shop) == []


def test_another_customers_search_does_not_index_those_who_wait(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    assert names(shop, "累计消费", "C2") == set()
    assert waiting(shop) == ["C1"]


def test_what_is_no_longer_said_is_no_longer_found(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    before = names(shop, "累计下单", "C1")
    with Stream(shop) as stream:
        stream.push(AGAIN)
        assert waiting(shop) == ["C1"]
        after = names(shop, "累计下单", "C1")
        assert before - after and after - before
        assert set(evidence.get(shop, after)) == after


def test_a_tick_of_the_stream_indexes_what_waits(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    with Stream(shop) as stream:
        stream.push(AGAIN)
        stream.tick()
        assert waiting(shop) == []


def test_a_statement_that_comes_back_in_other_words_is_found_by_them(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    assert names(shop, "white tea", "C1") and not names(shop, "jasmine", "C1")
    with shop.begin() as connection:
        connection.exec_driver_sql("UPDATE items SET title_en = 'jasmine'")
    build.build_profiles(shop)
    assert names(shop, "jasmine", "C1") and not names(shop, "white tea", "C1")


def test_while_somebody_else_writes_a_search_answers_from_what_is_indexed(make_shop):
    shop = make_shop(FIRST, ITEMS)
    with shop.begin() as connection:
        lexical.mend(connection)
    build.build_profiles(shop)
    with closing(sqlite3.connect(shop.folder / DATABASE)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(names(shop, "两只猫", "C1")) == 1
        assert waiting(shop) == ["C1"]
    assert names(shop, "累计消费", "C1")


def test_a_shop_of_an_earlier_version_gets_the_table_when_it_writes(make_shop):
    shop = make_shop(FIRST, ITEMS)
    with shop.begin() as connection:
        lexical.ensure(connection)
        connection.exec_driver_sql(f"DROP TABLE {lexical.WAITING}")
    assert waiting(shop) == [] and names(shop, "两只猫") is not None
    build.build_profiles(shop)
    assert waiting(shop) == ["C1"]
