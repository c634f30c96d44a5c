"""Labels of the staff-intent model are the agent's own names."""

from __future__ import annotations

from agent.question import aims
from huaxiang.text.intent import load
from tools.catalogue import all_tools


def test_every_label_is_an_aim_a_field_a_refusal_or_a_comparison() -> None:
    known = {aim.name for aim in aims.AIMS} | {name for name, _, _ in aims.FIELD_AIMS}
    known |= {reason for reason, _ in aims.REFUSALS} | {"compare"}
    assert set(load("staff").labels) == known


def test_every_aim_names_tools_of_the_catalogue() -> None:
    assert {tool for aim in aims.AIMS for tool in aim.tools} <= set(all_tools())
