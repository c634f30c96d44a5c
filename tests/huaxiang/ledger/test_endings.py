from __future__ import annotations

from datetime import date

import pytest

from huaxiang import clock
from huaxiang.extract.rules import extract_rules
from huaxiang.ledger import project

PET = "2026-01-01 10:00:00"
LOST = "2026-03-01 10:00:00"
NEW = "2026-05-01 10:00:00"


def say(at: str, text: str) -> dict[str, object]:
    return {"kind": "message", "text": text, "occurred_at": at}


def pets(shop, day: str | None = None) -> set[object]:
    as_of = None if day is None else clock.end_of_day(date.fromisoformat(day), shop.tz)
    return {trait.value for trait in project.current_profile(shop, "C1", as_of).get("has_pet")}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_is_over_ends_what_was_said_before_whichever_arrives_first(make_shop, add_events, order):
    told = [say(PET, "我家两只猫"), say(LOST, "我家猫走丢了,现在家里没猫了")]
    shop = make_shop([told[order[0]]])
    extract_rules(shop)
    add_events(shop, [told[order[1]]])
    extract_rules(shop)
    assert pets(shop) == set()
    assert pets(shop, "2026-02-01") == {"cat"}


def test_a_new_pet_of_the_kind_holds_again(make_shop):
    shop = make_shop([
        say(PET, "My dog loves it."), say(LOST, "We lost our dog in March."), say(NEW, "We have a new puppy!"),
    ])  # fmt: skip
    extract_rules(shop)
    assert pets(shop) == {"dog"}
    assert pets(shop, "2026-04-01") == set()


def test_an_ending_alone_claims_nothing(make_shop):
    shop = make_shop([say(LOST, "I got rid of my Kindle.")])
    extract_rules(shop)
    assert project.current_profile(shop, "C1").get("owns_device") == ()
