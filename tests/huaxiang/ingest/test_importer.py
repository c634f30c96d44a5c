"""What an import keeps, drops, mends and says, on small files of every format."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from huaxiang.errors import ConfigError, DataError, MissingColumns
from huaxiang.ingest.cleaning import to_raw_span
from huaxiang.ingest.importer import import_paths
from huaxiang.store import evidence, lexical, read
from huaxiang.store.shop import Shop

Put = Callable[[str, str | bytes], Path]
Rows = Callable[[str], list[Any]]
AMAZON = {
    "reviewerID": "A1", "asin": "B01", "helpful": [0, 0], "reviewText": "It&#39;s <b>good</b>", "overall": 5.0, "summary": "good",
    "unixReviewTime": 1393545600, "reviewTime": "02 28, 2014",
}  # fmt: skip
ROOT = Path(__file__).parents[3]


def jsonl(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def test_a_2014_review_becomes_an_event_a_customer_and_a_text_that_can_be_found_at_once(shop: Shop, put: Put) -> None:
    report = import_paths(shop, [put("reviews.json.gz", gzip.compress(jsonl(AMAZON).encode()))])
    assert (report.files[0].format, report.files[0].kind, report.total.kept) == ("amazon-2014", "review", 1)
    assert report.customer_ids == {"A1"} and "A1" not in report.model_dump_json()
    (event,) = read.events_of(shop, "A1")
    assert (event.item_id, event.rating, event.source_file, event.source_row) == ("B01", 5.0, "reviews.json.gz", 1)
    (text,) = evidence.texts_of(shop, "A1")
    assert (text.clean, text.raw, text.language) == ("good\nIt's good", "good\nIt&#39;s <b>good</b>", "en")
    start, end = to_raw_span(text.offsets, 5, 9)
    assert (text.raw or "")[start:end] == "It&#39;s"
    with shop.engine.connect() as connection:
        assert lexical.count(connection) == 1
    assert read.customer_list(shop)[0]["language"] == "en"


def test_2018_reviews_and_both_kinds_of_metadata_are_found_in_a_folder(shop: Shop, put: Put) -> None:
    review = {**AMAZON, "verified": True, "style": {"Color:": " Red"}, "vote": "3"}
    meta = {
        "asin": "B01",
        "title": "Strap",
        "brand": "by\n Acme",
        "price": "$1,250.00",
        "category": ["Music", "Straps"],
    }
    folder = put("shop/reviews.json", jsonl(review)).parent
    put(
        "shop/meta.json",
        jsonl(meta) + "{'asin': 'B02', 'title': \"Pick's\", 'price': -1, 'categories': [['Music', 'Picks']]}\n",
    )
    put("shop/notes.docx", "x")
    put("shop/prose.txt", "nothing to see here\n")
    put("shop/brands.csv", "brand,alias\nA,B\n")
    report = import_paths(shop, [folder])
    assert [(one.file, one.format) for one in report.files[:2]] == [
        ("meta.json", "amazon-meta"),
        ("reviews.json", "amazon-2018"),
    ]
    assert {one.file for one in report.files if one.skipped} == {"brands.csv", "notes.docx", "prose.txt"}
    (line,) = [one for one in report.to_text().splitlines() if one.startswith("brands.csv")]
    assert line == "brands.csv: skipped (no customers, items or events; --kind reads it anyway)"
    items = read.items_by_id(shop, ["B01", "B02"])
    assert (items["B01"].brand, items["B01"].category, items["B01"].price_minor, items["B01"].currency) == (
        "Acme",
        "Straps",
        125000,
        "USD",
    )
    assert (items["B02"].title, items["B02"].price_minor) == ("Pick's", None)
    assert report.total.flagged["outlier-price"].count == 1
    assert read.events_of(shop, "A1")[0].attrs["style"] == {"Color:": " Red"}


def test_douban_files_are_reviews_and_films(shop: Shop, put: Put) -> None:
    folder = put(
        "d/movies.jsonl",
        jsonl({"movie_id": "1", "movie_name": "花椒之味", "genres": ["剧情", "家庭"], "directors": ["麦曦茵"]}),
    ).parent
    put(
        "d/reviews.jsonl",
        jsonl(
            {
                "user_id": "u",
                "movie_id": "1",
                "date": "2021-03-31",
                "stars": "4",
                "useful": 2,
                "tags": "",
                "text": "很好看",
            }
        ),
    )
    import_paths(shop, [folder])
    assert read.items_by_id(shop, ["1"])["1"].category == "剧情"
    assert read.events_of(shop, "u")[0].rating == 4.0
    assert read.customer_list(shop)[0]["language"] == "zh"


def test_customers_come_with_contacts_and_aliases_and_newer_details_win(shop: Shop, put: Put, rows: Rows) -> None:
    put(
        "customers.csv",
        "customer_id,name,aliases,email,phone,joined_on\nC1,王芳,芳芳|小芳,A@x.example,199-0000-0001,2024-07-03\n",
    )
    first = import_paths(shop, [put("c2/customers.csv", "customer_id,name\nC1,王芳\n")])
    second = import_paths(shop, [shop.folder.parent / "files" / "customers.csv"])
    assert (first.total.kept, second.total.kept, second.total.updated) == (1, 0, 1)
    customer = read.customers_by_id(shop, ["C1"])["C1"]
    assert (set(customer.aliases), customer.emails, str(customer.joined_on)) == (
        {"小芳", "芳芳"},
        ("A@x.example",),
        "2024-07-03",
    )
    assert rows("SELECT normal FROM contacts ORDER BY kind") == [("a@x.example",), ("19900000001",)]


def test_orders_count_price_times_quantity_and_negative_quantities_are_returns(shop: Shop, put: Put) -> None:
    table = pl.DataFrame(
        {"Description": ["MUG", "MUG", "BAG", "BAG"], "Quantity": [6, -2, 1, 1], "UnitPrice": [2.55, 2.55, -1.0, 3.0],
         "CustomerID": [17850.0, 17850.0, 17850.0, None], "InvoiceDate": ["2010-12-01 08:26:00"] * 4}
    )  # fmt: skip
    path = put("retail.parquet", b"")
    table.write_parquet(path)
    report = import_paths(shop, [path], kind="order", columns={"item_id": "Description"})
    found = {(one.kind, one.item_id, one.quantity, one.amount_minor) for one in read.events_of(shop, "17850")}
    assert found == {("order", "MUG", 6.0, 1530), ("return", "MUG", 2.0, 510), ("order", "BAG", 1.0, None)}
    assert {name: one.rows for name, one in report.total.rejected.items()} == {"missing-customer": []}
    assert report.files[0].rejected["missing-customer"].rows == [4]
    assert {**report.files[0].repaired, **report.files[0].flagged}.keys() == {"negative-quantity", "outlier-price"}


def test_identical_order_lines_of_one_file_are_two_orders_and_identical_reviews_are_one(shop: Shop, put: Put) -> None:
    orders = put("orders.csv", "customer_id,date,item_id,qty,amount\nC1,2025-01-01,P1,1,5\nC1,2025-01-01,P1,1,5\n")
    reviews = put("reviews.csv", "customer_id,date,item_id,text\nC1,2025-01-01,P1,good\nC1,2025-01-01,P1,good\n")
    report = import_paths(shop, [orders, reviews])
    assert [(one.kept, one.duplicated) for one in report.files] == [(2, 0), (1, 1)]


def test_importing_again_under_any_name_changes_nothing(shop: Shop, put: Put, contents: Callable[[], Any]) -> None:
    lines = "customer_id,date,item_id,qty,amount\nC1,2025-01-01,P1,1,5\nC1,2025-01-01,P1,1,5\nC2,,P1,1,5\n"
    reviews = jsonl(AMAZON, {**AMAZON, "reviewerID": "A2"})
    import_paths(shop, [put("orders.csv", lines), put("reviews.json", reviews)])
    before = contents()
    again = import_paths(shop, [put("orders-copy.csv", lines), put("old/reviews.json", reviews)])
    assert contents() == before
    assert (again.total.kept, again.total.duplicated, again.customer_ids) == (0, 5, set())
    assert all(one.imported_before for one in again.files)


def test_a_reused_id_with_other_content_is_rejected_with_its_line(shop: Shop, put: Put) -> None:
    line = {"source_id": "Z1", "kind": "review", "customer_id": "C1", "occurred_at": "2025-01-01", "text": "好"}
    first = import_paths(
        shop, [put("a.jsonl", jsonl(line, line, {**line, "text": "坏"}, {**line, "customer_id": "C2"}))]
    )
    later = import_paths(shop, [put("b.jsonl", jsonl({**line, "text": "坏"}, line))])
    assert (first.total.kept, first.total.duplicated, first.files[0].rejected["id-reused"].rows) == (1, 1, [3, 4])
    assert (later.total.kept, later.total.duplicated, later.files[0].rejected["id-reused"].rows) == (0, 1, [1])
    items = import_paths(shop, [put("products.csv", "item_id,title\nP1,Mug\nP1,Bag\nP1,Mug\n")])
    assert (items.total.kept, items.total.duplicated, items.files[0].rejected["id-reused"].rows) == (1, 1, [3])


def test_every_row_is_accounted_for_and_the_full_list_holds_no_customer_text(shop: Shop, put: Put) -> None:
    lines = [
        '{"customer_id": "C1", "text": "secret <b>words</b>", "rating": 9999}',
        "{broken",
        '["a"]',
        '{"text": "secret"}',
        "",
    ]
    report = import_paths(shop, [put("reviews.jsonl", "\n".join(lines))])
    one = report.files[0]
    assert one.read == one.kept + one.updated + one.duplicated + one.rejected_rows == 4
    assert {name: found.rows for name, found in one.rejected.items()} == {
        "bad-json": [2],
        "not-an-object": [3],
        "missing-customer": [4],
    }
    assert set(one.repaired) == {"markup", "unreadable-rating"} and set(one.flagged) == {"no-date"}
    listed = (shop.folder / "cache" / f"import-{one.batch_id}.jsonl").read_text()
    assert {"row": 2, "what": "rejected", "reason": "bad-json"} in [json.loads(line) for line in listed.splitlines()]
    for said in (listed, report.model_dump_json(), report.to_text("zh"), report.to_text("en")):
        assert "secret" not in said
    assert "拒绝 3" in report.to_text("zh") and "rejected 3" in report.to_text("en")


def test_what_is_not_known_is_missing_and_never_nought(shop: Shop, put: Put) -> None:
    import_paths(
        shop,
        [
            put(
                "e.jsonl",
                jsonl(
                    {
                        "kind": "order",
                        "customer_id": "C1",
                        "item_id": "P1",
                        "quantity": "",
                        "amount": None,
                        "rating": "NaN",
                    }
                ),
            )
        ],
    )
    (event,) = read.events_of(shop, "C1")
    assert (event.quantity, event.amount_minor, event.currency, event.rating, event.occurred_at) == (None,) * 5
    assert event.flags == ("no-date",)


def test_dates_in_many_formats_are_one_time_and_the_year_2099_is_flagged(shop: Shop, put: Put) -> None:
    written = [
        "2019-03-05",
        "2019/3/5",
        "05.03.2019",
        '"03 5, 2019"',
        "2019年3月5日",
        "1551715200",
        "1551715200000",
        "someday",
        "2099-01-01",
    ]
    body = "".join(f"R{place},C1,{one},t{place}\n" for place, one in enumerate(written))
    report = import_paths(shop, [put("reviews.csv", "id,customer_id,date,text\n" + body)])
    events = {one.source_id: one for one in read.events_of(shop, "C1")}
    assert {events[f"R{place}"].occurred_at for place in range(7)} == {1551715200}
    assert (events["R7"].occurred_at, events["R7"].flags, events["R8"].flags) == (None, ("no-date",), ("future-date",))
    assert report.files[0].repaired["unreadable-date"].rows == [9]
    assert str(shop.today()) == "2019-03-05"


def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(shop: Shop, put: Put) -> None:
    lines = jsonl(AMAZON, AMAZON, {**AMAZON, "asin": "B02"}, {"x": 1})
    path = put("reviews.json", lines)
    before = {
        one: one.read_bytes() for one in sorted(shop.folder.rglob("*")) if one.is_file() and one.suffix != ".sqlite-shm"
    }
    tried = import_paths(shop, [path], dry_run=True, save_mapping=True)
    assert {
        one: one.read_bytes() for one in sorted(shop.folder.rglob("*")) if one.is_file() and one.suffix != ".sqlite-shm"
    } == before
    done = import_paths(shop, [path])
    skip = {"seconds", "dry_run"}
    assert tried.dry_run and tried.total.kept == 2
    assert tried.total.model_dump(exclude=skip) == done.total.model_dump(exclude=skip)
    assert import_paths(shop, [path], dry_run=True).total.duplicated == 3


def test_missing_columns_are_named_with_the_option_that_maps_them(shop: Shop, put: Put) -> None:
    path = put("x.csv", "buyer_no,words\nC1,good\n")
    with pytest.raises(MissingColumns, match=r"customer_id.*text.*--column customer_id=SOURCE_COLUMN") as caught:
        import_paths(shop, [path], kind="review")
    assert caught.value.columns == ["customer_id", "text"]
    with pytest.raises(DataError, match=r"cannot tell what x\.csv holds.*--kind"):
        import_paths(shop, [path])
    with pytest.raises(DataError, match="no column 'nope'"):
        import_paths(shop, [path], kind="review", columns={"customer_id": "nope", "text": "words"})
    with pytest.raises(DataError, match="'words' is no field"):
        import_paths(shop, [path], kind="review", columns={"words": "text"})
    with pytest.raises(ConfigError, match="--kind is one of"):
        import_paths(shop, [path], kind="revue")
    with pytest.raises(ConfigError, match="--format is one of"):
        import_paths(shop, [path], format="xls")
    assert (
        import_paths(shop, [path], kind="review", columns={"customer_id": "buyer_no", "text": "words"}).total.kept == 1
    )


def test_a_saved_mapping_is_used_for_the_next_file_of_that_name_and_the_rest_of_the_settings_stay(
    shop: Shop, put: Put
) -> None:
    toml = shop.folder / "shop.toml"
    toml.write_text(toml.read_text() + '\n[llm] # ours\nkind = "none"\n\n[mappings."other.csv"]\nkind = "order"\n')
    columns = {"customer_id": "buyer_no", "text": 'wo"rds'}
    import_paths(
        shop, [put("x.csv", 'buyer_no,"wo""rds"\nC1,good\n')], kind="review", columns=columns, save_mapping=True
    )
    import_paths(shop, [put("n/x.csv", 'buyer_no,"wo""rds"\nC2,bad\n')], save_mapping=True)
    assert {one["customer_id"] for one in read.customer_list(shop)} == {"C1", "C2"}
    text = toml.read_text()
    assert "[llm] # ours" in text and text.count('[mappings."x.csv"]') == 1 and '[mappings."other.csv"]' in text
    assert Shop.open(shop.folder).settings.mappings["x.csv"]["columns"] == columns


def test_near_copies_and_bots_are_flagged_but_kept(shop: Shop, put: Put) -> None:
    long = "This strap is comfortable and strong, I have used it on stage for two years without any trouble."
    copies = [
        {
            **AMAZON,
            "reviewerID": f"A{n}",
            "reviewText": long + "!" * n,
            "unixReviewTime": 1,
            "reviewTime": f"02 {n + 1}, 2014",
        }
        for n in range(3)
    ]
    bot = [{**AMAZON, "reviewerID": "BOT", "asin": f"P{n}", "reviewText": "Best ever!"} for n in range(9)]
    report = import_paths(shop, [put("reviews.json", jsonl(*copies, *bot))])
    flags = {one: read.events_of(shop, one)[0].flags for one in ("A0", "A1", "A2")}
    assert flags == {"A0": (), "A1": ("near-duplicate",), "A2": ("near-duplicate",)}
    assert read.customers_by_id(shop, ["BOT"])["BOT"].flags == ("bot-like",)
    assert all(one.flags == ("bot-like",) for one in evidence.texts_of(shop, "BOT"))
    assert (
        report.total.kept,
        report.total.flagged["bot-like"].count,
        report.total.flagged["near-duplicate"].count,
    ) == (12, 9, 2)
    later = import_paths(
        shop, [put("late.json", jsonl({**AMAZON, "reviewerID": "A9", "reviewText": long, "reviewTime": "05 1, 2014"}))]
    )
    assert later.files[0].flagged["near-duplicate"].rows == [1]


def test_what_staff_say_is_marked_and_notes_are_theirs(shop: Shop, put: Put) -> None:
    lines = [
        {"kind": "message", "customer_id": "C1", "speaker": one, "text": f"t {one}"}
        for one in ("customer", "客服", "someone")
    ]
    report = import_paths(
        shop,
        [
            put(
                "e.jsonl",
                jsonl(
                    *lines, {"kind": "note", "customer_id": "C1", "text": "n"}, {"kind": "party", "customer_id": "C1"}
                ),
            )
        ],
    )
    assert sorted(one.speaker for one in read.events_of(shop, "C1")) == ["customer", "staff", "staff", "staff"]
    assert set(report.total.rejected) == {"unknown-kind"} and set(report.total.repaired) == {"unknown-speaker"}


def test_fields_that_only_later_lines_bring_are_read(shop: Shop, put: Put) -> None:
    early = jsonl(*({"kind": "view", "customer_id": "C1", "item_id": f"P{n}"} for n in range(5000)))
    import_paths(
        shop, [put("e.jsonl", early + jsonl({"kind": "review", "customer_id": "C2", "rating": 4, "text": "ok"}))]
    )
    (event,) = read.events_of(shop, "C2")
    assert (event.rating, event.has_text, event.attrs) == (4.0, True, {})


@pytest.mark.skipif(not (ROOT / "sample" / "events-zh.jsonl").exists(), reason="the sample shop is absent")
def test_the_sample_shop_imports_without_a_rejected_row(shop: Shop) -> None:
    report = import_paths(shop, [ROOT / "sample"])
    assert report.total.rejected == {} and report.total.events >= 800 and report.total.customers >= 40
    assert not any(one.kind for one in report.files if "gold" in one.file)


DATA = ROOT.parent / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
def test_real_folders_import_by_themselves(shop: Shop) -> None:
    films = import_paths(shop, [DATA / "douban-movies"])
    cards = import_paths(shop, [DATA / "amazon-gift-cards"])
    assert (films.total.events, films.total.customers, films.total.items, films.total.rejected) == (1583, 44, 980, {})
    assert (cards.total.events, cards.total.customers, cards.total.rejected) == (2972, 458, {})


NATURAL = {
    "zh": (
        "顾客编号,姓名,订单号,商品名称,品牌,类目,数量,金额,下单时间,城市,手机号\n"
        "A1,林小雨,D1,羊毛围巾,云脊,服饰,2,198.00,2025-03-01 10:00,杭州,13800000000\n"
    ),
    "en": (
        "Customer ID,Customer Name,Order No,Product Name,Brand,Category,Qty,Amount,Order Date,City,Phone Number\n"
        "A1,林小雨,D1,羊毛围巾,云脊,服饰,2,198.00,2025-03-01 10:00,杭州,13800000000\n"
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_file_in_everyday_words_names_its_customers_and_products(
    shop: Shop, put: Put, rows: Rows, language: str
) -> None:
    report = import_paths(shop, [put("数据.csv", NATURAL[language])])
    assert (report.files[0].kind, report.total.items, report.total.customers) == ("order", 1, 1)
    assert rows("SELECT name, city FROM customers") == [("林小雨", "杭州")]
    assert rows("SELECT title, brand, category FROM items") == [("羊毛围巾", "云脊", "服饰")]
    assert rows("SELECT order_id, quantity, amount_minor, items.title FROM events JOIN items USING (item_id)") == [
        ("D1", 2, 19800, "羊毛围巾")
    ]
    assert "请放进顾客文件" in report.to_text("zh") and "belongs in a file of customers" in report.to_text("en")


def test_what_a_review_says_of_its_item_fills_gaps_and_overwrites_nothing(shop: Shop, put: Put, rows: Rows) -> None:
    import_paths(
        shop,
        [put("items.csv", "item_id,title,brand\nP1,Scarf,\n"), put("customers.csv", "id,name,city\nA1,Lin,Wuhan\n")],
    )
    told = "客户编号,昵称,商品编号,商品标题,品牌,城市,评价内容\nA1,Rain,P1,Other,Acme,Paris,很好\n"
    import_paths(shop, [put("评价.csv", told)])
    assert rows("SELECT title, brand FROM items") == [("Scarf", "Acme")]
    assert rows("SELECT name, city FROM customers") == [("Lin", "Wuhan")]


def test_a_line_that_repeats_an_order_line_word_for_word_counts_and_is_reported(shop: Shop, put: Put) -> None:
    line = "A1,D1,P1,10,2025-03-01 10:00\n"
    file = put("orders.csv", "customer_id,order_id,item_id,amount,time\n" + line + line + line.replace("D1", "D2"))
    report = import_paths(shop, [file])
    assert (report.total.kept, report.files[0].flagged["repeated-row"].rows) == (3, [3])
    assert "rows 3" in report.to_text("en") and "仍算两次" in report.to_text("zh")
    assert not import_paths(shop, [file]).total.flagged
