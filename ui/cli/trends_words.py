"""How the table and the page of `huaxiang trends` word what a row says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huaxiang.text.trends import Trend

_SAME = (0.8, 1.25)
"""Ratios of the recent rate to the earlier one between which nothing is said to rise or fall."""

GROUPS = {
    "product": ("商品", "product"),
    "brand": ("品牌", "brand"),
    "category": ("品类", "category"),
    "shop": ("全店", "whole shop"),
}
"""What rows may be about, from fine to coarse, in both languages."""


def direction(one: Trend, language: str) -> str:
    """Rising where chance does not explain it, else which way the figures lean; falling is never called rising."""
    zh = language == "zh"
    if one.rising:
        return "上升" if zh else "rising"
    if not one.recent[1]:
        return "近期无文字" if zh else "no recent texts"
    if not one.recent[0]:
        return "近期无人抱怨" if zh else "none recently"
    if _SAME[0] <= one.ratio <= _SAME[1]:
        return "持平" if zh else "about the same"
    if one.ratio > 1:
        return "略升（或属偶然）" if zh else "up, may be chance"
    return "下降" if zh else "falling"


def ratio(one: Trend) -> str:
    """The recent rate over the earlier one; a dash where nobody complained recently: half a complaint is no rise."""
    return f"×{one.ratio:.1f}" if one.recent[0] else "–"
