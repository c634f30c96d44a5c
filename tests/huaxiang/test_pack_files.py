from __future__ import annotations

import pytest

from huaxiang.errors import ConfigError
from huaxiang.schema.pack import json_schema, load_pack, parse_pack, profile_model
from huaxiang.schema.pack_diff import diff
from huaxiang.schema.pack_files import available

HEAD = "pack: {name}\nversion: 1\nlabel: {{zh: 店, en: shop}}\n"
FIELD = "fields:\n  tone: {zh: 色调, en: tone, type: set, merge: union, bases: [stated], vocabulary: [tones]}\n"
WORDS = "vocabularies:\n  tones:\n    warm: {zh: 暖, en: warm}\n"
SHIPPED = ("retail", "fashion", "electronics", "beauty", "food")


def write(folder, name: str, body: str, *, head: str = HEAD):
    (folder / "packs").mkdir(exist_ok=True)
    (folder / "packs" / f"{name}.yaml").write_text(head.format(name=name) + body, encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_is_sound_and_compiles_to_a_model_and_a_schema(name):
    pack = load_pack(name)
    assert pack.name.endswith(name) and "order_count" in pack.fields
    assert set(profile_model(pack).model_fields) == set(pack.fields)
    assert json_schema(pack)["$defs"]["Trait"]["properties"]["name"]["enum"] == list(pack.fields)
    for field, spec in pack.fields.items():
        assert spec.zh and spec.en and spec.roles and spec.purposes
        assert not spec.needs_cue or spec.cues, field
        assert all(
            pack.canonical(field, term.zh) and pack.canonical(field, term.en) for term in pack.terms(field).values()
        )


def test_all_shipped_packs_hold_together_in_any_order():
    one, other = load_pack("+".join(SHIPPED)), load_pack("+".join(reversed(SHIPPED)))
    assert one.fields.keys() == other.fields.keys()
    assert available() == sorted(SHIPPED)


def test_what_touches_body_or_money_is_kept_from_marketing_for_service():
    pack = load_pack("beauty")
    assert "skin_concern" in pack.visible("support", "service")
    assert "skin_concern" not in pack.visible("marketing", "marketing")
    assert set(pack.visible("admin", "anything")) == set(pack.fields)


def test_a_shops_own_pack_adds_fields_values_and_spellings_without_code(tmp_path):
    write(
        tmp_path,
        "mine",
        "extends: [retail]\n"
        + FIELD
        + WORDS
        + "  pets:\n    cat: {zh: 猫, en: cat, also: [毛孩子]}\n    axolotl: {zh: 六角恐龙, en: axolotl}\n",
    )
    pack = load_pack("mine", tmp_path)
    assert pack.name == "retail+mine" and pack.canonical("tone", "暖") == "warm"
    assert pack.canonical("has_pet", "axolotl") == "axolotl"
    assert pack.canonical("has_pet", "毛孩子") == "cat" and pack.canonical("has_pet", "kitty") == "cat"


def test_a_pack_that_changed_on_disk_is_read_anew(tmp_path):
    write(tmp_path, "mine", FIELD + WORDS)
    assert list(load_pack("mine", tmp_path).terms("tone")) == ["warm"]
    write(tmp_path, "mine", FIELD + WORDS + "    cool: {zh: 冷, en: cool}\n")
    assert list(load_pack("mine", tmp_path).terms("tone")) == ["warm", "cool"]


def test_packs_that_extend_each_other_in_a_circle_are_named(tmp_path):
    write(tmp_path, "one", "extends: [two]\n" + FIELD + WORDS)
    write(tmp_path, "two", "extends: [one]\n" + FIELD + WORDS)
    with pytest.raises(ConfigError, match="one → two → one") as error:
        load_pack("one", tmp_path)
    assert error.value.code == "pack-cycle"


def test_two_packs_that_disagree_on_a_type_are_refused(tmp_path):
    write(tmp_path, "mine", "extends: [retail]\nfields:\n  shoe_size: {type: text}\n")
    with pytest.raises(ConfigError, match="shoe_size") as error:
        load_pack("mine", tmp_path)
    assert error.value.code == "pack-conflict"


@pytest.mark.parametrize("field", ["health_note", "religion", "child_name"])
def test_a_sensitive_field_cannot_be_declared(field):
    spec = {"zh": "备注", "en": "note", "type": "text", "merge": "latest", "bases": ["stated"]}
    with pytest.raises(ConfigError) as error:
        parse_pack({"pack": "x", "version": 1, "label": {}, "fields": {field: spec}}, where="x.yaml")
    assert error.value.code == "sensitive-field"


def test_a_sensitive_label_does_not_hide_behind_a_harmless_name():
    spec = {"zh": "宗教信仰(佛教等)", "en": "creed", "type": "text", "merge": "latest", "bases": ["stated"]}
    with pytest.raises(ConfigError) as error:
        parse_pack({"pack": "x", "version": 1, "label": {}, "fields": {"creed": spec}}, where="x.yaml")
    assert error.value.code == "sensitive-field"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"type": "colour"}, "type"),
        ({"merge": "average"}, "merge"),
        ({"type": "enum", "vocabulary": []}, "enum without a vocabulary"),
        ({"vocabulary": ["nowhere"]}, "nowhere"),
        ({"opposes": ["nobody"]}, "nobody"),
        ({"pattern": "(a+)+$"}, "run for ever"),
        ({"pattern": "("}, "run for ever"),
        ({"say": {"zh": ["我喜欢"]}}, "needs"),
        ({"say": {"zh": ["[我{value}"]}}, "bracket"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_an_unsound_field_is_named(setting, words):
    spec = {
        "zh": "色",
        "en": "tone",
        "type": "set",
        "merge": "union",
        "bases": ["stated"],
        "vocabulary": ["tones"],
        **setting,
    }
    data = {
        "pack": "x", "version": 1, "label": {}, "fields": {"tone": spec},
        "vocabularies": {"tones": {"warm": {"zh": "暖", "en": "warm"}}},
    }  # fmt: skip
    with pytest.raises(ConfigError, match=words):
        parse_pack(data, where="x.yaml")


def test_one_spelling_for_two_values_is_refused():
    spec = {"zh": "色", "en": "tone", "type": "set", "merge": "union", "bases": ["stated"], "vocabulary": ["tones"]}
    tones = {"warm": {"zh": "暖", "en": "warm"}, "hot": {"zh": "热", "en": "Warm"}}
    with pytest.raises(ConfigError, match="spells both"):
        parse_pack(
            {"pack": "x", "version": 1, "label": {}, "fields": {"tone": spec}, "vocabularies": {"tones": tones}},
            where="x",
        )


@pytest.mark.parametrize(
    "body",
    [
        "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n",  # the billion laughs
        "fields: " + "[" * 2000 + "]" * 2000,
        "fields: !!python/object/apply:os.system ['true']\n",
        "fields: {}\nfields: {}\n",
        "fields: [1, 2]\n",
        "fields: {tone: 7}\n",
        "- not\n- a mapping\n",
        "fields: {tone: {zh: \x00}}\n",
        "",
        "just words",
    ],
)
def test_a_hostile_file_is_refused_and_never_run(tmp_path, body):
    head = "" if body.startswith(("-", "just")) or not body else HEAD
    write(tmp_path, "evil", body, head=head)
    with pytest.raises(ConfigError):
        load_pack("evil", tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    write(tmp_path, "huge", "# " + "x" * 1_100_000 + "\n" + FIELD + WORDS)
    with pytest.raises(ConfigError, match="larger"):
        load_pack("huge", tmp_path)


@pytest.mark.parametrize("name", ["../secrets", "/etc/passwd", "Retail", "", "a b"])
def test_a_pack_name_is_no_path(name, tmp_path):
    with pytest.raises(ConfigError) as error:
        load_pack(name, tmp_path)
    assert error.value.code == "no-such-pack"


def test_a_diff_tells_what_may_break():
    found = {(one.what, one.how, one.place): one.breaks for one in diff(load_pack("fashion"), load_pack("retail"))}
    assert found["field", "removed", "fit_preference"] and found["value", "removed", "materials.denim"]
    assert not any(one.breaks for one in diff(load_pack("retail"), load_pack("fashion")))
    assert diff(load_pack("food"), load_pack("food")) == []
