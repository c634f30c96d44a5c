from __future__ import annotations

import json
from datetime import date

import pytest

from huaxiang.errors import DataError, PolicyError
from huaxiang.ledger.stream import Stream
from huaxiang.store.shop import Shop
from tools import catalogue
from tools.base import Actor, Deps

ROWS = [
    {"source_id": "1", "kind": "review", "customer_id": "C1", "occurred_at": "2026-01-05 10:00", "text": "平时穿M码"},
    {"source_id": "2", "kind": "message", "customer_id": "C1", "occurred_at": "2026-02-05 10:00", "text": "你好"},
    {
        "source_id": "3",
        "kind": "review",
        "customer_id": "C1",
        "occurred_at": "2026-06-05 10:00",
        "text": "现在平时穿L码",
    },
]


@pytest.fixture
def deps(tmp_path):
    shop = Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    with Stream(shop) as stream:
        stream.push(ROWS)
    return Deps(shop=shop, index=None, sentiment=lambda: None)


def run(deps, name, **args):
    spec = catalogue.get(name)
    assert spec.effect == "read"
    return spec.run(spec.args(**args), deps)


def test_why_shows_the_words_and_what_was_not_taken(deps):
    found = run(deps, "why", customer_id="C1", field="clothing_size")
    assert [one.value for one in found.why.held] == ["L"]
    assert "平时穿L码" in found.to_text(language="zh")
    assert "not taken: M (superseded)" in found.to_text(language="en")
    assert found.evidence == tuple(one.evidence_id for one in found.why.held[0].evidence)
    with pytest.raises(DataError, match="declares no field"):
        run(deps, "why", customer_id="C1", field="favourite_car")


def test_diff_without_days_tells_what_changed_since_the_last_contact(deps):
    found = run(deps, "diff", customer_id="C1")
    assert (found.difference.before, found.difference.since_kind) == ("2026-02-05", "message")
    sizes = [(c.kind, c.before, c.after) for c in found.difference.changes if c.name == "clothing_size"]
    assert sizes == [("changed", "M", "L")]
    early = run(deps, "diff", customer_id="C1", since="2026-01-06", until="2026-02-06")
    assert [c for c in early.difference.changes if c.name == "clothing_size"] == []
    json.loads(early.model_dump_json())


def test_history_lists_every_value_a_field_had(deps):
    found = run(deps, "history", customer_id="C1", field="clothing_size")
    assert [(one.op, one.value) for one in found.lines] == [("assert", "M"), ("assert", "L")]
    assert len(found.evidence) == 2


def as_role(deps, role, purpose="service"):
    return Deps(shop=deps.shop, index=None, sentiment=lambda: None, actor=Actor("mei", role, purpose))


def test_no_tool_tells_a_field_that_is_not_open_to_the_asker(deps):
    with Stream(deps.shop) as stream:
        stream.push([{**ROWS[0], "source_id": "9", "text": "我是敏感肌"}])
    open_to = {"role": "support", "purpose": "service"}
    assert run(as_role(deps, **open_to), "find_by_trait", fields=("skin_type",)).holders
    seller = as_role(deps, "marketing", "marketing")
    for name, args in (
        ("why", {"field": "skin_type", "customer_id": "C1"}),
        ("history", {"field": "skin_type", "customer_id": "C1"}),
        ("show_profile", {"fields": ("skin_type",), "customer_id": "C1"}),
        ("find_by_trait", {"fields": ("skin_type",)}),
    ):
        with pytest.raises(PolicyError, match="not open to role 'marketing'"):
            run(seller, name, **args)
    shown = run(seller, "show_profile", customer_id="C1", fields=("skin_type", "clothing_size"))
    assert {one.name for one in shown.profile.traits} == {"clothing_size"}
    assert "skin_type" not in {
        one.name for one in run(seller, "diff", customer_id="C1", since="2026-01-01").difference.changes
    }


def test_rules_over_features_need_leave_to_see_the_field_they_tell(deps):
    nobody = as_role(deps, "stranger")
    with pytest.raises(PolicyError, match="review_count"):
        run(nobody, "find_customers", sort_by="review_count")
    assert run(nobody, "find_customers", conditions=({"field": "city", "op": "=", "value": "x"},)).total == 0
    assert run(deps, "find_customers", sort_by="review_count").total == 1
    assert run(deps, "customer_summary", customer_id="C1").statements
    assert run(nobody, "customer_summary", customer_id="C1").statements == ()
