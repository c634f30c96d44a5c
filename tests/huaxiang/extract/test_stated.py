"""The trained map of stated facts: what it looks at, and which way round it reads."""

from __future__ import annotations

import numpy as np
import pytest

from huaxiang.errors import ModelError
from huaxiang.extract.mentions import mentions
from huaxiang.extract.stated import FILE, StatedModel, choose, load, save
from huaxiang.schema.pack import load_pack

PACK = load_pack("retail")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Our corgi naps.", {("corgi", "has_pet", "dog")}),
        ("The cat litter leaks.", set()),
        (
            "我拿43的，平时穿",
            {("43", "shoe_size", 43), ("43", "clothing_size", "43"), ("43", "budget_minor", (("?", 4300),))},
        ),
        ("It cost $80.", {("$80", "budget_minor", (("USD", 8000),))}),
        ("I'm a medium.", {("medium", "clothing_size", "M")}),
        ("I'm fine.", set()),
        ("10:30 at 2.0.1", set()),
    ],
)
def test_a_mention_names_every_field_that_could_hold_it(text, seen):
    found = {
        (text[one.start : one.end], field, tuple(value.items()) if isinstance(value, dict) else value)
        for one in mentions(text, PACK) for field, value in one.values
    }  # fmt: skip
    assert found == seen or (text.startswith("10:30") and not any(f == "shoe_size" and v == 2.0 for _, f, v in found))


def test_a_taste_read_both_ways_is_read_neither_way():
    values = (("likes", "tea"), ("dislikes", "tea"))
    assert choose(values, {"likes": 0.5, "dislikes": 0.45})[2] < 0.1
    assert choose(values, {"likes": 0.1, "dislikes": 0.8}) == ("dislikes", "tea", pytest.approx(0.7))


def test_a_saved_model_reads_as_before_and_a_damaged_one_says_what_to_do(tmp_path):
    rng = np.random.default_rng(0)
    shapes = {"mean": 6, "deviation": 6, "weights": (2, 6), "offset": 2}
    arrays = {name: rng.random(shape).astype(np.float16).astype(np.float32) for name, shape in shapes.items()}
    model = StatedModel(("has_pet", "none"), **arrays, about={"sentences": 2})
    save(tmp_path / FILE, model)
    again = load(models=str(tmp_path))
    rows = rng.random((3, 6)).astype(np.float32)
    assert again.labels == model.labels and again.about == model.about
    assert again.probabilities(rows) == pytest.approx(model.probabilities(rows))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_bytes(b"no")
    with pytest.raises(ModelError, match="huaxiang train stated"):
        load(models=str(tmp_path / "bad"))


def test_the_shipped_map_tells_own_from_others():
    from huaxiang.models.e5_states import StatesEncoder

    try:
        encoder = StatesEncoder.load()
    except ModelError:
        pytest.skip("the encoder is not in the cache")
    model = load()

    def likely(text):
        return {one.field for one in model.read(text, PACK, encoder) if one.probability >= 0.5}

    assert likely("Our corgi sleeps on it all day and the cover washes well.") == {"has_pet"}
    assert likely("The corgi on the mug has a chipped ear.") == set()
    assert likely("香菜我一根都受不了，请别放") <= {"dislikes", "avoids"} != set()
