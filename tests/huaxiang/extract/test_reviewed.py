"""What a review says of its writer by way of the product: likings, devices, hobbies; and of whom it says nothing."""

from __future__ import annotations

import pytest

from huaxiang.extract.rules import extract
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence, Product
from huaxiang.schema.pack import load_pack

PACK = load_pack("retail")
CREAM, TEA, WATCH, BOOTS = (
    Product("白露 神经酰胺面霜", "Bailu Ceramide Cream", "beauty"), Product("山月 明前龙井 100克", "Shanyue Longjing Green Tea 100 g", "food"),
    Product("流明 智能手表 W3", "Lumina W3 Smartwatch", "electronics"), Product("云脊 登山靴", "Ridge Hiking Boots", "shoes"),
)  # fmt: skip


def review(text: str, product: Product | None, rating: float | None = 5, kind: str = "review") -> Evidence:
    return Evidence(
        evidence_id="t1", customer_id="C1", kind="text", event_kind=kind, rating=rating, clean=text, product=product, occurred_at=1,
    )  # fmt: skip


def believed(text: str, product: Product, rating: float = 5, kind: str = "review") -> set[tuple[str, object]]:
    one = review(text, product, rating, kind)
    return {(c.name, c.value) for c in extract(one, PACK) if verify(c, one, PACK).status == "accepted"}


@pytest.mark.parametrize(
    ("text", "product", "rating", "found"),
    [
        ("This is my third jar and I won't go back.", CREAM, 5, {("likes", "Bailu Ceramide Cream")}),
        ("第三罐了,别的再也不看", CREAM, 5, {("likes", "白露 神经酰胺面霜")}),
        ("I can't say I dislike it; in fact I'm on my third cup.", TEA, 4, {("likes", "green_tea")}),
        ("Not for me.", TEA, 2, {("dislikes", "green_tea")}),
        ("戴了三周,睡眠监测挺准", WATCH, 4, {("owns_device", "smartwatch")}),
        ("Came down Ben Lomond in the wet, my toes are fine.", BOOTS, 4, {("hobby", "hiking")}),
    ],
)
def test_a_review_tells_by_way_of_its_product(text, product, rating, found):
    assert believed(text, product, rating) == found


@pytest.mark.parametrize(
    ("text", "product", "rating"),
    [
        ("Great grip.", BOOTS, 5),  # the product alone tells nothing
        ("My third jar and I won't go back.", CREAM, 1),  # sarcasm, or a mistake
        ("This is not my third jar?", CREAM, 5),
        ("They said they love it.", CREAM, 5),
        ("The only thing I can think of is the lid.", CREAM, 5),
        ("给我妈买的,她说第三罐了", CREAM, 5),
        ("戴了三周,送给男朋友的", WATCH, 5),
        ("Borrowed it for a week, my wrist looked tiny.", WATCH, 4),
        ("在展台戴了一下,没买", WATCH, 3),
    ],
)
def test_what_is_a_gift_borrowed_tried_or_said_by_others_tells_nothing_of_the_writer(text, product, rating):
    assert not {one for one in believed(text, product, rating) if one[0] in ("likes", "owns_device", "hobby")}


def test_a_value_that_the_quote_does_not_name_is_believed_only_where_the_rule_derives_it():
    one = review("My third jar. The lid is fine.", CREAM)
    told = {"name": "likes", "evidence_id": "t1", "rule": "loved.en@1"}
    right = Candidate(value="Bailu Ceramide Cream", quote="My third jar", **told)
    assert verify(right, one, PACK).status == "accepted"
    for value, quote in (("Lumina W3 Smartwatch", "My third jar"), ("Bailu Ceramide Cream", "The lid is fine")):
        assert verify(Candidate(value=value, quote=quote, **told), one, PACK).reason_code == "value_not_in_quote"
    nothing_known = review("My third jar. The lid is fine.", None)
    assert verify(right, nothing_known, PACK).reason_code == "value_not_in_quote"


def test_shoes_reviewed_give_a_bare_number_its_meaning():
    one = review("I take a 12, and they fit.", BOOTS)
    assert ("shoe_size", 12.0) in {(c.name, c.value) for c in extract(one, PACK)}
    assert not extract(review("I take a 12, and they fit.", CREAM), PACK)
