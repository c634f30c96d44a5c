from __future__ import annotations

from huaxiang.extract import rules
from huaxiang.ledger import project, refit
from huaxiang.store.shop import Shop

PACK = """pack: mine
version: {version}
label: {{zh: 店, en: shop}}
extends: [retail]
fields:
  {field}:
    {{zh: 收藏, en: Collects, type: set, merge: union, bases: [stated], vocabulary: [series], roles: [support], purposes: [service],
     say: {{en: ['I collect {{value}}']}}, was: [{was}]}}
vocabularies:
  series:
{series}
"""
TRAINS = "    trains: {zh: 小火车, en: model trains}\n"
COINS = "    coins: {zh: 硬币, en: coins}\n"
RAILWAYS = "    railways: {zh: 小火车, en: model trains, was: [trains]}\n"


def write_pack(shop, field: str, series: str, *, version: int = 1, was: str = "") -> None:
    (shop.folder / "packs").mkdir(exist_ok=True)
    path = shop.folder / "packs" / "mine.yaml"
    path.write_text(PACK.format(version=version, field=field, series=series, was=was), encoding="utf-8")


def shop_of(make_shop):
    shop = make_shop([
        {"kind": "review", "text": "I collect model trains. I collect coins.", "occurred_at": "2026-01-01 10:00:00"}
    ])  # fmt: skip
    with (shop.folder / "shop.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[profile]\npacks = ["mine"]\n')
    shop.close()
    shop = Shop.open(shop.folder)
    write_pack(shop, "collects", TRAINS + COINS)
    rules.extract_rules(shop)
    assert not refit.check(shop).misfits
    return shop


def values(shop, field: str) -> set[object]:
    return {trait.value for trait in project.current_profile(shop, "C1").get(field)}


def test_what_was_renamed_moves_with_its_evidence_and_what_fits_no_more_is_retired(make_shop):
    shop = shop_of(make_shop)
    write_pack(shop, "gathers", RAILWAYS, version=2, was="collects")
    report = refit.check(shop)
    assert report.counts() == {"collects": {"renamed": 1, "value_does_not_fit": 1}}
    assert values(shop, "gathers") == set(), "a check writes nothing"
    done = refit.migrate(shop)
    assert (done.moved, done.retired, done.entries_written) == (1, 1, 3)
    (trait,) = project.current_profile(shop, "C1").get("gathers")
    assert trait.value == "railways" and trait.evidence[0].quote == "I collect model trains"
    assert refit.migrate(shop).entries_written == 0
    assert [entry.op for entry in project.history(shop, "C1", "collects")] == ["assert", "assert", "retire", "retire"]


def test_a_field_that_is_gone_is_reported_and_the_old_pack_remembered(make_shop):
    shop = shop_of(make_shop)
    assert refit.remembered(shop) is None
    refit.migrate(shop)
    write_pack(shop, "gathers", TRAINS, version=2)
    assert {one.reason for one in refit.check(shop).misfits} == {"undeclared_field"}
    assert "collects" in refit.remembered(shop).fields
