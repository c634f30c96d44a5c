"""The overview: groups by rule, who to look after, complaints with their words; each number names its customers."""

from __future__ import annotations

import json

import pytest

from huaxiang.ingest.importer import import_paths
from huaxiang.store.shop import Shop
from tools.base import Deps
from ui.desk import overview, overview_data
from ui.desk.desk import DeskModel
from ui.desk.texts import TEXTS


@pytest.mark.parametrize(
    ("count", "days", "overdue", "group"),
    [
        (0, None, None, "none"),
        (None, None, None, "none"),
        (1, 90, None, "new"),
        (1, 91, None, "once"),
        (3, 100, 1.9, "regular"),
        (3, 100, 2.0, "at_risk"),
        (3, 366, 9.0, "lost"),
        (1, 400, None, "lost"),
    ],
)
def test_a_customer_is_in_one_group_by_orders_and_their_own_gap(count, days, overdue, group):
    assert overview_data.segment_of({"order_count": count, "days_since_order": days, "overdue": overdue}) == group


def test_every_group_and_reason_has_words_in_both_languages():
    for name in overview_data.SEGMENTS:
        assert all(TEXTS[f"over.segment.{name}"]) and all(TEXTS[f"over.segment.{name}.help"])
    assert all(all(TEXTS[f"over.reason.{name}"]) for name in ("overdue", "ticket", "ratings"))


def test_the_groups_hold_every_customer_once(runtime):
    found = overview_data.build(runtime.deps)
    assert sorted(who for group in found.segments.values() for who in group) == ["C1", "C2", "C3", "C4"]
    assert set(found.segments["none"]) == {"C2", "C3", "C4"}


def test_complaints_stand_on_the_words_and_name_who_wrote_them(runtime):
    found = overview_data.build(runtime.deps)
    bag = next(one for one in found.complaints if one.item_id == "P1")
    assert (bag.complaints, bag.texts, bag.customers) == (1, 1, ("C2",))
    assert "zipper broke" in bag.quotes[0].text and bag.quotes[0].day == "2026-02-01"
    assert overview.members(found, "item:P1") == ("C2",) and overview.members(found, "item:nobody") == ()


def test_a_number_opens_its_customers_and_a_name_the_customer(runtime):
    model = DeskModel(runtime)
    session = model.sessions.of("page")
    first, last = model.open_overview(session)
    assert "hx-ovbox" not in first["overview"] and "hx-ovbox" in last["overview"]
    assert "hx-ovwho" not in last["overview"]
    opened = model.show_group(session, "segment:none")["overview"]
    assert "hx-ovwho" in opened and "Tom Okafor" in opened.partition("hx-ovwho")[2]
    assert "hx-ovwho" not in model.show_group(session, "segment:none")["overview"]
    assert model.click(session, {"do": "pick", "id": "C2"})["overview"] == ""
    assert session.customer_id == "C2"


def test_what_customers_and_catalogue_say_is_escaped(runtime):
    found = overview_data.build(runtime.deps)
    for language in ("zh", "en"):
        page = overview.render(found, {"C1": "<script>x</script>"}, language, "segment:regular")
        assert "<script" not in page


def test_a_role_that_may_not_see_the_figures_gets_none(runtime, monkeypatch):
    monkeypatch.setattr(type(runtime.deps.sight), "without", lambda self, names: ("spend_minor",))
    runtime.deps.cache.clear()
    found = overview_data.build(runtime.deps)
    assert not found.segments and not found.risks and found.hidden
    assert "not open to this role" in overview.render(found, {}, "en", None)
    runtime.deps.cache.clear()


@pytest.mark.parametrize(
    ("language", "words", "wrong"), [("zh", "还没有顾客", "不可查看"), ("en", "no customers yet", "not open")]
)
def test_an_empty_shop_says_that_nobody_is_there_not_that_it_is_hidden(tmp_path, language, words, wrong):
    shop = Shop.create(tmp_path / "empty", settings={"name": "Empty"})
    found = overview_data.build(Deps(shop=shop, index=None, sentiment=None))
    page = overview.render(found, {}, language, None)
    shop.close()
    assert not found.hidden and words in page and wrong not in page


def _reviews(tmp_path, *rows):
    """The overview of a shop of reviews of one product: (customer, stars or None, text), a day apart."""
    source = tmp_path / "reviews.jsonl"
    source.write_text(
        "\n".join(
            json.dumps(
                {"source_id": f"R{n}", "kind": "review", "customer_id": who, "occurred_at": f"2026-03-{n:02} 10:00:00", "item_id": "P1", "text": text}
                | ({} if stars is None else {"rating": stars}),
                ensure_ascii=False,
            )
            for n, (who, stars, text) in enumerate(rows, start=1)
        ),
        encoding="utf-8",
    )  # fmt: skip
    shop = Shop.create(tmp_path / "shop", settings={"name": "Reviews"})
    import_paths(shop, [source])
    found = overview_data.build(Deps(shop=shop, index=None, sentiment=None))
    shop.close()
    return found


BAD = "The zipper broke after a week and the stitching came apart, very bad quality."


@pytest.mark.parametrize(("stars", "complaints"), [(5, 0), (4, 0), (3, 1), (1, 1), (None, 1)])
def test_a_text_of_four_or_five_stars_is_no_complaint(tmp_path, stars, complaints):
    found = _reviews(tmp_path, ("C1", stars, BAD))
    assert sum(one.complaints for one in found.complaints) == complaints
    assert [(texts, bad) for _, texts, bad in found.months] == [(1, complaints)]


def test_what_one_customer_says_over_and_over_counts_once_and_two_customers_twice(tmp_path):
    found = _reviews(
        tmp_path, ("C1", 1, BAD), ("C1", 1, BAD.upper() + "!!"), ("C2", 1, BAD), ("C1", 1, "Terrible smell.")
    )
    (one,) = found.complaints
    assert (one.complaints, one.texts, one.customers) == (3, 3, ("C1", "C2"))
    assert [texts for _, texts, _ in found.months] == [3]


def test_a_complaint_of_noise_is_not_called_sound(tmp_path):
    (one,) = _reviews(tmp_path, ("C1", 1, "这个饮水机太吵了，噪音很大，晚上睡不着")).complaints
    assert "noise" in dict(one.aspects) and "sound" not in dict(one.aspects)
