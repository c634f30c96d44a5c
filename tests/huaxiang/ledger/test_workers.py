"""Several processes build what one builds, and a helper that fails costs nothing but time."""

from __future__ import annotations

import pickle
import shutil
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from huaxiang.ledger import build, workers
from huaxiang.ledger.chain import verify_chain
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

PEOPLE = [f"C{number}" for number in range(1, 10)]


def events():
    for number, customer in enumerate(PEOPLE):
        for place in range(number % 4 + 1):
            yield {
                "customer_id": customer, "kind": "order", "order_id": f"{customer}-{place}", "item_id": "tea",
                "amount_minor": 100 * place, "currency": "CNY", "occurred_at": f"2026-0{place + 1}-05 20:00:00",
            }  # fmt: skip


def contents(shop):
    names = ("customer_id", "name", "value", "basis", "evidence", "valid_from", "op")
    with shop.engine.connect() as connection:
        rows = connection.execute(sa.select(*(t.ledger.c[name] for name in names)))
        words = connection.execute(sa.select(t.evidence.c.evidence_id, t.evidence.c.clean, t.evidence.c.clean_en))
        return sorted(map(tuple, rows), key=repr), sorted(map(tuple, words), key=repr)


@pytest.fixture
def two(make_shop, tmp_path, monkeypatch):
    """The same shop twice; chunks of two customers."""
    monkeypatch.setattr(build, "SMALLEST", 2)
    one = make_shop(list(events()), [])
    one.close()
    shutil.copytree(one.folder, tmp_path / "other")
    return Shop.open(one.folder), Shop.open(tmp_path / "other")


def test_a_helper_builds_what_one_process_builds(two):
    alone, together = two
    one, other = build.build_profiles(alone, helpers=0), build.build_profiles(together, helpers=1)
    assert contents(together) == contents(alone)
    assert (other.customers, other.traits, other.entries_written) == (one.customers, one.traits, one.entries_written)
    assert other.entries_written > 0
    assert all(verify_chain(together, customer) is None for customer in PEOPLE)
    assert build.build_profiles(together, helpers=0).entries_written == 0


def test_a_helper_that_cannot_work_leaves_its_work_to_the_others(two, monkeypatch):
    alone, together = two
    build.build_profiles(alone, helpers=0)
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    build.build_profiles(together, helpers=2)
    assert contents(together) == contents(alone)


_KILLED = """
import os, signal, sys
from pathlib import Path
from huaxiang.ledger import build
from huaxiang.store.shop import Shop
def tell(step, done, total):
    if done >= 4:
        os.kill(os.getpid(), signal.SIGKILL)
build.SMALLEST = 2
build.build_profiles(Shop.open(Path(sys.argv[1])), progress=tell, helpers=1)
"""


def test_a_build_that_was_killed_half_way_is_completed_by_the_next_one(two):
    alone, together = two
    whole = build.build_profiles(alone, helpers=0)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(together.folder)], cwd=workers.ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with together.engine.connect() as connection:
        built = set(connection.scalars(sa.select(t.ledger.c.customer_id)))
    assert len(built) == 4
    assert 0 < build.build_profiles(together, helpers=0).changed == whole.changed - 4
    assert contents(together) == contents(alone)
    assert all(verify_chain(together, customer) is None for customer in PEOPLE)


def test_a_helper_answers_with_the_plan_that_would_be_made_here(two):
    shop, _ = two
    with shop.engine.connect() as connection:
        here, _ = build.plan_chunk(shop, connection, PEOPLE, (False, True))
    asked = [(shop.folder, shop.loaded, shop.today(), (False, True)), PEOPLE]
    command = [sys.executable, "-m", "huaxiang.ledger.helper"]
    sent = b"".join(pickle.dumps(one) for one in asked)
    done = subprocess.run(command, input=sent, capture_output=True, check=True, cwd=workers.ROOT)
    there = pickle.loads(done.stdout)
    assert there.statements == here.statements and here.statements.rows
    assert [row[:-2] for row in there.links.lines] == [row[:-2] for row in here.links.lines]


def test_few_customers_need_no_helper(make_shop):
    assert workers.how_many(make_shop(list(events()), []), len(PEOPLE)) == 0
