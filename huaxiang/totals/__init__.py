"""Figures of the whole shop: a measure under a filter, computed, worded and cited as one thing that can be computed again."""

from huaxiang.totals.compute import Total, groups, total
from huaxiang.totals.filter import Filter, Measure, Selector
from huaxiang.totals.record import events, evidence
from huaxiang.totals.wording import sentence

__all__ = ["Filter", "Measure", "Selector", "Total", "events", "evidence", "groups", "sentence", "total"]
