from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from huaxiang.errors import ConfigError, DataError
from huaxiang.schema.pack import json_schema, load_pack, parse_pack, profile_model

PACK = load_pack("retail")
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "profile.schema.json"
SMALL = {"pack": "tiny", "version": 1, "label": {"zh": "小", "en": "tiny"}}
FIELD = {"zh": "色", "en": "colour", "type": "set", "merge": "union", "bases": ["stated"]}


def test_the_exported_schema_is_the_codes_own():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(json_schema(PACK))), (
        "run: python benchmarks/profiles.py --schema docs/profile.schema.json"
    )


def test_every_field_has_both_labels_and_known_values_in_both_languages():
    for name, spec in PACK.fields.items():
        assert spec.zh and spec.en
        for value, term in PACK.terms(name).items():
            assert PACK.canonical(name, term.zh) and PACK.canonical(name, term.en), (name, value)


def test_no_spelling_means_two_values_of_one_field():
    for name in PACK.fields:
        seen: dict[str, str] = {}
        for value, term in PACK.terms(name).items():
            for spelling in term.spellings:
                assert seen.setdefault(spelling.casefold(), value) == value, (name, spelling)


def test_a_value_reads_in_the_readers_language():
    assert PACK.value_label("avoids_material", "wool", "zh") == "羊毛"
    assert PACK.value_label("open_ticket", False, "en") == "no"
    assert PACK.value_label("spend_minor", {"CNY": 120, "USD": 5}, "en") == "1.20 CNY; 0.05 USD"


def test_the_compiled_model_refuses_what_the_pack_does_not_declare():
    model = profile_model(PACK)
    assert model(has_pet=["cat"], shoe_size=41.5).has_pet == ["cat"]
    with pytest.raises(ValidationError):
        model(favourite_car="red")
    with pytest.raises(ValidationError):
        model(skin_type="scaly")


def test_a_shops_own_pack_wins_over_the_shipped_one(tmp_path):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "retail.yaml").write_text(json.dumps({**SMALL, "fields": {"tone": FIELD}}), encoding="utf-8")
    assert list(load_pack("retail", tmp_path).fields) == ["tone"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({**SMALL}, "'fields' is missing"),
        ({**SMALL, "fields": {"tone": {**FIELD, "merge": "average"}}}, "merge"),
        ({**SMALL, "fields": {"tone": {**FIELD, "vocabulary": ["colours"]}}}, "colours"),
    ],
)
def test_a_pack_that_does_not_hold_together_is_named(data, words):
    with pytest.raises(ConfigError, match=words):
        parse_pack(data, where="tiny.yaml")


def test_an_unknown_pack_and_an_undeclared_field_say_what_there_is():
    with pytest.raises(ConfigError, match="retail"):
        load_pack("toys")
    with pytest.raises(DataError, match="order_count"):
        PACK.field("favourite_car")
