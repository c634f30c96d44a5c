"""A pack's own fields are read without code, in both languages, and through the same check as any other."""

from __future__ import annotations

import pytest

from huaxiang.extract import find, rules
from huaxiang.extract.templates import to_regex
from huaxiang.ledger import project
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import load_pack
from huaxiang.store.shop import Shop

ALL = load_pack("fashion+electronics+beauty+food")
OWN = """pack: mine
version: 1
label: {zh: 玩具店, en: Toys}
extends: [retail]
fields:
  collects:
    {zh: 收藏, en: Collects, type: set, merge: union, bases: [stated, inferred, staff], vocabulary: [series],
     needs_cue: true, cues: [收, collect], roles: [support], purposes: [service],
     say: {zh: ['我[在|一直]*收[集]…{value}', '我(收|收藏){value}'], en: ['I [also ]collect {value}']}}
vocabularies:
  series:
    trains: {zh: 小火车, en: model trains}
"""


def held(text: str) -> set[tuple[str, object]]:
    evidence = Evidence(evidence_id="t", customer_id="C1", kind="text", clean=text, event_kind="review", occurred_at=1)
    found = set()
    for one in rules.extract(evidence, ALL):
        verdict = verify(one, evidence, ALL)
        if verdict.status == "accepted" and verdict.for_whom is None:
            found.add((one.name, verdict.value))
    return found


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("我一直喜欢穿宽松的", "fit_preference", "relaxed"),
        ("I much prefer a slim fit.", "fit_preference", "slim"),
        ("我宽脚,鞋头窄的都挤", "foot_width", "wide"),
        ("I have really narrow feet.", "foot_width", "narrow"),
        ("裤子平时穿32码", "waist_size", 32),
        ("My waist is 32.", "waist_size", 32),
        ("我讨厌豹纹", "disliked_print", "animal"),
        ("I adore polka dots.", "favourite_print", "dots"),
        ("我手机是安卓", "phone_system", "android"),
        ("I switched to an Android last week.", "phone_system", "android"),
        ("我最看重续航", "battery_matters", True),
        ("I don't really care about battery life.", "battery_matters", False),
        ("我皮肤容易泛红", "skin_concern", "redness"),
        ("I struggle with dark circles.", "skin_concern", "dark_circles"),
        ("本人冷皮", "undertone", "cool"),
        ("My foundation shade is NW20.", "foundation_shade", "NW20"),
        ("我只用无香的", "fragrance_free", True),
        ("I only buy unscented.", "fragrance_free", True),
        ("我最多吃微辣", "spice_level", "mild"),
        ("I only buy dark roast.", "roast", "dark"),
        ("我一直在控糖", "diet", "low_sugar"),
        ("I went vegan.", "diet", "vegan"),
        ("我几乎不做饭", "cooks_at_home", False),
        ("I cook dinner every night.", "cooks_at_home", True),
    ],
)
def test_the_shipped_packs_fields_are_read_by_their_own_templates(said, field, value):
    assert (field, value) in held(said)


@pytest.mark.parametrize(
    "said",
    [
        "我妈手机是安卓",
        "如果我手机是安卓",
        "我手机不是安卓",
        "店员说我是冷皮",
        "My sister only buys dark roast.",
        "Do I have narrow feet?",
        "I never went vegan.",
    ],
)
def test_templates_pass_the_same_check_as_all_else(said):
    assert held(said) == set()


def test_a_shop_teaches_a_field_of_its_own_in_yaml_alone(make_shop):
    shop = make_shop([
        {"kind": "review", "text": "我一直收各种小火车", "occurred_at": "2026-01-01 10:00:00"},
        {"kind": "review", "customer_id": "C2", "text": "I collect model trains.", "occurred_at": "2026-01-01 10:00:00"},
    ])  # fmt: skip
    (shop.folder / "packs").mkdir()
    (shop.folder / "packs" / "mine.yaml").write_text(OWN, encoding="utf-8")
    with (shop.folder / "shop.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[profile]\npacks = ["mine"]\n')
    shop.close()
    shop = Shop.open(shop.folder)
    rules.extract_rules(shop)
    for customer in ("C1", "C2"):
        (trait,) = project.current_profile(shop, customer).get("collects")
        assert trait.value == "trains" and trait.method.startswith("rules@") and "say." in trait.method


def test_a_template_is_words_not_a_regular_expression():
    regex = to_regex("a.b (c|d.*) [e|f] {value}", ALL.fields["roast"], "en")
    assert r"a\.b" in regex and r"d\.\*" in regex


def test_the_index_leaves_out_no_pattern_that_matches():
    """Every pattern that finds something in these texts is among those the needed words allow."""
    texts = [
        "I gave up coffee and I sold my Kindle. No wool, no leather for me. I’m a size S now!", "我平时穿M码,对花生過敏,家里兩隻貓,最喜歡藍色",
        "My budget is around $1,200; please text me. I only buy things on sale.", "预算两千以内,以后放门口,别打电话。膝盖伤了,不跑步了",
    ]  # fmt: skip
    known = find.ready(ALL)
    for text in texts:
        text = find.plain(text)
        allowed = set(known.index.possible(text.lower()))
        for number, one in enumerate(known.patterns):
            fits = one.context is None or one.context.search(text.lower())
            if fits and one.regex.search(text if one.cased else text.lower()) and list(_values(one, text)):
                assert number in allowed, one.pattern


def _values(one, text):
    for match in one.regex.finditer(text if one.cased else text.lower()):
        if one.pattern.about is None:  # what follows from a product is read off the event, not the words
            yield from find._statements(one.pattern, match, text, ALL, "CNY")
