"""What a field pack closes to a role is seen through no face: each verb, the answers, the tools, and the desk's parts."""

from __future__ import annotations

import json

import pytest

from huaxiang.errors import ToolUnavailable
from huaxiang.store import evidence as evidence_store
from huaxiang.store.shop import Shop

PACK = """
pack: mine
version: 1
label: {zh: 店, en: Shop}
extends: [retail]
fields:
  has_pet: {roles: [support]}
  spend_minor: {roles: [support]}
  average_order_minor: {roles: [support]}
  order_count: {roles: [support]}
  first_seen_on: {roles: [support]}
"""
ROWS = [
    {"source_id": "r1", "kind": "review", "customer_id": "ann", "occurred_at": "2025-01-05 10:00", "text": "My two cats love this lamp, I have cats at home"},
    {"source_id": "r2", "kind": "review", "customer_id": "ann", "occurred_at": "2025-02-05 10:00", "text": "I'm a US 8 in everything I own"},
    *({"source_id": f"o{n}", "kind": "order", "customer_id": "ann", "occurred_at": f"2025-0{n}-07 10:00", "order_id": f"O{n}", "item_id": "lamp",
       "quantity": 1, "amount": "4321.00", "currency": "USD"} for n in (3, 4)),
]  # fmt: skip
SELLER = ("--role", "marketing", "--purpose", "marketing")
HIDDEN = ("has_pet", "spend_minor", "average_order_minor", "order_count", "8642", "864200")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from ui import cli

    base = tmp_path_factory.mktemp("hide")
    (base / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    assert cli.run(["init", str(base / "shop"), "--field-pack", "retail"]) == 0
    (base / "shop" / "packs").mkdir()
    (base / "shop" / "packs" / "mine.yaml").write_text(PACK, encoding="utf-8")
    with (base / "shop" / "shop.toml").open("a", encoding="utf-8") as file:
        file.write('\n[profile]\npacks = ["mine"]\n')
    assert cli.run(["watch", str(base / "log.jsonl"), "--once", "--shop", str(base / "shop")]) == 0
    return base / "shop"


@pytest.fixture
def shop(folder, monkeypatch):
    monkeypatch.setenv("HUAXIANG_SHOP", str(folder))
    return folder


FACES = [
    ("profile", "show", "ann"), ("profile", "history", "ann"), ("profile", "diff", "ann", "2024-12-31", "2025-06-30"), ("profile", "changed", "ann"),
    ("profile", "what-if", "ann", "--without", "r1"), ("review", "list"), ("review", "stale"), ("review", "ask", "ann"),
    ("search", "spend orders", "--all", "--limit", "50"), ("search", "orders", "--kind", "summary", "--all"), ("recommend", "ann"),
    ("ask", "tell me about ann", "--llm", "none"), ("ask", "How much did ann spend?", "--llm", "none"), ("ask", "Which pets does ann have?", "--llm", "none"),
    ("ask", "Who spent most?", "--llm", "none"), ("ask", "How many orders did ann place?", "--llm", "none"),
]  # fmt: skip


@pytest.mark.parametrize("args", FACES, ids=lambda args: " ".join(args[:3]))
def test_no_verb_shows_what_the_pack_closes_to_the_role(run, shop, args):
    shown = run(*args, "--json", *SELLER)
    assert shown.code in (0, 6), shown.err
    told = [one for one in HIDDEN if one in shown.out]
    assert told == [] and "8,642" not in shown.out
    plain = run(*args, *SELLER).out.partition("not open to role")[0]
    assert "8642" not in plain and "8,642" not in plain


@pytest.mark.parametrize("field", ["has_pet", "spend_minor", "order_count"])
@pytest.mark.parametrize("verb", ["why", "history"])
def test_a_closed_field_asked_for_by_name_is_refused(run, shop, verb, field):
    assert run("profile", verb, "ann", field, *SELLER, "--json").error["code"] == "not-allowed"
    assert run("profile", verb, "ann", field, "--json").code == 0


def test_the_role_of_the_shops_settings_counts_like_the_option(run, shop, tmp_path, monkeypatch):
    monkeypatch.setenv("HUAXIANG_ACTOR__ROLE", "marketing")
    monkeypatch.setenv("HUAXIANG_ACTOR__PURPOSE", "marketing")
    assert "has_pet" not in run("profile", "show", "ann", "--json").out
    assert run("export", "ann", "--out", tmp_path / "a.jsonl").code == 6
    assert "8642" not in run("search", "orders", "--kind", "summary", "--all", "--json").out


def test_support_sees_it_through_the_same_faces(run, shop):
    assert {"has_pet", "spend_minor", "order_count"} <= {
        one["name"] for one in run("profile", "show", "ann", "--json").json["traits"]
    }
    assert "8642" in run("search", "spend orders", "--all", "--limit", "50", "--json").out.replace(",", "").replace(
        ".", ""
    )
    assert "8642" in run("ask", "How much did ann spend?", "--llm", "none").out.replace(",", "")


def test_the_desks_card_head_charts_and_drawer_hide_it(folder):
    from tools.base import Actor, Deps
    from ui.desk import card, plots, record
    from ui.desk.people import People

    def no_model():
        raise ToolUnavailable("no model here")

    def parts(role, purpose):
        opened = Shop.open(folder, overrides={"actor.role": role, "actor.purpose": purpose})
        deps = Deps(shop=opened, index=None, sentiment=no_model, actor=Actor.of_shop(opened))
        person = People(deps).get("ann")
        spent = next(
            one for one in evidence_store.summaries_of(opened, "ann") if (one.rule or "").startswith("orders.spend")
        )
        drawn = plots.charts(deps, "ann", "en").spend is not None
        found = (
            card.profile(opened, "ann", "en"), card.header(opened, person, "en", has_orders=True),
            record.drawer(opened, spent.evidence_id, language="en"), drawn,
        )  # fmt: skip
        opened.close()
        return found

    profile, head, drawer, drawn = parts("marketing", "marketing")
    assert "Pets" not in profile and "Spend" not in profile
    assert "Orders" not in head and "First seen" not in head and "Last seen" in head
    assert "8642" not in drawer.replace(",", "") and "not open" in drawer and not drawn
    profile, head, drawer, drawn = parts("support", "service")
    assert "Pets" in profile and "Spend" in profile and "Orders" in head and "8642" in drawer.replace(",", "") and drawn
