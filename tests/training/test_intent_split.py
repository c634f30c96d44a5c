"""What is held out of the customers' messages stays so, whatever is added or seeded."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn", reason="the extra `train` (scikit-learn) is not installed")

from training.intent import is_held
from training.intent_data import Labelled


def test_all_wordings_of_a_template_are_on_one_side() -> None:
    templates = [f"template {number}" for number in range(200)]
    sides = [{is_held(Labelled(f"{one} {n}", "x", "en", one)) for n in range(4)} for one in templates]
    assert all(len(side) == 1 for side in sides)
    assert 20 < sum(True in side for side in sides) < 60


def test_a_text_without_a_template_is_judged_by_itself() -> None:
    assert len({is_held(Labelled(f"text {number}", "x", "en")) for number in range(50)}) == 2
