from pathlib import Path

import numpy as np
import polars as pl
import pytest

from huaxiang import ids, recommend
from huaxiang.recommend import content, neighbours, signals
from huaxiang.schema.event import Item
from huaxiang.store import tables as t
from huaxiang.store.read import EVENT_FRAME_SCHEMA
from huaxiang.store.shop import Shop

DAY = 86_400
NOW = 1_000 * DAY

ITEMS = [
    # item, title, title_en, brand, category, colour, price
    ("pack-green", "云脊背包 墨绿", "Ridge hiking pack (green)", "云脊", "outdoor", "green", 45900),
    ("pack-orange", "云脊背包 橙", "Ridge hiking pack (orange)", "云脊", "outdoor", "orange", 45900),
    ("pole", "云脊登山杖", "Ridge trekking poles", "云脊", "outdoor", "black", 19900),
    ("lamp", "露营灯", "Camping lamp", "Lumo", "outdoor", "white", 9900),
    ("tea", "龙井茶", "Longjing tea", "茶里", "food", None, 8800),
    ("tea2", "白茶", "White tea", "茶里", "food", None, 9800),
    ("shirt", "羊毛衫", "Merino wool shirt", "Lana", "clothing", "red", 39900),
]


def event(customer, kind, item, day, *, rating=None, order=None):
    return {
        "event_id": ids.event_id(customer, kind, item, day), "customer_id": customer, "kind": kind, "item_id": item,
        "occurred_at": day * DAY, "rating": rating, "order_id": order or (f"{customer}-{day}" if kind == "order" else None),
    }  # fmt: skip


EVENTS = [
    *[event(f"c{n}", "order", item, 700 + n) for n in range(4) for item in ("pack-green", "pole")],
    *[event(f"c{n}", "order", "lamp", 800 + n) for n in range(3)],
    event("ann", "order", "pack-green", 900),
    event("ann", "review", "lamp", 910, rating=5.0),
    event("new", "view", "tea", 950),
    event("back", "order", "lamp", 900),
    event("back", "order", "pole", 905),
    event("back", "return", "pole", 915),
    event("sour", "order", "tea", 900),
    event("sour", "review", "tea", 905, rating=1.0),
    *[event(f"t{n}", "order", "tea", day) for n in range(3) for day in (500, 600, 700)],
    event("soon", "order", "tea", 800),
    event("soon", "order", "tea", 990),
    event("c9", "order", "shirt", 999),
]


@pytest.fixture
def shop(tmp_path: Path):
    made = Shop.create(tmp_path / "shop")
    with made.begin() as connection:
        for key, title, title_en, brand, category, color, price in ITEMS:
            connection.execute(
                t.items.insert().values(
                    item_id=key,
                    title=title,
                    title_en=title_en,
                    brand=brand,
                    category=category,
                    color=color,
                    price_minor=price,
                    currency="CNY",
                )
            )
        connection.execute(t.events.insert(), EVENTS)
    yield made
    made.close()


def found(shop, customer, **options):
    return {one.item_id: one for one in recommend.fit(shop).recommend(customer, 10, **options)}


def test_the_others_come_first_and_the_reason_cites_the_customers_own_records(shop):
    best = recommend.fit(shop).recommend("ann", 3)[0]
    assert (best.item_id, best.method) == ("pole", "collaborative")
    assert best.evidence == tuple(
        ids.record_evidence_id(ids.event_id("ann", kind, item, day))
        for kind, item, day in (("order", "pack-green", 900), ("review", "lamp", 910))
    )
    # c0 … c3 bought pack and pole; nobody else did
    assert "4 other customers who chose “Ridge hiking pack (green)” also chose this" in best.reason_en
    assert "买过「云脊背包 墨绿」" in best.reason_zh and "另有 4 位" in best.reason_zh


def test_what_was_bought_is_not_offered_again_nor_in_another_colour(shop):
    assert not {"pack-green", "pack-orange", "lamp"} & found(shop, "ann").keys()


@pytest.mark.parametrize(("customer", "item"), [("back", "pole"), ("sour", "tea")])
def test_what_was_returned_or_rated_badly_is_not_offered(shop, customer, item):
    assert item not in found(shop, customer)


def test_only_what_this_customer_buys_again_and_again_comes_back_and_not_too_soon(shop):
    again = found(shop, "t0")["tea"]
    assert again.method == "content" and "3 times" in again.reason_en
    assert "tea" not in found(shop, "soon")


def test_a_customer_with_one_look_gets_content_with_that_look_as_evidence(shop):
    first, second = recommend.fit(shop).recommend("new", 2)
    assert (first.item_id, first.reason_zh) == ("tea", "该顾客看过这件,但没有买。")
    assert (second.item_id, second.method) == ("tea2", "content")
    assert second.evidence == (ids.record_evidence_id(ids.event_id("new", "view", "tea", 950)),)
    assert "category food, brand 茶里" in second.reason_en and "品类 食品" in second.reason_zh


def test_without_history_what_is_popular_is_called_popular(shop):
    best = recommend.fit(shop).recommend("nobody", 1)[0]
    assert (best.method, best.evidence) == ("popular", ())
    assert "not based on this customer's records" in best.reason_en and "热门" in best.reason_zh


@pytest.mark.parametrize("avoid", ["云脊", "OUTDOOR", "black", "trekking"])
def test_what_the_profile_says_is_avoided_is_left_out(shop, avoid):
    assert "pole" in found(shop, "ann")
    assert "pole" not in found(shop, "ann", avoid=[avoid])


def test_items_can_be_excluded_and_events_after_as_of_do_not_count(shop):
    assert "pole" not in found(shop, "ann", exclude=["pole"])
    assert "lamp" in found(shop, "ann", as_of=905 * DAY)


def test_the_saved_recommender_is_used_until_the_events_change(shop):
    assert recommend.load(shop) is None
    fitted = recommend.fit(shop).recommend("ann", 5)
    loaded = recommend.load(shop)
    assert loaded is not None and loaded.recommend("ann", 5) == fitted
    with shop.begin() as connection:
        connection.execute(t.events.insert().values(**event("zoe", "order", "lamp", 999)))
    assert recommend.load(shop) is None
    (shop.folder / "cache" / "recommend.npz").write_bytes(b"PK\x03\x04 cut short")
    assert recommend.open_recommender(shop).recommend("ann", 1)[0].item_id == "pole"


@pytest.mark.parametrize("name", ["recommend.npz", "recommend.json"])
def test_a_damaged_cache_is_made_again(shop, name):
    recommend.fit(shop)
    path = shop.folder / "cache" / name
    path.write_bytes(path.read_bytes()[:-40])
    assert recommend.load(shop) is None
    assert recommend.open_recommender(shop).recommend("ann", 1)[0].item_id == "pole"


def test_two_others_do_not_lead_from_one_category_to_another_but_three_do(shop):
    def buy(*customers):
        with shop.begin() as connection:
            connection.execute(
                t.events.insert(),
                [event(one, "order", item, 100) for one in customers for item in ("shirt", "tea2", "pack-green")],
            )

    buy("x1", "x2")
    assert "tea2" not in found(shop, "ann")
    buy("x3")
    assert (found(shop, "ann")["tea2"].method, len(found(shop, "ann")["tea2"].evidence)) == ("collaborative", 1)


def test_the_cache_names_no_customer(shop):
    recommend.fit(shop)
    for path in (shop.folder / "cache").iterdir():
        assert b"ann" not in path.read_bytes() and b"nobody" not in path.read_bytes()


def test_a_shop_without_catalogue_or_events_recommends_what_it_can(tmp_path):
    bare = Shop.create(tmp_path / "bare")
    assert recommend.fit(bare).recommend("x") == []
    with bare.begin() as connection:
        connection.execute(
            t.events.insert(), [event(f"c{n}", "review", item, 10, rating=5.0) for n in range(3) for item in "ab"]
        )
        connection.execute(t.events.insert(), [event("x", "review", "a", 11, rating=5.0)])
    best = recommend.fit(bare).recommend("x")
    assert [(one.item_id, one.method) for one in best] == [("b", "popular")]
    bare.close()


def test_without_a_catalogue_items_whose_reviews_read_alike_are_alike(tmp_path):
    bare = Shop.create(tmp_path / "bare")
    rng = np.random.default_rng(0)
    base = {"a": [1, 0, 0, 0], "b": [0.9, 0.1, 0, 0], "z": [0, 0, 0, 1]}
    with bare.begin() as connection:
        for n, item in enumerate(["a", "b", "z", "a", "b", "z"]):
            one = event(f"c{n}", "review", item, 10 + n, rating=5.0)
            connection.execute(t.events.insert().values(**one))
            key = ids.text_evidence_id(one["event_id"])
            connection.execute(
                t.evidence.insert().values(
                    evidence_id=key, customer_id=f"c{n}", kind="text", event_id=one["event_id"], clean="x"
                )
            )
            vector = (np.array(base[item]) + rng.normal(size=4) * 0.01).astype("<f2").tobytes()
            connection.execute(
                t.vectors.insert().values(
                    evidence_id=key, customer_id=f"c{n}", encoder="e", content_hash="h", vector=vector
                )
            )
    best = recommend.fit(bare).recommend("c0", 1)[0]
    assert (best.item_id, best.method, best.reason_en) == (
        "b",
        "content",
        "It is like “a”, which this customer reviewed.",
    )
    bare.close()


def test_neighbours_are_the_shrunk_cosine_by_hand():
    likes = pl.DataFrame(
        {
            "customer_id": ["u", "u", "v", "v", "w"],
            "item_id": ["a", "b", "a", "b", "a"],
            "strength": [1.0] * 5,
            "last_at": [1] * 5,
        }
    )
    near = neighbours.fit(likes, ["a", "b", "c"])
    assert (int(near.index[0, 0]), int(near.support[0, 0])) == (1, 2)
    assert near.weight[0, 0] == pytest.approx(2 / (np.sqrt(3 * 2) + 20))
    assert near.score({0: 1.0}).tolist() == pytest.approx([0, 2 / (np.sqrt(6) + 20), 0])
    assert near.because(1, {0: 0.5}) == [(0, pytest.approx(0.5 * near.weight[0, 0]), 2)]


def test_a_return_or_a_bad_rating_outweighs_the_purchase():
    frame = pl.DataFrame(
        [event("a", "order", "x", 1), event("a", "return", "x", 2), event("a", "review", "y", 3, rating=3.0)]
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in EVENT_FRAME_SCHEMA.items() if name not in frame.columns]
    rows = {
        row["item_id"]: row
        for row in signals.pairs(frame.with_columns(missing).cast({"rating": pl.Float64})).iter_rows(named=True)
    }
    assert (rows["x"]["disliked"], rows["x"]["kind"], rows["x"]["owned"]) == (True, "return", True)
    assert (rows["y"]["disliked"], rows["y"]["strength"]) == (False, 0.5)


def test_price_bands_are_thirds_of_a_category_in_one_currency():
    catalogue = {str(n): Item(item_id=str(n), category="c", price_minor=n * 100, currency="CNY") for n in range(1, 7)}
    catalogue["usd"] = Item(item_id="usd", category="c", price_minor=5, currency="USD")
    assert content.price_bands(catalogue) == {"1": 0, "2": 0, "3": 1, "4": 1, "5": 2, "6": 2}
