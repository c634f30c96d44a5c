"""Totals over the whole shop: how many orders, returns, reviews or tickets, and how much was paid, under the conditions asked."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import dictionary, filters, item_names, items, names, query, shop_items, words
from agent.question.asking import WHO
from agent.question.query import RecordQuery
from agent.question.unread import date_words, exceptions
from agent.statements import figures, kinds, order_lines, people
from agent.statements import totals as totals_of
from agent.statements.kinds import KIND_LABEL
from huaxiang import clock
from tools import query_records

_MANY = re.compile(
    r"有没有|有.{0,6}吗|\bany\b|多少(?!位|名|个?(顾客|客户|用户|买家|人))|几(单|笔|个订单|次退货|条|张|个(?!月|顾客|客户|用户|人|季))|总(数|额|计|共)|合计|一共|\bhow (many|much)\b|\btotal\b|\bnumber of\b|\bcount of\b|\brevenue\b|\bturnover\b|营业额|销售额|流水|营收",
    re.IGNORECASE,
)
_RANKED = re.compile(r"最|哪(个|些|一|款|天|月)|\b(most|least|which|top|best|worst)\b", re.IGNORECASE)
_AVERAGE = re.compile(
    r"客单价|(?:平均|均)(?:每)?(?:单|笔|个?订单)|每(?:单|笔)(?:订单)?(?:的)?平均|订单均价|\b(?:average|mean|typical) (?:order|basket|purchase|spend|ticket size)|\baov\b",
    re.IGNORECASE,
)
_ASKS_ELSE = re.compile(
    r"什么(?!价)|啥|怎么|为何|吗|谁|哪|平均|\b(?:what(?!['’]?s|\s+(?:is|was|were|are)\s+(?:the|our)\b)|when|why|who|whose|where|how(?!\s+(?:many|much))|did|does|is|was|average)\b",
    re.IGNORECASE,
)
"""What keeps a phrase without "how many" from being a plain heading ("returns in May")."""


_KNOWN = re.compile(
    r"订单|大单|单子?|笔|下单|订|退货|退款?|退|评价|评论|评|工单|投诉|消息|留言|问卷|加购|浏览|搜索|营业额|销售额?|流水|营收|收入|金额|钱|消费|卖|总共?|合计|一共|全|全店|店里?|我们|咱们?|数量?|总数|总额|收到|产生|有|记录|实付|付款?|花费?|客单价|平均|每单|均价|订单额|用|用过|下|成交|做|接|买|来|多少|个|类|类别|品类|类目|类商品|商品|的|还|还有|目前|现在|至今|迄今|截至|请问|帮|查|看|看看|一下"
    r"|orders?|ordered|purchases?|returns?|returned|refund(s|ed)?|reviews?|ratings?|tickets?|complaints?|messages?|surveys?|carts?|views?|searches|revenue|turnover|sales|sold|total|totals|number|count"
    r"|amount|money|spent|spend|paid|takings|shop|store|whole|overall|we|our|us|get|got|receive[d]?|take[n]?|took|make|made|place[d]?|have|had|has|been|come|came|in|customers?|did|there|many|much|all|everything|everyone|far|altogether|people|write|wrote|written|opened"
    r"|average|mean|typical|basket|value|size|aov|category|categories|products?|items?|range|department|section|contain(ed|ing|s)?|include[ds]?|including|used|shipped|worth|filed|logged|raised|processed|left|completed|happen(ed)?|still|any|sell|selling|sells|gear|stuff|goods|things?|supplies|currently|now|right|today|already|ever|please|tell|show|me",
    re.IGNORECASE,
)
"""Words that a plain question for a total may hold. Any other is a condition, and a total that leaves it out would be wrong."""
_CONDITION = re.compile(
    r"周[一二三四五六日天末]|星期|工作日|早上|上午|下午|晚上|夜里|以上|以下|超过|不到|至少|最多|没|未|不|\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(weekends?|weekdays?|over|under|above|below|at least|at most|more|less|not|no|without|un\w+|only|except|open|star|first|second|last|new|same|twice|again|per|each|every|both)\b|\d\s*(星|star)",
    re.IGNORECASE,
)
_REVIEWS = re.compile(r"评[价论]|[差好]评|条|\breviews?\b|\bratings\b", re.IGNORECASE)
_CURRENCY = re.compile(r"cny|usd|eur|gbp|jpy|rmb|人民币|美元|美金|欧元|dollars?|yuan|euros?", re.IGNORECASE)
_OF_ITEMS = frozenset({"order", "return", "review", "cart", "view"})
"""Kinds of record that name the item; a message or a ticket need not."""
CITED = 120


def unread(context: Context) -> list[str]:
    """What of the question a total would ignore: words, numbers and dates that nothing here reads."""
    text = context.scope.rest
    if context.span:
        text = re.sub(re.escape(context.span.phrase), " ", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=了)没有?(?=[\s?？呢]|$)", " ", text.replace("有没有", "有"))
    text = _AVERAGE.sub(" ", query.without_conditions(text, read(context)))
    text = re.sub(r"全店|整个店|店里|我们店|咱们店|本店", " ", text)
    things = things_named(context)
    cities = people.cities_named(context)
    left = []
    for word in words.content_words(text, context.language):
        if not (
            _KNOWN.fullmatch(word)
            or _names_a_thing(context, word, things)
            or any(names.city_in(city, word) for city in cities)
        ):
            left.append(word)
    if things:  # numbers and measures of a title
        text = re.sub(r"\b[A-Za-z]*\d+[A-Za-z]*\b", " ", text)
    left += date_words(context.scope.rest, context.span) + exceptions(context.scope.rest)
    left += re.findall(r"[那这]一?(?:单|笔|个订单)", text)  # one order, of somebody whose name was not read
    left += [found.group(0) for found in _CONDITION.finditer(text)]
    left += re.findall(r"\d[\d./-]*|[上下]*(?:个)?(?:年|月)[初中底末]?|\b(?:month|year|week|day|quarter)s?\b", text)
    return [one for one in dict.fromkeys(left) if one.strip() and not _CURRENCY.fullmatch(one)]


def things_named(context: Context) -> tuple[str, ...]:
    """Ids of the items that a word of the question plainly names; () where there is only a likeness."""
    things = items.meant(context)
    plain = context.scope.item_ids or any(_names_a_thing(context, word, things) for word in context.topic)
    return things if plain else ()


def _names_a_thing(context: Context, word: str, things: tuple[str, ...]) -> bool:
    """Whether a word plainly stands in the titles of the items meant, or names their category; a likeness is not enough."""
    catalogue = shop_items.catalogue(context.deps)
    chosen = [catalogue[one] for one in things if one in catalogue]
    if items.categories_named(word) & {item.category for item in chosen if item.category}:
        return True
    for item in chosen:
        title = " ".join(filter(None, (item.title, item.title_en, item.brand, item.color, item.material))).lower()
        if word.isascii():
            parts = [part for part in re.split(r"['-]", word) if part]
            if all(item_names.item_score(item, [part]) >= 1.0 for part in parts):
                return True
            if not item.title_en and any(one in title for one in dictionary.translations(word)):
                return True
        elif word in title or any(
            word[start : start + size] in title
            for size in range(len(word) - 1, max(1, (len(word) - 1) // 2), -1)
            for start in range(len(word) - size + 1)
        ):
            return True
    return False


def read(context: Context) -> RecordQuery | None:
    """The total asked for, with its conditions; None when the question asks for none."""
    text = context.scope.rest
    if context.span:
        text = re.sub(re.escape(context.span.phrase), " ", text, flags=re.IGNORECASE)
    things, sold = things_named(context), bool(people.SOLD.search(text))
    pieces = sold and things and not query.MONEY.search(text) and "heading" not in context.memo
    if WHO.search(text) or _RANKED.search(text) or pieces:
        return None
    average = bool(_AVERAGE.search(text))
    kinds = query.kinds_of(text)
    if kinds == ("review",) and not _REVIEWS.search(text):
        return None  # "what rating" asks for stars, not for a count
    if not kinds and not query.MONEY.search(text) and not average and not sold:
        return None
    kind = kinds[0] if kinds else "order"
    counted = bool(_MANY.search(context.scope.rest)) or average
    heading = (
        (bool(kinds) or bool(query.MONEY.search(text)) or sold)
        and (context.span is not None or "heading" in context.memo)
        and not _ASKS_ELSE.search(text)
    )
    if not (counted or heading) or (things and kind not in _OF_ITEMS):
        return None
    wanted = query.parse(text)
    if wanted is not None and (wanted.shape not in ("count", "sum", "list") or wanted.asks_why):
        return None
    if wanted is None and query.group_of(text) is not None and not things:
        return None
    plain = RecordQuery("count", (kind,)) if wanted is None else replace(wanted, shape="count")
    if kind == "ticket" and query.is_open(text):
        plain = replace(plain, status="open")
    code = next(iter(sorted(order_lines.currencies(text))), None)
    if code and plain.kinds[0] in ("order", "return") and not plain.bounds_money:  # "paid in USD": any amount of it
        plain = replace(plain, currency=code, amount_min=0.0)
    measures: dict[str, query_records.Measure] = {"order": "orders", "ticket": "threads"}
    shape: query.Shape = "sum" if average else "count"
    return replace(plain, shape=shape, group_by="year", measure=measures.get(plain.kinds[0], "events"))


def is_figure(context: Context) -> bool:
    """Whether the question is one measure of the shop under conditions that are all read: its figure answers it, or nothing does."""
    if context.scope.customers or context.scope.ambiguous or context.scope.order_ids:
        return False
    reading = filters.read(context)
    return reading is not None and not reading.left


def asked(context: Context) -> bool:
    """Whether a question about nobody in particular asks for a total of records, and nothing else."""
    from agent.statements import breakdown

    reading = filters.read(context)
    if reading is not None:
        return not reading.left
    return (read(context) is not None and not unread(context)) or breakdown.asked(context)


def not_understood(context: Context) -> list[str]:
    """The words for which a question for a total cannot be given one; [] when it asks for none, or plainly names an item of the shop."""
    from agent.statements import breakdown

    if context.scope.ambiguous or context.scope.order_ids:
        return []
    reading = filters.read(context)
    if reading is not None:
        return list(reading.left)
    if context.scope.everyone or read(context) is None or breakdown.asked(context) or things_named(context):
        return []
    return unread(context)


def totals(context: Context) -> list[Statement]:
    """The number of records and customers, and the money a currency; [] when no total is asked for or nothing was recorded then."""
    from agent.statements import breakdown

    reading = filters.read(context)
    if reading is not None:
        return [] if reading.left else totals_of.told(context)
    if apart := breakdown.told(context):
        return apart
    wanted = read(context)
    if wanted is None or unread(context):
        return []
    if not wanted.bounds_money or wanted.currency:
        return of_one(context, wanted) or none(context, wanted)
    found: list[Statement] = []
    for currency in query_records.currencies(context.deps):  # a bound without a currency: each by itself
        found += of_one(context, replace(wanted, currency=currency))
    return found or none(context, wanted)


def of_one(context: Context, wanted: RecordQuery) -> list[Statement]:
    """The total of one query in words; [] when no record fits it."""
    found = run(context, wanted)
    if found is None or not found.rows:
        return []
    kind = wanted.kinds[0]
    count = round(sum(row.value for row in found.rows))
    buyers = len({one for row in found.rows for one in row.customers})
    sums = _paid(context, wanted) if kind in ("order", "return") else {}
    label = KIND_LABEL[kind][0 if context.zh else 1]
    if wanted.shape == "sum":
        return _average(context, wanted, sums)
    paid = (" 和 " if context.zh else " and ").join(f"{minor:.2f} {code}" for code, (minor, _, _) in sums.items())
    money = context.say(
        f"{'退款' if kind == 'return' else '实付'} {paid}", f"{paid} {'refunded' if kind == 'return' else 'paid'}"
    )
    what_zh, what_en = _what(context, wanted)
    text = context.say(
        f"{context.within()}全店{what_zh}{'的' if what_zh else ''}共有 {count} 条{label}记录,来自 {buyers} 位顾客"
        + (f",{money}。" if sums else "。"),
        f"The whole shop has {count} {label}{what_en}{context.within()}, from {buyers} customers"
        + (f"; {money}." if sums else "."),
    )
    undated = found.records - sum(row.records for row in found.rows)
    if undated and context.span is None:
        text += context.say(f"另有 {undated} 条没有日期,未计入。", f" {undated} more have no date and are not counted.")
    evidence = tuple(dict.fromkeys(one for row in found.rows for one in row.evidence))[:CITED]
    return [Statement(text, evidence, direct=True, figures=(text,), kind="summary")]


def _what(context: Context, wanted: RecordQuery) -> tuple[str, str]:
    """The conditions in words: of which items, over how much, with how many stars, of customers from where."""
    things = things_named(context)
    label = items.label(context, things) if things else ""
    condition = figures.condition(context, wanted)
    cities = sorted(people.cities_named(context))
    zh_parts = [f"{'、'.join(cities)}顾客" if cities else "", f"含{label}" if label else "", condition]
    zh = "、".join(one for one in zh_parts if one)
    en = "".join(
        [f" of {label}" if label else "", f" {condition}" if condition else "", f" of customers in {', '.join(cities)}" if cities else ""]
    )  # fmt: skip
    return zh, en


def run(context: Context, wanted: RecordQuery, **more: object) -> query_records.Result | None:
    """The records of a total: of the items plainly named and the customers of the city named; `more` overrules these."""
    among = people.in_city(context)
    if among == ():
        return None
    given: dict[str, object] = {
        "item_ids": things_named(context)[:200], "customer_ids": among or context.memo.get("among", ()),
    }  # fmt: skip
    return figures.run(context, wanted, **{**given, **more})


def _paid(context: Context, wanted: RecordQuery) -> dict[str, tuple[float, int, tuple[str, ...]]]:
    """The money of each currency, the commonest first: the sum, the number of orders, the records."""
    sums = {}
    for code in [wanted.currency] if wanted.currency else query_records.currencies(context.deps):
        found = run(context, replace(wanted, measure="amount"), currency=code)
        if found is None or not found.rows:
            continue
        count = 0.0
        if wanted.shape == "sum":
            each = run(context, replace(wanted, group_by="order", measure="amount"), currency=code, limit=1)
            count = each.groups if each else 0
        evidence = tuple(dict.fromkeys(one for row in found.rows for one in row.evidence))[:CITED]
        sums[str(code)] = (sum(row.value for row in found.rows), round(count), evidence)
    return sums


def _average(
    context: Context, wanted: RecordQuery, sums: dict[str, tuple[float, int, tuple[str, ...]]]
) -> list[Statement]:
    """What an order came to on average, currency by currency."""
    what_zh, what_en = _what(context, wanted)
    found = []
    for code, (total, count, evidence) in sums.items():
        if not count:
            continue
        mean = f"{total / count:.2f} {code}"
        text = context.say(
            f"{context.within()}全店{what_zh}{'、' if what_zh else ''}以 {code} 付款的订单平均每单 {mean}({count} 笔,共 {total:.2f} {code})。",
            f"Average order{what_en} paid in {code}{context.within()}: {mean} ({count} orders, {total:.2f} {code} in all).",
        )
        found.append(Statement(text, evidence, direct=True, figures=(text,), kind="summary"))
    return found


def none(context: Context, wanted: RecordQuery) -> list[Statement]:
    """ "None" is an answer where the shop keeps such records, and kept them in the days asked; the records looked through are cited."""
    plain = replace(
        wanted, rating_min=None, rating_max=None, amount_min=None, amount_max=None, discounted=None, status=None
    )
    every = _everything(context, plain)
    if every is None or not every.rows or not _days_on_record(context):
        return []
    label = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    what_zh, what_en = _what(context, wanted)
    text = context.say(
        f"{context.within()}全店{what_zh}{'的' if what_zh else ''}{label}记录为 0 条。",
        f"The whole shop has 0 {label}{what_en}{context.within()}.",
    )
    evidence = tuple(dict.fromkeys(one for row in every.rows for one in row.evidence))[:CITED]
    return [Statement(text, evidence, direct=True, figures=(text,), kind="summary")]


def _everything(context: Context, plain: RecordQuery) -> query_records.Result | None:
    """All records of the kind, whatever the days and items asked."""
    return figures.run(context, plain, since=None, until=None, item_ids=(), currency=None)


def _days_on_record(context: Context) -> bool:
    """Whether the days asked lie within those of which the shop has records at all."""
    if context.span is None:
        return True
    known = context.call("query_records", kinds=kinds.KINDS, group_by="all", limit=1)
    row = known.rows[0] if isinstance(known, query_records.Result) and known.rows else None
    if row is None or row.first_at is None:
        return False
    first, today = clock.day_of(row.first_at, context.deps.shop.tz), context.deps.shop.today()
    since, until = context.span.since or first, context.span.until or today
    return until >= first and since <= today
