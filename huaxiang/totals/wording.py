"""A figure in words. The sentence names every condition of its filter, once, here; the answer and its citation both use it."""

from __future__ import annotations

import sqlalchemy as sa

from huaxiang.features.wording import CATEGORY_ZH, brand_en
from huaxiang.store import read, render
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from huaxiang.totals.compute import Total, groups, total
from huaxiang.totals.filter import Filter, Selector

NAMED = 6
"""Items named one by one; beyond, the first and how many more."""
LISTED = 60
"""Groups listed in one sentence."""
PEOPLE = 20
"""Customers up to which they are named."""


def sentence(shop: Shop, selector: Selector, language: str) -> str:
    """The figure of a selector as the shop has it now, as one sentence that names all it was computed under."""
    zh = language == "zh"
    text = _grouped(shop, selector, zh) if selector.by else _single(shop, selector, total(shop, selector), zh)
    return render.full_width(text) if zh else text


def _single(shop: Shop, selector: Selector, found: Total, zh: bool) -> str:
    head, tail = _head(shop, selector), _tail(shop, selector)
    n, c, paid = f"{found.value or 0:g}", len(found.customers), money(found.money, zh)
    lines = found.records
    measure = selector.measure
    if measure == "orders":
        return (f"{head}共有 {n} 笔订单,来自 {c} 位顾客" + (f",实付 {paid}。" if paid else "。") if zh
                else f"The whole shop has {n} {_s(n, 'order')}{tail}, from {c} {_s(c, 'customer')}" + (f"; {paid} paid." if paid else "."))  # fmt: skip
    if measure == "order_lines":
        return (
            f"{head}共有 {n} 个订单行,属 {found.orders} 笔订单。"
            if zh
            else f"The whole shop has {n} order {_s(n, 'line')}{tail}, in {found.orders} {_s(found.orders, 'order')}."
        )
    if measure == "units":
        return (f"{head}共卖出 {n} 件,{lines} 个订单行,{c} 位顾客" + (f",实付 {paid}。" if paid else "。") if zh
                else f"{n} sold (units){tail}, in {lines} order {_s(lines, 'line')}, to {c} {_s(c, 'customer')}" + (f"; {paid} paid." if paid else "."))  # fmt: skip
    if measure == "revenue":
        return (f"{head}销售额 {paid or '0'},共 {found.orders} 笔订单,来自 {c} 位顾客(退货未扣除)。" if zh
                else f"Revenue of the whole shop{tail}: {paid or '0'}, from {found.orders} {_s(found.orders, 'order')} by {c} {_s(c, 'customer')} (returns not subtracted).")  # fmt: skip
    if measure == "average_order":
        each = [(code, minor, found.counts.get(code, 0)) for code, minor in _by_size(found.money)]
        parts = [f"{money({code: round(minor / count)}, zh)}({count} 笔,共 {money({code: minor}, zh)})" if zh
                 else f"{money({code: round(minor / count)}, zh)} ({count} {_s(count, 'order')}, {money({code: minor}, zh)} in all)"
                 for code, minor, count in each if count]  # fmt: skip
        return (
            f"{head}平均每单 {';'.join(parts) or '无'}。"
            if zh
            else f"Average order{tail}: {'; '.join(parts) or 'none'}."
        )
    if measure in ("customers", "new_customers", "repeat_customers", "registered"):
        return _people(shop, selector, found, head, tail, zh)
    if measure in ("return_rate", "star_share", "repeat_rate"):
        return _share(selector, found, head, tail, zh)
    if measure == "returns":
        return (f"{head}共有 {n} 次退货,来自 {c} 位顾客" + (f",退款 {paid}。" if paid else "。") if zh
                else f"The whole shop has {n} {_s(n, 'return')}{tail}, from {c} {_s(c, 'customer')}" + (f"; {paid} refunded." if paid else "."))  # fmt: skip
    if measure == "refunded":
        return (
            f"{head}退款 {paid or '0'},共 {lines} 次退货。"
            if zh
            else f"Refunded over the whole shop{tail}: {paid or '0'}, in {lines} {_s(lines, 'return')}."
        )
    if measure == "average_rating":
        mean = "" if found.value is None else f"{found.value:.2f}"
        return (f"{head}共有 {lines} 条带评分的评价,平均 {mean or '无'} 星。" if zh
                else f"The whole shop has {lines} rated {_s(lines, 'review')}{tail}: {mean or 'no'} stars on average.")  # fmt: skip
    zh_noun, en_noun = _NOUNS[measure]
    body = _names(shop, found, zh) if measure == "tickets_open" else ""
    if zh:
        return f"{head}共有 {n} {zh_noun},来自 {c} 位顾客{body}。"
    return f"The whole shop has {n} {en_noun if n != '1' else _one(en_noun)}{tail}, from {c} {_s(c, 'customer')}{body}."


_NOUNS = {
    "trouble": ("条不满(退货、工单、一二星评价)", "complaints (returns, tickets, reviews of one or two stars)"),
    "reviews": ("条评价", "reviews"), "tickets": ("张工单", "tickets"), "tickets_open": ("张未解决的工单", "open tickets"),
    "tickets_solved": ("张已解决的工单", "solved tickets"), "complaints": ("起投诉(工单)", "complaints (tickets)"), "messages": ("条消息", "messages"),
    "surveys": ("份问卷", "surveys"), "carts": ("次加购", "times something was put in the cart"), "views": ("次浏览", "views"), "searches": ("次搜索", "searches"),
}  # fmt: skip


def _people(shop: Shop, selector: Selector, found: Total, head: str, tail: str, zh: bool) -> str:
    did_zh, did_en = {
        "customers": ("下过单的顾客", "ordered"), "new_customers": ("首次下单的新顾客", "placed their first order"), "repeat_customers": ("下过两单及以上的顾客(回头客)", "ordered more than once (repeat customers)"),
        "registered": ("在册顾客", "are on record"),
    }[selector.measure]  # fmt: skip
    n = len(found.customers)
    body = _names(shop, found, zh)
    return (
        f"{head}{did_zh}有 {n} 位{body}。"
        if zh
        else f"{n} {_s(n, 'customer')} {did_en if n != 1 else did_en.replace('are', 'is')}{tail.replace(' of ', ' ', 1) if selector.filter.of_items else tail}{body}."
    )


def _names(shop: Shop, found: Total, zh: bool) -> str:
    """The customers behind a figure by name, where they are few."""
    shown = found.customers if len(found.customers) <= PEOPLE else ()
    known = read.customers_by_id(shop, shown)
    names = [(f"{p.name}({k})" if zh else f"{p.name} ({k})") if (p := known.get(k)) and p.name else k for k in shown]
    listed = ("、" if zh else ", ").join(names)
    return (": " + listed) if names else ""


def _share(selector: Selector, found: Total, head: str, tail: str, zh: bool) -> str:
    part, whole = found.records, found.whole
    share = "" if found.value is None else f"{100 * found.value:.1f}%"
    if selector.measure == "return_rate":
        return (f"{head}退货 {part} 次,订单行 {whole:g} 行,退货率 {share or '无'}。" if zh
                else f"Return rate of the whole shop{tail}: {share or 'none'} ({part} {_s(part, 'return')} against {whole:g} order {_s(whole, 'line')}).")  # fmt: skip
    if selector.measure == "repeat_rate":
        n = len(found.customers)
        return (f"{head}下过单的 {whole:g} 位顾客中有 {n} 位下过两单及以上,复购率 {share or '无'}。" if zh
                else f"Of {whole:g} customers who ordered{tail}, {n} ordered more than once: {share or 'none'}.")  # fmt: skip
    stars = rating(selector.filter, zh)
    return (f"{head}{whole:g} 条带评分的评价中{stars}的有 {part} 条,占 {share or '无'}。" if zh
            else f"{part} of {whole:g} rated reviews{tail} are {stars}: {share or 'none'}.")  # fmt: skip


def _grouped(shop: Shop, selector: Selector, zh: bool) -> str:
    """Each group's figure, money a currency by itself; what no group holds (no date, no item) is left out."""
    every = groups(shop, selector)
    size = selector.top or LISTED
    parts = [
        f"{(label_zh if zh else label_en)}: {_value(selector, one, zh)}" for _, label_zh, label_en, one in every[:size]
    ]
    more = 0 if selector.top else len(every) - len(parts)
    listed = (";" if zh else "; ").join(parts) + ((f";另有 {more} 组" if zh else f"; and {more} more") if more else "")
    head, tail = _head(shop, selector), _tail(shop, selector)
    what = _TITLES[selector.measure][0 if zh else 1]
    by = _BY[selector.by or "month"][0 if zh else 1]
    way_zh, way_en = ("(从低到高)", ", lowest first") if selector.ascending else ("(从高到低)", ", highest first")
    if not selector.top:
        way_zh = way_en = ""
    if zh:
        return f"{head}按{by}的{what}{way_zh}: {listed or '无'}。"
    return f"{what} of the whole shop by {by}{tail}{way_en}: {listed or 'none'}."


_BY = {
    "month": ("月", "month"), "quarter": ("季度", "quarter"), "year": ("年", "year"), "weekday": ("星期", "day of the week"), "category": ("品类", "category"),
    "brand": ("品牌", "brand"), "city": ("城市", "city"), "item": ("商品", "product"), "customer": ("顾客", "customer"),
}  # fmt: skip
_TITLES = {
    "orders": ("订单数", "Orders"), "order_lines": ("订单行数", "Order lines"), "units": ("销量(件)", "Units sold"), "revenue": ("销售额", "Revenue"),
    "average_order": ("平均每单", "Average order"), "customers": ("下单顾客数", "Customers who ordered"), "new_customers": ("新顾客数", "New customers"),
    "repeat_customers": ("回头客数", "Repeat customers"), "repeat_rate": ("复购率", "Repeat rate"), "registered": ("在册顾客数", "Customers on record"),
    "returns": ("退货数", "Returns"), "refunded": ("退款额", "Refunds"), "return_rate": ("退货率", "Return rate"), "reviews": ("评价数", "Reviews"),
    "average_rating": ("平均评分", "Average rating"), "star_share": ("评分占比", "Share of reviews"), "tickets": ("工单数", "Tickets"),
    "tickets_open": ("未解决的工单数", "Open tickets"), "tickets_solved": ("已解决的工单数", "Solved tickets"), "complaints": ("投诉(工单)数", "Complaints (tickets)"),
    "trouble": ("不满数(退货、工单、一二星评价)", "Complaints (returns, tickets, reviews of one or two stars)"), "messages": ("消息数", "Messages"), "surveys": ("问卷数", "Surveys"), "carts": ("加购数", "Carts"), "views": ("浏览数", "Views"), "searches": ("搜索数", "Searches"),
}  # fmt: skip


def _value(selector: Selector, one: Total, zh: bool) -> str:
    if selector.measure in ("revenue", "refunded"):
        return money(one.money, zh) or "0"
    if selector.measure == "average_order":
        return (
            money(
                {code: round(minor / one.counts[code]) for code, minor in one.money.items() if one.counts.get(code)}, zh
            )
            or "-"
        )
    if selector.measure in ("return_rate", "star_share", "repeat_rate"):
        part = len(one.customers) if selector.measure == "repeat_rate" else one.records
        return f"{100 * one.value:.1f}% ({part}/{one.whole:g})" if one.value is not None else f"{part}/0"
    if selector.measure == "average_rating":
        return f"{one.value:.2f} ({one.records})" if one.value is not None else "-"
    return f"{one.value or 0:g}"


def within(f: Filter, zh: bool) -> str:
    """The days in words; "" for all."""
    if f.since and f.until:
        return f"在 {f.since} 至 {f.until} 期间" if zh else f" between {f.since} and {f.until}"
    if f.since:
        return f"自 {f.since} 起" if zh else f" since {f.since}"
    return (f"截至 {f.until}" if zh else f" up to {f.until}") if f.until else ""


def _head(shop: Shop, selector: Selector) -> str:
    """The Chinese beginning: the days, the shop, and every other condition."""
    f = selector.filter
    parts = [
        f"限上述 {len(f.customers)} 位顾客" if f.customers else "",
        f"{'、'.join(f.cities)}的顾客" if f.cities else "",
        f"不含{'、'.join(f.not_cities)}的顾客" if f.not_cities else "",
        label(shop, f, zh=True),
        f"不含{left}" if (left := label(shop, _left_out(f), zh=True)) else "",
        f"渠道为{f.channel}" if f.channel else "",
        f"以 {f.currency} 付款" if f.currency and not f.bounds_money else "",
        _amount(f, True),
        rating(f, True) if selector.measure != "star_share" else "",
        "" if f.discounted is None else "有优惠" if f.discounted else "无优惠",
    ]
    kept = "、".join(one for one in parts if one)
    return f"{within(f, True)}全店{f'({kept})' if kept else ''}"


def _tail(shop: Shop, selector: Selector) -> str:
    """The English end: the same conditions."""
    f = selector.filter
    stars = rating(f, False) if selector.measure != "star_share" else ""
    left = label(shop, _left_out(f), zh=False)
    parts = [
        f" of {own}" if (own := label(shop, f, zh=False)) else "",
        f" not counting {left}" if left else "",
        f" by {f.channel}" if f.channel else "",
        f" paid in {f.currency}" if f.currency and not f.bounds_money else "",
        f" {amount}" if (amount := _amount(f, False)) else "",
        f" {stars}" if stars else "",
        "" if f.discounted is None else " with a discount" if f.discounted else " without a discount",
        f" of customers in {' or '.join(f.cities)}" if f.cities else "",
        f" of customers not in {' or '.join(f.not_cities)}" if f.not_cities else "",
        f" among these {len(f.customers)} customers" if f.customers else "",
        within(f, False),
    ]
    return "".join(parts)


def _left_out(f: Filter) -> Filter:
    return Filter(categories=f.not_categories, brands=f.not_brands, items=f.not_items)


def label(shop: Shop, f: Filter, *, zh: bool) -> str:
    """What items the filter names: whole categories and brands as such, single items by their titles."""
    parts = [(f"{CATEGORY_ZH.get(one, one)}类商品" if zh else f"{one} items") for one in f.categories]
    parts += [(f"{one}的商品" if zh else f"{_brand_en(shop, one)} products") for one in f.brands]
    known = read.items_by_id(shop, f.items[:NAMED])
    parts += [(item.label("zh" if zh else "en")) for one in f.items[:NAMED] if (item := known.get(one))]
    more = len(f.items) - NAMED
    joined = ("、" if zh else ", ").join(parts)
    return joined + ((f"等 {len(f.items)} 种" if zh else f" and {more} more") if more > 0 else "")


def _brand_en(shop: Shop, brand: str) -> str:
    c = t.items.c
    with shop.engine.connect() as connection:
        rows = connection.execute(sa.select(c.title, c.title_en).where(c.brand == brand)).all()
    return brand_en(brand, {(row.title or "", row.title_en or "") for row in rows})


def rating(f: Filter, zh: bool) -> str:
    """The stars in words; "" where none bound."""
    low, high = f.rating_min, f.rating_max
    if low is None and high is None:
        return ""
    if low is not None and low == high:
        return f"评分为 {low:g} 星" if zh else f"rated {low:g}"
    parts = [
        (f"评分不低于 {low:.3g} 星" if zh else f"rated {low:.3g} or more") if low is not None else "",
        (f"评分不高于 {high:.3g} 星" if zh else f"rated {high:.3g} or less") if high is not None else "",
    ]
    return ("、" if zh else ", ").join(one for one in parts if one)


def _amount(f: Filter, zh: bool) -> str:
    over, least = ("超过", "不低于") if zh else ("over", "of at least")
    under, most = ("低于", "不高于") if zh else ("under", "of at most")
    parts = []
    if f.amount_min is not None:
        parts.append(f"{'单笔' if zh else ''}{over if f.strict else least} {f.amount_min:g} {f.currency}")
    if f.amount_max is not None:
        parts.append(f"{'单笔' if zh else ''}{under if f.strict else most} {f.amount_max:g} {f.currency}")
    return ("、" if zh else " and ").join(parts)


def money(sums: dict[str, int], zh: bool) -> str:
    """Sums of each currency, the largest first: never added across currencies."""
    return (" 和 " if zh else " and ").join(render.money(minor, code) for code, minor in _by_size(sums))


def _by_size(sums: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(sums.items(), key=lambda one: (-one[1], one[0]))


def _s(count: object, noun: str) -> str:
    return noun if str(count) in ("1", "1.0") else noun + "s"


def _one(noun: str) -> str:
    return noun.replace("reviews", "review").replace("tickets", "ticket").replace("complaints", "complaint").replace("messages", "message").replace("surveys", "survey").replace("searches", "search").replace("views", "view").replace("times ", "time ")  # fmt: skip
