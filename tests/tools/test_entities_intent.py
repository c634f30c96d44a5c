"""The tools `entities` and `intent`: what a customer names and wants, with the texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huaxiang.errors import ToolInputError
from huaxiang.store.shop import Shop
from tools import entities, intent
from tools.base import Deps
from ui import cli

ROWS = """customer_id,text,occurred_at,rating,item_id
ann,"给妈妈买的黑色外套，花了399元",2025-03-01,4,coat
ann,"我的快递到哪了",2025-03-09,,coat
bob,"I want my money back",2025-04-01,1,lamp
"""


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deps:
    monkeypatch.setenv("HUAXIANG_ENCODER__NAME", "hash-384")
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "no-models"))
    (tmp_path / "reviews.csv").write_text(ROWS, encoding="utf-8")
    folder = str(tmp_path / "shop")
    assert cli.run(["init", folder]) == 0
    assert cli.run(["import", str(tmp_path / "reviews.csv"), "--shop", folder]) == 0
    unused: Callable[[], Any] = lambda: None  # noqa: E731
    return Deps(shop=Shop.open(Path(folder)), index=None, sentiment=unused)  # type: ignore[arg-type]


def test_what_a_customer_names_comes_with_its_words_and_evidence(deps: Deps) -> None:
    result = entities.entities(entities.Args(customer_id="ann"), deps)
    assert {(one.kind, one.value, one.quote) for one in result.named} >= {
        ("person", "mother", "妈妈"), ("colour", "black", "黑色"), ("price", "CNY 399.00", "399元"),
    }  # fmt: skip
    assert result.evidence
    only = entities.entities(entities.Args(customer_id="ann", kind="colour"), deps)
    assert {one.kind for one in only.named} == {"colour"}


def test_what_a_customer_wanted_is_counted_and_shown(deps: Deps) -> None:
    result = intent.intent(intent.Args(customer_id="ann"), deps)
    assert result.counts["track_order"] == 1
    assert "我的快递到哪了" in result.to_text(language="zh")
    refund = intent.intent(intent.Args(customer_id="bob", intent="refund"), deps)
    assert [one.intent for one in refund.wanted] == ["refund"]


def test_an_unknown_kind_or_intent_is_refused_with_those_there_are(deps: Deps) -> None:
    with pytest.raises(ToolInputError, match="brand"):
        entities.entities(entities.Args(customer_id="ann", kind="smell"), deps)
    with pytest.raises(ToolInputError, match="track_order"):
        intent.intent(intent.Args(customer_id="ann", intent="smell"), deps)
