"""Column names as other systems write them → our fields, and guessing what a table holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from huaxiang import columns as c
from huaxiang.errors import DataError, MissingColumns

PRICE = "price"
CUSTOMER_NAME = "customer_name"
ITEM_TITLE = "item_title"
ITEM_DETAILS = {ITEM_TITLE: "title", "item_category": "category", "item_brand": "brand"}
"""Fields of an event's row that tell of its item → the item's field; they fill in what is not known of it."""
CUSTOMER_DETAILS = {"customer_city": "city"}
_BESIDE = (PRICE, CUSTOMER_NAME, *ITEM_DETAILS, *CUSTOMER_DETAILS)
_NAMES = (
    "客户姓名 客户名称 客户名 顾客姓名 顾客名称 顾客名 买家姓名 买家名称 会员姓名 会员名称 用户姓名 用户名称 用户名 姓名 名字 昵称 买家昵称 会员昵称 "
    "客户昵称 用户昵称"
)
_TITLES = "商品名称 商品名 商品标题 产品名称 产品名 产品标题 品名 货品名称 宝贝标题 宝贝名称 商品 产品 宝贝"
_CITIES = "城市 所在城市 客户城市 顾客城市 居住城市 收货城市"
_CUSTOMER_ID = (
    "customerid customerno customernumber customer userid user uid memberid member buyerid buyer clientid householdid reviewerid visitorid "
    "客户编号 客户id 客户号 顾客编号 顾客id 顾客号 买家编号 用户号 会员编号 会员id 会员号 用户编号 用户id 买家id"
)
_ITEM_ID = "itemid productid productcode itemcode itemno item product sku skuid asin stockcode movieid goodsid articleid 商品编号 商品id 商品编码 产品编号 产品id 产品编码 宝贝id 货号"
_EVENT: dict[str, str] = {
    "source_id": "sourceid id eventid reviewid messageid ticketid rowid lineid transactionid 编号 记录编号 流水号",
    "customer_id": _CUSTOMER_ID,
    "kind": "kind eventkind eventtype event 类型 事件类型",
    "occurred_at": (
        "occurredat time date datetime timestamp createdat created orderdate invoicedate purchasedate orderedat reviewdate "
        "reviewtime unixreviewtime transactiontimestamp transactiondate eventtime day ordertime orderedon 时间 日期 下单时间 下单日期 评价时间 创建时间 购买时间 "
        "购买日期 订单时间 订单日期 付款时间 支付时间 交易时间 成交时间 评价日期 评论时间 评论日期"
    ),
    "item_id": _ITEM_ID,
    "order_id": "orderid order orderno ordernumber invoiceno invoiceid invoice basketid 订单号 订单编号 订单id",
    "quantity": "quantity qty count units 数量 件数 购买数量 商品数量 购买件数",
    "amount": (
        "amount total linetotal totalamount totalprice amountpaid salesvalue revenue paid grosssales refund 金额 实付金额 实付 付款金额 总价 "
        "退款金额 总金额 订单金额 成交金额 支付金额 消费金额 小计"
    ),
    "discount": "discount discountamount 优惠 折扣 优惠金额",
    "currency": "currency currencycode 币种 货币",
    "rating": "rating stars star score overall 评分 星级 打分",
    "title": "title summary subject headline 标题 主题",
    "text": "text reviewtext review body content comment comments message query searchterm reason 内容 评价 评论 评价内容 文本 消息 正文 搜索词 原因",
    "speaker": "speaker sender from role author 说话人 发送方 发送人",
    "status": "status state 状态",
    "channel": "channel 渠道 来源",
    PRICE: "price unitprice itemprice 单价 价格 商品单价 成交单价 商品价格 售价",
    CUSTOMER_NAME: "customername customerfullname reviewername username buyername clientname membername fullname customer client buyer "
    + _NAMES,
    ITEM_TITLE: "itemname itemtitle productname producttitle " + _TITLES + " item product",
    "item_category": "category categoryname productcategory itemcategory 类目 分类 品类 类别 商品类目 商品分类 商品类别",
    "item_brand": "brand brandname productbrand 品牌 商品品牌 品牌名称",
    "customer_city": "city customercity town " + _CITIES,
}
_CUSTOMER: dict[str, str] = {
    "customer_id": _CUSTOMER_ID + " id 编号",
    "name": "name fullname customername username displayname clientname buyername membername " + _NAMES,
    "aliases": "aliases alias nicknames nickname 别名 其他称呼",
    "email": "email emails emailaddress mail 邮箱 电子邮箱 邮件",
    "phone": "phone phones phonenumber mobile tel telephone 电话 手机 手机号 手机号码 联系电话 电话号码",
    "city": "city town customercity " + _CITIES,
    "joined_on": "joinedon joined joindate registeredon registeredat signupdate createdat 注册时间 注册日期 加入日期",
}
_ITEM: dict[str, str] = {
    "item_id": _ITEM_ID + " id 编号",
    "title": "title name productname producttitle itemname itemtitle moviename titlezh description producttype 名称 标题 "
    + _TITLES,
    "title_en": "titleen nameen englishname englishtitle 英文名 英文名称",
    "brand": "brand brandname maker 品牌",
    "category": "category categoryname productcategory maincat 类目 分类 品类 类别 商品类目 商品分类 商品类别",
    "color": "color colour 颜色 商品颜色",
    "material": "material fabric 材质 面料 商品材质",
    "price": "price listprice unitprice 价格 单价 售价 商品价格 零售价 标价",
    "currency": "currency currencycode 币种 货币",
}
_KIND_WORDS = (
    ("customer", "customer client member household demographic 客户 会员 顾客 用户"),
    ("return", "return refund 退货 退款"),
    ("review", "review rating 评价 评论"),
    ("ticket", "ticket case 工单"),
    ("message", "message chat conversation 消息 聊天 会话"),
    ("survey", "survey nps 问卷"),
    ("note", "note 备注"),
    ("cart", "cart basket 购物车 加购"),
    ("view", "view click browse pageview 浏览 点击"),
    ("search", "search quer 搜索"),
    ("order", "order transaction purchase sale invoice retail 订单 交易 销售 购买"),
    ("item", "product item catalog catalogue movie goods meta sku 商品 产品 目录"),
    ("event", "event 事件"),
    ("customer", "user"),
)
_KINDS = {
    "purchase": "order", "buy": "order", "bought": "order", "orders": "order", "transaction": "order", "订单": "order", "下单": "order",
    "购买": "order", "pageview": "view", "page_view": "view", "click": "view", "browse": "view", "浏览": "view", "add_to_cart": "cart",
    "addtocart": "cart", "加购": "cart", "query": "search", "搜索": "search", "refund": "return", "退货": "return", "退款": "return",
    "comment": "review", "rating": "review", "评价": "review", "评论": "review", "chat": "message", "消息": "message", "complaint": "ticket",
    "case": "ticket", "工单": "ticket", "投诉": "ticket", "nps": "survey", "问卷": "survey", "备注": "note",
}  # fmt: skip


def plain(name: str) -> str:
    """A column name without case, white space and joining marks."""
    return re.sub(r"[\s_\-.:/()]+", "", name).lower()


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields a file of this kind may give."""
    if kind == "customer":
        return c.CUSTOMER_FIELDS
    return c.ITEM_FIELDS if kind == "item" else (*c.EVENT_FIELDS, *_BESIDE)


def belongs(column: str) -> str | None:
    """Whose detail a column is by its name that an event's row cannot keep as such: `customer`, `item`, or None."""
    name = plain(column)
    for kind, words in (("customer", _CUSTOMER), ("item", _ITEM)):
        for field, spelled in words.items():
            if not field.endswith("_id") and name in (plain(field), *spelled.split()) and name not in _EVENT_WORDS:
                return kind
    return None


_EVENT_WORDS = frozenset(word for spelled in _EVENT.values() for word in spelled.split()) | {"name", "description"}


def kind_of_word(value: str) -> str | None:
    """The event kind a row's own word means, or None."""
    word = value.strip().lower()
    return word if word in c.EVENT_KINDS else _KINDS.get(word)


def map_columns(present: Iterable[str], kind: str, given: Mapping[str, str], *, table: str) -> dict[str, str]:
    """Field → source column: what is `given` first, then columns named like a field, then known other names.

    Raises:
        DataError: `given` names an unknown field.
        MissingColumns: a given source column, or a field the kind needs, is not in the table.
    """
    columns = list(present)
    known = fields_of(kind)
    for name in given:
        if name not in known:
            raise DataError(
                f"{name!r} is no field of kind {kind!r} (in --column {name}={given[name]})",
                hint=f"fields are: {', '.join(known)}", code="unknown-field",
            )  # fmt: skip
    absent = [source for source in given.values() if source not in columns]
    if absent:
        raise DataError(
            f"{table} has no column {', '.join(map(repr, absent))} (it has: {', '.join(columns[:30])})",
            hint="correct the right side of --column FIELD=SOURCE_COLUMN", code="missing-columns",
        )  # fmt: skip
    mapping = dict(given)
    taken = set(given.values())
    words = {"customer": _CUSTOMER, "item": _ITEM}.get(kind, _EVENT)
    for exact in (True, False):
        for name in known:
            names = (name,) if exact else (plain(name), *words[name].split())
            for wanted in names:
                match = next(
                    (one for one in columns if (one if exact else plain(one)) == wanted and one not in taken), None
                )
                if match is not None and name not in mapping:
                    mapping[name] = match
                    taken.add(match)
    needed = c.NEEDED.get(kind, ("customer_id",))
    missing = [name for name in needed if name not in mapping]
    if missing:
        raise MissingColumns(missing, table=table, present=columns)
    return mapping


def guess_kind(name: str, present: Iterable[str], given: Mapping[str, str]) -> str:
    """What a table holds: by a `kind` column, else by the file's name, else by its columns.

    Raises:
        DataError: it cannot be told; the hint names `--kind`.
    """
    columns = [*present]
    named = "kind" in given or any(plain(one) in ("kind", "eventtype", "事件类型") for one in columns)
    if named and _fits("event", columns, given, name):
        return "event"
    stem = name.split(".", maxsplit=1)[0].lower()
    for kind, words in _KIND_WORDS:
        if any(word in stem for word in words.split()) and kind != "event" and _fits(kind, columns, given, name):
            return kind
    event = _mapped("note", columns, given, name)
    if "customer_id" in event:
        if "text" in event and {"rating", "item_id", ITEM_TITLE} & set(event):
            return "review"
        if "occurred_at" in event and {"quantity", "amount", PRICE} & set(event):
            return "order"
    customer, item = _mapped("customer", columns, given, name), _mapped("item", columns, given, name)
    if not _OF_EVENTS & set(event) and "customer_id" in customer and {"name", "email", "phone"} & set(customer):
        return "customer"
    if (
        "customer_id" not in event
        and "item_id" in item
        and len({"title", "brand", "category", "price"} & set(item)) >= 1
    ):
        return "item"
    raise DataError(
        f"cannot tell what {name} holds (columns: {', '.join(columns[:30])})",
        hint=f"say so with --kind, one of {', '.join(c.IMPORT_KINDS)}; name columns with --column FIELD=SOURCE_COLUMN",
        code="unknown-kind",
    )


_OF_EVENTS = {"item_id", ITEM_TITLE, "order_id"}
"""A table with one of these is no list of customers."""


def _mapped(kind: str, columns: list[str], given: Mapping[str, str], name: str) -> dict[str, str]:
    known = fields_of(kind)
    try:
        return map_columns(columns, kind, {key: value for key, value in given.items() if key in known}, table=name)
    except DataError:
        return {}


def _fits(kind: str, columns: list[str], given: Mapping[str, str], name: str) -> bool:
    mapping = _mapped(kind, columns, given, name)
    if kind == "item":
        return bool(mapping) and len(mapping) > 1 and "customer_id" not in _mapped("note", columns, given, name)
    if kind == "customer":
        return (
            not _OF_EVENTS & set(_mapped("note", columns, given, name))
            and bool(mapping)
            and "text" not in _mapped("review", columns, given, name)
        )
    if kind in ("message", "ticket", "note", "search"):
        return "text" in mapping
    return bool(mapping)
