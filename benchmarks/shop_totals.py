"""Figures over the whole shop, asked in words and counted by plain code over the raw files of the sample shop.

    python benchmarks/shop_totals.py                 # all combinations of measure, city, thing, days, currency; zh and en
    python benchmarks/shop_totals.py --sample 200    # a sample, always the same
    python benchmarks/shop_totals.py --json --show 20

Every question is asked through `Runtime.ask`, by rules only. An answer is right when the figure told is the plain one (each
currency by itself), a refusal is a refusal, and any other answer is wrong: a figure of another question.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Row = dict[str, Any]
Money = dict[str, float]
SAMPLE = ROOT / "sample"
CITIES = (
    ("", ""),
    ("上海", "Shanghai"),
    ("杭州", "Hangzhou"),
    ("西雅图", "Seattle"),
    ("", "Portland"),
    ("广州", "Guangzhou"),
    ("北京", "Beijing"),
    ("", "Savannah"),
)
_CITY_KEY = {"西雅图": "Seattle"}
THINGS: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("", "", lambda item: True),
    ("鞋子", "shoes", lambda item: item["category"] == "shoes"),
    ("食品", "food", lambda item: item["category"] == "food"),
    ("图书", "books", lambda item: item["category"] == "books"),
    ("户外", "outdoor gear", lambda item: item["category"] == "outdoor"),
    ("宠物用品", "pet supplies", lambda item: item["category"] == "pets"),
    ("山月", "Shanyue", lambda item: item["brand"] == "山月"),
    ("云脊", "Ridgeline", lambda item: item["brand"] == "云脊"),
    ("猫粮", "cat food", lambda item: "猫粮" in item["title"]),
    ("徒步鞋", "hiking shoes", lambda item: "徒步鞋" in item["title"]),
    ("充电宝", "power banks", lambda item: "充电宝" in item["title"]),
    ("咖啡豆", "coffee beans", lambda item: "咖啡豆" in item["title"]),
    ("睡袋", "sleeping bags", lambda item: "睡袋" in item["title"]),
)  # fmt: skip
SPANS = (
    ("", "", "0000", "9999"), ("2025年", "in 2025", "2025-01-01", "2025-12-31"), ("2024年", "in 2024", "2024-01-01", "2024-12-31"),
    ("今年", "this year", "2026-01-01", "2026-06-30"), ("去年", "last year", "2025-01-01", "2025-12-31"), ("2025年第四季度", "in Q4 2025", "2025-10-01", "2025-12-31"),
    ("2025年上半年", "in the first half of 2025", "2025-01-01", "2025-06-30"), ("2025年最后三个月", "in the last three months of 2025", "2025-10-01", "2025-12-31"),
    ("2026年3月", "in March 2026", "2026-03-01", "2026-03-31"), ("上个月", "last month", "2026-05-01", "2026-05-31"), ("最近三个月", "in the last three months", "2026-03-31", "2026-06-30"),
    ("2025年3月到5月", "from March to May 2025", "2025-03-01", "2025-05-31"),
)  # fmt: skip
CURRENCIES = (("", "", ""), ("美元", "USD", "USD"), ("人民币", "CNY", "CNY"))


@dataclass(frozen=True)
class Where:
    """The conditions of one question, in words and for plain code."""

    city: tuple[str, str]
    thing: tuple[str, str, Callable[[Row], bool]]
    span: tuple[str, str, str, str]
    currency: tuple[str, str, str]


class Shop:
    """The raw files."""

    def __init__(self) -> None:
        self.items = {row["item_id"]: row for row in _csv("products.csv")}
        self.people = {
            row["customer_id"]: row for name in ("customers-zh.csv", "customers-en.csv") for row in _csv(name)
        }
        self.events = [
            json.loads(line)
            for name in ("events-zh.jsonl", "events-en.jsonl")
            for line in (SAMPLE / name).read_text("utf-8").splitlines()
        ]

    def rows(self, kind: str, where: Where, *, days: bool = True) -> list[Row]:
        """Events of one kind under the conditions."""
        first, last = where.span[2], where.span[3]
        kept = [row for row in self.events if row["kind"] == kind and self.lives(row["customer_id"], where)]
        kept = [row for row in kept if not days or first <= (row.get("occurred_at") or "")[:10] <= last]
        kept = [row for row in kept if not where.currency[2] or row.get("currency") == where.currency[2]]
        return [row for row in kept if not where.thing[1] or self.on(row, where, kind)]

    def lives(self, customer: str, where: Where) -> bool:
        """Whether a customer is of the city."""
        if not any(where.city):
            return True
        zh = where.city[0] if where.city[1] != "Seattle" else ""
        return self.people[customer]["city"] in ({zh} if zh else {where.city[1]})

    def on(self, row: Row, where: Where, kind: str) -> bool:
        """Whether an event is on the thing; a ticket names only its order."""
        if row.get("item_id"):
            return where.thing[2](self.items[row["item_id"]])
        if kind != "ticket":
            return False
        own = [
            e
            for e in self.events
            if e["kind"] == "order" and e.get("order_id") == row.get("order_id") and row.get("order_id")
        ]
        return any(where.thing[2](self.items[e["item_id"]]) for e in own)


def _csv(name: str) -> list[Row]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _money(rows: list[Row]) -> Money:
    sums: Money = defaultdict(float)
    for row in rows:
        sums[row["currency"]] += float(row["amount"])
    return {code: round(value, 2) for code, value in sums.items()}


def _orders(rows: list[Row]) -> set[str]:
    return {row["order_id"] for row in rows}


def _mean_order(rows: list[Row]) -> Money:
    return {
        code: round(value / len(_orders([row for row in rows if row["currency"] == code])), 2)
        for code, value in _money(rows).items()
    }


def _rated(shop: Shop, where: Where) -> list[float]:
    return [float(row["rating"]) for row in shop.rows("review", where) if row.get("rating") is not None]


def _first_day(shop: Shop, customer: str) -> str:
    return min(
        str(row["occurred_at"])[:10] for row in shop.events if row["kind"] == "order" and row["customer_id"] == customer
    )


def _new(shop: Shop, where: Where) -> int:
    return sum(
        where.span[2] <= _first_day(shop, one) <= where.span[3]
        for one in {row["customer_id"] for row in shop.rows("order", where)}
    )


def _again(shop: Shop, where: Where) -> int:
    own: dict[str, set[str]] = defaultdict(set)
    for row in shop.rows("order", where):
        own[row["customer_id"]].add(row["order_id"])
    return sum(len(one) > 1 for one in own.values())


def _tickets(shop: Shop, where: Where, status: str = "") -> int:
    threads: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in shop.rows("ticket", where, days=False):
        threads[row["customer_id"], row.get("order_id") or row.get("item_id") or row["source_id"]].append(row)
    kept = [sorted(own, key=lambda row: str(row["occurred_at"])) for own in threads.values()]
    kept = [own for own in kept if where.span[2] <= own[0]["occurred_at"][:10] <= where.span[3]]
    return sum(not status or own[-1]["status"] == status for own in kept)


def _share(part: float, whole: float) -> str | None:
    return f"{100 * part / whole:.1f}%" if whole else None


@dataclass(frozen=True)
class Asked:
    """A measure: how plain code computes it, how it is asked, and which conditions have a meaning for it."""

    name: str
    plain: Callable[[Shop, Where], float | Money | str | None]
    zh: tuple[str, ...]
    en: tuple[str, ...]
    money: bool = False
    items: bool = True
    days: bool = True
    must_days: bool = False


MEASURES: tuple[Asked, ...] = (
    Asked("orders", lambda s, w: len(_orders(s.rows("order", w))), ("{d}{c}{t}{m}有多少订单", "{d}{c}{t}{m}的订单数", "{c}{d}一共有多少笔{t}{m}订单"), ("how many orders{t}{c}{m}{d}", "how many orders{t} did we get{c}{m}{d}?", "number of orders{t}{c}{m}{d}"), True),
    Asked("order lines", lambda s, w: len(s.rows("order", w)), ("{d}{c}{t}{m}有多少订单行",), ("how many order lines{t}{c}{m}{d}",), True),
    Asked("units", lambda s, w: sum(int(r["quantity"]) for r in s.rows("order", w)), ("{d}{c}{t}{m}卖了多少件", "{d}{c}{t}{m}的销量", "{c}{d}{t}{m}卖出多少件商品"), ("how many units{t} were sold{c}{m}{d}", "units{t} sold{c}{m}{d}"), True),
    Asked("revenue", lambda s, w: _money(s.rows("order", w)), ("{d}{c}{t}{m}销售额是多少", "{d}{c}{t}{m}卖了多少钱", "{c}{d}{t}{m}的营业额"), ("what was our revenue{r}{c}{m}{d}?", "total sales{t}{c}{m}{d}", "how much did customers{c2} spend{o}{m}{d}"), True),
    Asked("average order", lambda s, w: _mean_order(s.rows("order", w)), ("{d}{c}{t}{m}客单价", "{d}{c}{t}{m}平均每单多少钱"), ("average order value{t}{c}{m}{d}", "what is the average order{t}{c}{m}{d}"), True),
    Asked("customers", lambda s, w: len({r["customer_id"] for r in s.rows("order", w)}), ("{d}{c0}有多少顾客买过{t0}{m0}",), ("how many customers{c} bought {t1}{d}",), False),
    Asked("new customers", _new, ("{d}{c}新客户有多少", "{d}{c}新增顾客数"), ("how many new customers{c}{d}",), False, False, True, True),
    Asked("repeat customers", _again, ("{d}{c}{t}回头客有多少",), ("how many repeat customers{t}{c}{d}", "repeat customers{c}{t}{d}"), False),
    Asked("returns", lambda s, w: len(s.rows("return", w)), ("{d}{c}{t}有多少次退货", "{d}{c}{t}退货数"), ("how many returns{t}{c}{d}", "how many returns did we have{t}{c}{d}"), False),
    Asked("return rate", lambda s, w: _share(len(s.rows("return", w)), len(s.rows("order", w))), ("{d}{c}{t}退货率", "{d}{c}{t}的退货率是多少"), ("return rate{t}{c}{d}", "what is the return rate{t}{c}{d}"), False),
    Asked("reviews", lambda s, w: len(s.rows("review", w)), ("{d}{c}{t}有多少条评价",), ("how many reviews{t}{c}{d}", "number of reviews{t}{c}{d}"), False),
    Asked("average rating", lambda s, w: f"{sum(v) / len(v):.2f}" if (v := _rated(s, w)) else None, ("{d}{c}{t}平均评分", "{d}{c}{t}的平均评分是多少"), ("average rating{t}{c}{d}", "what is the average rating{t}{c}{d}"), False),
    Asked("five stars", lambda s, w: sum(v == 5 for v in _rated(s, w)), ("{d}{c}{t}有多少条五星评价",), ("how many five-star reviews{t}{c}{d}",), False),
    Asked("good share", lambda s, w: _share(sum(v >= 4 for v in _rated(s, w)), len(_rated(s, w))), ("{d}{c}{t}好评率",), ("share of good reviews{t}{c}{d}",), False),
    Asked("tickets", _tickets, ("{d}{c}{t}有多少张工单",), ("how many tickets{t}{c}{d}",), False),
    Asked("open tickets", lambda s, w: _tickets(s, w, "open"), ("{d}{c}{t}有多少未解决的工单",), ("how many open tickets{t}{c}{d}",), False),
    Asked("solved tickets", lambda s, w: _tickets(s, w, "solved"), ("{d}{c}{t}已解决的工单有多少",), ("how many solved tickets{t}{c}{d}",), False),
    Asked("complaints", _tickets, ("{d}{c}{t}有多少投诉",), ("how many complaints{t}{c}{d}",), False),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A question and what plain code says."""

    question: str
    measure: str
    language: str
    plain: float | Money | str | None


def cases(shop: Shop, *, seed: int = 20261122) -> Iterator[Case]:
    """Every measure with every condition alone, and many with two or three together; each wording in turn."""
    dice = random.Random(seed)
    for asked in MEASURES:
        wheres = [Where(CITIES[0], THINGS[0], SPANS[0], CURRENCIES[0])]
        wheres += [Where(c, THINGS[0], SPANS[0], CURRENCIES[0]) for c in CITIES[1:]]
        wheres += [Where(CITIES[0], t, SPANS[0], CURRENCIES[0]) for t in THINGS[1:]]
        wheres += [Where(CITIES[0], THINGS[0], s, CURRENCIES[0]) for s in SPANS[1:]]
        wheres += [Where(CITIES[0], THINGS[0], SPANS[0], m) for m in CURRENCIES[1:]]
        wheres += [
            Where(dice.choice(CITIES), dice.choice(THINGS), dice.choice(SPANS), dice.choice(CURRENCIES))
            for _ in range(40)
        ]
        wheres += [Where(dice.choice(CITIES[1:]), THINGS[0], dice.choice(SPANS[1:]), CURRENCIES[0]) for _ in range(10)]
        for place, where in enumerate(wheres):
            if (
                (where.currency[2] and not asked.money)
                or (where.thing[1] and not asked.items)
                or (asked.must_days and not where.span[1])
            ):
                continue
            plain = asked.plain(shop, where)
            yield Case(_en(asked.en[place % len(asked.en)], where), asked.name, "en", plain)
            if where.city[0] or not where.city[1]:
                yield Case(_zh(asked.zh[place % len(asked.zh)], where), asked.name, "zh", plain)


def _zh(form: str, where: Where) -> str:
    city, thing, span, currency = where.city[0], where.thing[0], where.span[0], where.currency[0]
    return form.format(d=span, c=f"{city}的顾客" if city else "", c0=f"{city}" if city else "", t=thing, t0=thing or "东西", m=f"以{currency}付款的" if currency else "", m0="")  # fmt: skip


def _en(form: str, where: Where) -> str:
    city, thing, span, currency = where.city[1], where.thing[1], where.span[1], where.currency[1]
    text = form.format(
        d=f" {span}" if span else "", c=f" from customers in {city}" if city else "", c2=f" in {city}" if city else "", t=f" of {thing}" if thing else "",
        t1=thing or "something", r=f" from {thing}" if thing else "", o=f" on {thing}" if thing else "", m=f" in {currency}" if currency else "",
    )  # fmt: skip
    return text.replace("customers from customers in", "customers from")


_DATES = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNT = re.compile(
    r"共有 (\d+)|[客户员）]有 (\d+)|卖出 (\d+)|记录为 (\d+)|\bhas (\d+)|^(\d+) (?:sold|customers?|of)|: (\d+) sold|\b(\d+) complaints"
)
_MEAN = re.compile(r"平均 (\d\.\d\d)|(\d\.\d\d) stars on average")


def verdict(case: Case, told: str, abstained: bool) -> str:
    """`right`, `refused` or `wrong`."""
    if abstained:
        return "refused"
    head = _DATES.sub(" ", told.split("\n", maxsplit=1)[0])
    if isinstance(case.plain, dict):
        amounts: Money = {}
        for value, code in re.findall(r"(\d+\.\d\d) ([A-Z]{3})", head):
            amounts.setdefault(code, float(value))
        return "right" if amounts == case.plain else "wrong"
    if isinstance(case.plain, str) and case.plain.endswith("%"):
        found = re.search(r"\d+\.\d%", head)
        return "right" if found and found.group(0) == case.plain else "wrong"
    if isinstance(case.plain, str):
        mean = _MEAN.search(head)
        return "right" if mean and case.plain in mean.groups() else "wrong"
    count = _COUNT.search(head)
    value = next((one for one in count.groups() if one), None) if count else None
    return "right" if case.plain is not None and value == f"{case.plain:g}" else "wrong"


def sampled(number: int) -> list[Case]:
    """That many cases, spread over all measures, always the same."""
    unique = {(one.question, one.measure): one for one in cases(Shop())}
    order = sorted(unique, key=lambda key: random.Random(f"{key[0]}{key[1]}").random())
    by_measure: dict[str, list[Case]] = defaultdict(list)
    for key in order:
        by_measure[key[1]].append(unique[key])
    found: list[Case] = []
    while len(found) < number and any(by_measure.values()):
        for own in by_measure.values():
            if own and len(found) < number:
                found.append(own.pop(0))
    return found


def main() -> None:
    """Ask, compare, print."""
    from agent.runtime import Runtime
    from evaluation import shops

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=100_000)
    parser.add_argument("--shop", type=Path, help="the sample shop, imported and indexed")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong and refused questions")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    kept: dict[str, list[tuple[Case, str]]] = defaultdict(list)
    table: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.shop or shops.make("sample", Path(temporary) / "sample")
        with Runtime.open(folder, overrides={"llm.kind": "none"}) as runtime:
            for case in sampled(args.sample):
                answer = runtime.answer(case.question)
                how = verdict(case, answer.answer, answer.abstained)
                kept[how].append((case, answer.answer))
                table[case.measure][how] += 1
                table[case.language][how] += 1
                table["all"][how] += 1
    if args.json:
        print(json.dumps({name: dict(row) for name, row in table.items()}, ensure_ascii=False, indent=1))
    else:
        print(f"{'':18}{'asked':>7}{'answered':>10}{'refused':>9}{'wrong':>7}")
        for name, row in table.items():
            print(f"{name:18}{row.total():7}{row['right']:10}{row['refused']:9}{row['wrong']:7}")
    for how in ("wrong", "refused"):
        for case, told in kept[how][: args.show]:
            print(f"{how}: {case.question} | plain {case.plain} | {told[:220]!r}")
    raise SystemExit(1 if kept["wrong"] else 0)


if __name__ == "__main__":
    main()
