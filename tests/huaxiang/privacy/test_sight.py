"""Who may see which field: the pack says, and everything that shows one obeys."""

from datetime import date

import pytest

from huaxiang.errors import ConfigError, PolicyError
from huaxiang.features import statements_more
from huaxiang.features.single import Single
from huaxiang.features.statements_more import all_drafts
from huaxiang.ledger import moments, review
from huaxiang.ledger.project import current_profile
from huaxiang.ledger.stream import Stream
from huaxiang.ledger.why import why
from huaxiang.privacy.sight import RULE_FIELDS, Sight, check_role
from huaxiang.schema.pack import load_pack
from huaxiang.store.shop import Shop

ROWS = [
    {"source_id": "1", "kind": "review", "customer_id": "C1", "occurred_at": "2025-06-05 10:00", "text": "我是敏感肌，平时穿M码"},
    {"source_id": "2", "kind": "review", "customer_id": "C1", "occurred_at": "2025-06-06 10:00", "text": "预算500元以内，我家两只猫"},
    {"source_id": "3", "kind": "order", "customer_id": "C1", "occurred_at": "2025-06-07 10:00", "order_id": "O1", "amount": "900.00", "currency": "CNY"},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    shop = Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": date(2025, 6, 30)})
    with Stream(shop) as stream:
        stream.push(ROWS)
    shop.close()
    return tmp_path / "shop"


def as_role(folder, role, purpose="service"):
    return Shop.open(folder, overrides={"actor.role": role, "actor.purpose": purpose})


@pytest.mark.parametrize(
    ("role", "purpose", "sees"),
    [
        ("support", "service", {"skin_type", "budget_minor", "clothing_size", "has_pet"}),
        ("marketing", "marketing", {"budget_minor", "clothing_size", "has_pet"}),
        ("support", "marketing", {"budget_minor", "clothing_size", "has_pet"}),
        ("analyst", "analysis", {"clothing_size", "has_pet"}),
        ("stranger", "service", set()),
        ("admin", "nothing at all", {"skin_type", "budget_minor", "clothing_size", "has_pet"}),
    ],
)
def test_a_profile_shows_what_role_and_purpose_may_see_and_names_nothing_else(folder, role, purpose, sees):
    shop = as_role(folder, role, purpose)
    held = Sight.of_shop(shop).profile(current_profile(shop, "C1"))
    told = {"skin_type", "budget_minor", "clothing_size", "has_pet"}
    assert {one.name for one in held.traits} & told == sees
    assert set(held.missing) <= {name for name in shop_pack(shop).fields if Sight.of_shop(shop).sees(name)}


def shop_pack(shop):
    return load_pack(shop.settings.packs, shop.folder)


def test_why_and_diff_and_the_review_queue_hide_what_the_profile_hides(folder):
    shop = as_role(folder, "marketing", "marketing")
    sight = Sight.of_shop(shop)
    with pytest.raises(PolicyError, match=r"not open to role 'marketing' for purpose 'marketing'.*role support"):
        sight.why(why(shop, "C1", "skin_type"))
    assert sight.why(why(shop, "C1", "clothing_size")).held
    changes = moments.diff(shop, "C1", date(2025, 6, 1), date(2025, 6, 30))
    assert "skin_type" in {one.name for one in changes.changes}
    assert "skin_type" not in {one.name for one in sight.difference(changes).changes}
    assert "skin_type" not in {one.name for one in review.ask(shop, "C1", limit=50)}


def test_a_gap_between_words_and_deeds_is_hidden_with_the_field_it_names(folder):
    sight = Sight.of_shop(as_role(folder, "analyst", "analysis"))
    assert sight.sees("say_do_gap") and not sight.sees_value("say_do_gap", "budget_minor")
    assert sight.sees_value("say_do_gap", "avoids=wool")


def test_the_rules_of_computed_sentences_tell_the_fields_that_the_table_names(folder):
    events = [
        {"event_id": f"e{n}", "customer_id": "C1", "kind": kind, "occurred_at": 1_700_000_000 + n * 86_400 * 9, "order_id": f"O{n}",
         "amount_minor": 5000, "discount_minor": 500, "currency": "CNY", "rating": 1.0 if kind == "review" else None, "category": "food",
         "brand": "B", "channel": "phone", "status": "open", "speaker": "customer", "flags": "", "item_id": "I", "title": "T", "title_en": None, "color": None, "quantity": 1.0, "has_text": 0}
        for n, kind in enumerate(["order", "order", "order", "order", "review", "review", "ticket", "return", "message"])
    ]  # fmt: skip
    from zoneinfo import ZoneInfo

    drafts = all_drafts(Single(events, as_of=1_710_000_000, tz=ZoneInfo("UTC"), has_returns=True, has_orders=True))
    told = {}
    for one in drafts:
        told.setdefault(one.rule.partition("@")[0], set()).update(one.facts)
    assert len([rule for rule, facts in told.items() if facts]) >= 10
    assert {rule: facts - set(RULE_FIELDS.get(rule, ())) for rule, facts in told.items()} == {
        rule: set() for rule in told
    }
    assert set(RULE_FIELDS["behaviour"]) >= {
        f for rule in statements_more._PARAGRAPH_RULES for f in RULE_FIELDS[rule.partition("@")[0]]
    }


def test_a_role_that_no_field_knows_is_a_slip_of_the_pen():
    pack = load_pack("retail")
    check_role(pack, "admin", None)
    check_role(pack, "analyst", "analysis")
    with pytest.raises(ConfigError, match="admin, analyst, marketing, support"):
        check_role(pack, "markting", None)
    with pytest.raises(ConfigError) as error:
        check_role(pack, None, "spying")
    assert error.value.code == "unknown-purpose"
