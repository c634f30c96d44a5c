"""Every word the desk shows, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

TEXTS: dict[str, tuple[str, str]] = {
    # header
    "product": ("画像", "huaxiang"),
    "tagline": ("每句话都有出处", "every sentence has its source"),
    "llm.ready": ("语言模型就绪", "language model ready"),
    "llm.loading": ("语言模型加载中", "language model loading"),
    "llm.absent": ("语言模型尚未下载", "language model not here yet"),
    "llm.coming": ("语言模型下载中", "language model on its way"),
    "llm.failed": ("规则模式（语言模型未能启动）", "rule mode (the language model did not start)"),
    "llm.none": ("规则模式", "rule mode"),
    "hint.loading": ("语言模型到位之前先以规则模式回答", "rule mode until the language model is here"),
    "hint.fetching": (
        "语言模型到位之前先以规则模式回答（已下载 {percent}%）",
        "rule mode until the language model is here, {percent} %",
    ),
    "hint.rules": (
        "规则模式：没有可用的语言模型。运行 huaxiang doctor 可查看原因。",
        "Rule mode: there is no language model. To see why: huaxiang doctor",
    ),
    "hint.safe": (
        "回答只引用记录，点击编号即可查看原文。",
        "Answers cite records only. Click a number to read the source.",
    ),
    # customers
    "people.title": ("顾客", "Customers"),
    "people.search": ("姓名、编号、电话、邮箱、订单号", "Name, id, contact, order"),
    "people.none": ("没有符合的顾客", "No customer matches"),
    "people.none.help": ("试试编号、邮箱或电话的一部分。", "Try part of an id, an e-mail or a phone number."),
    "people.empty": ("店里还没有顾客", "This shop has no customers yet"),
    "people.empty.help": ("用 huaxiang import 导入数据。", "Bring data in with: huaxiang import"),
    "people.more": ("还有 {n} 位，请输入以缩小范围", "{n} more: type to narrow down"),
    "people.fuzzy": ("没有完全一致的，最接近的是：", "No exact match; the closest:"),
    "people.events": ("{n} 条记录", "{n} records"),
    "people.event1": ("1 条记录", "1 record"),
    "people.noevents": ("无记录", "no records"),
    # chat
    "chat.empty.title": ("问一问任何一位顾客", "Ask about any customer"),
    "chat.empty.picked": ("关于 {name}，您想知道什么？", "What would you like to know about {name}?"),
    "chat.empty.text": (
        "用中文或英文提问；在左侧选一位顾客，或直接在问题里说出名字。",
        "In English or Chinese. Pick a customer on the left, or name one in the question.",
    ),
    "chat.placeholder": ("输入问题，按回车发送", "Type a question and press Enter"),
    "chat.placeholder.about": ("询问 {name}，按回车发送", "Ask about {name} and press Enter"),
    "chat.ask": ("发送", "Ask"),
    "chat.stop": ("停止", "Stop"),
    "chat.new": ("新对话", "New conversation"),
    "chat.about": ("以下关于 {name}", "From here on: {name}"),
    "chat.question": ("问题", "Question"),
    "card.title": ("记录要点", "From the records"),
    "card.caption": ("由程序即时算出", "computed at once"),
    "answer.title": ("回答", "Answer"),
    "answer.looking": ("正在查找记录", "Looking through the records"),
    "answer.choosing": ("正在从证据中挑选", "Choosing from the evidence"),
    "answer.stopped": ("已停止。上面是停止前得到的内容。", "Stopped. Above is what had arrived by then."),
    "answer.stopped.empty": ("已停止。", "Stopped."),
    "answer.failed": ("没能完成回答", "The answer could not be completed"),
    "answer.internal": (
        "程序内部出错，详情见运行窗口的日志。",
        "Something went wrong inside the program; the log in its terminal says what.",
    ),
    "answer.rule": ("未用语言模型", "no language model used"),
    "answer.calls": ("模型调用 {n} 次", "{n} model calls"),
    "answer.call1": ("模型调用 1 次", "1 model call"),
    "answer.abstained": ("无法回答", "Not answered"),
    "answer.helps": ("怎样能帮上忙", "What would help"),
    "answer.pick": ("您指的是哪一位？", "Which one do you mean?"),
    "answer.nosource": ("无需出处", "no source needed"),
    "thumb.up": ("有用", "Helpful"),
    "thumb.down": ("有误", "Wrong"),
    "thumb.saved": ("已记录，谢谢", "Saved, thank you"),
    "thumb.what": ("哪里不对？（可选）", "What was wrong? (optional)"),
    "thumb.send": ("提交", "Send"),
    "thumb.remark": ("意见已记录", "Comment saved"),
    "note.approval": (
        "有一条资料修改建议等待人工批准。",
        "A proposed change to the profile waits for approval.",
    ),
    "steps.title": ("查询步骤", "Steps"),
    "steps.evidence": ("{n} 条证据", "{n} sources"),
    "steps.evidence1": ("1 条证据", "1 source"),
    "steps.noevidence": ("没有证据", "no sources"),
    "steps.running": ("进行中", "running"),
    "steps.failed": ("未成功", "failed"),
    "steps.count": ("{n} 步", "{n} steps"),
    "steps.count1": ("1 步", "1 step"),
    "seconds": ("{s} 秒", "{s} s"),
    "reason.no_such_customer": ("查无此人", "no such customer"),
    "reason.no_evidence": ("没有证据", "no evidence"),
    "reason.conflict": ("记录互相矛盾", "the records disagree"),
    "reason.not_allowed": ("不允许", "not allowed"),
    "reason.out_of_scope": ("超出范围", "out of scope"),
    "reason.ambiguous": ("不止一位", "more than one fits"),
    # card
    "tab.profile": ("资料", "Profile"),
    "tab.timeline": ("时间线", "Timeline"),
    "tab.charts": ("图表", "Charts"),
    "person.empty": ("未选择顾客", "No customer selected"),
    "person.empty.help": (
        "在左侧选择，或在问题里提到名字，这里会显示资料、时间线和图表。",
        "Pick one on the left or name one in a question; profile, timeline and charts appear here.",
    ),
    "person.unnamed": ("未留姓名", "No name on file"),
    "person.city": ("城市", "City"),
    "person.language": ("语言", "Language"),
    "person.orders": ("订单", "Orders"),
    "person.first": ("首次出现", "First seen"),
    "person.last": ("最近活动", "Last seen"),
    "person.events": ("记录", "Records"),
    "person.noorders": ("本店无订单数据", "the shop has no orders"),
    "reading.running": ("正在阅读顾客写过的文字 … {done}/{total}", "reading what the customer wrote … {done}/{total}"),
    "reading.queued": ("稍后阅读顾客写过的文字 {done}/{total}", "about to read what the customer wrote {done}/{total}"),
    "unknown": ("未知", "unknown"),
    "language.zh": ("中文", "Chinese"),
    "language.en": ("英文", "English"),
    "language.und": ("未知", "unknown"),
    "profile.said": ("顾客自述", "In their own words"),
    "profile.inferred": ("由原话推断", "Inferred from their words"),
    "profile.observed": ("记录所示", "What the records show"),
    "profile.computed": ("统计", "Figures"),
    "profile.missing": ("尚不清楚的 {n} 项", "{n} fields not known"),
    "profile.empty": ("还没有可靠的资料", "Nothing reliable yet"),
    "profile.empty.help": (
        "没有证据的字段不会显示。有了评价、订单或对话，资料会自动出现。",
        "A field without evidence is not shown. Reviews, orders or messages will fill this card.",
    ),
    "profile.for": ("为{who}", "for {who}"),
    "profile.confidence": ("可信度 {c}", "confidence {c}"),
    "profile.since": ("自 {day}", "since {day}"),
    "basis.stated": ("自述", "stated"),
    "basis.observed": ("观察", "observed"),
    "basis.computed": ("计算", "computed"),
    "basis.inferred": ("推断", "inferred"),
    "basis.staff": ("员工", "staff"),
    "basis.stated.help": ("顾客自己说的", "the customer said it"),
    "basis.observed.help": ("记录直接显示", "the records show it"),
    "basis.computed.help": ("由记录计算得出", "arithmetic over records"),
    "basis.inferred.help": ("模型从原文读出，并经程序核对", "read by a model, checked by code"),
    "basis.staff.help": ("由员工填写", "entered by a member of staff"),
    "missing.no_evidence": ("无证据", "no evidence"),
    "missing.conflict": ("有矛盾", "conflicting"),
    "missing.refused": ("顾客不愿透露", "refused"),
    "missing.no_consent": ("未获同意", "no consent"),
    "missing.stale": ("已过时", "out of date"),
    "timeline.empty": ("没有任何记录", "No records at all"),
    "timeline.empty.help": (
        "这位顾客只有基本资料，还没有订单、评价或对话。",
        "Only master data so far: no orders, reviews or messages.",
    ),
    "timeline.older": ("更早的 {n} 条", "{n} earlier"),
    "timeline.undated": ("日期不详", "date unknown"),
    "timeline.all": ("全部", "All"),
    "charts.sentiment": ("情绪变化", "Sentiment over time"),
    "charts.categories": ("类目占比", "Category shares"),
    "charts.spend": ("每月消费", "Spend by month"),
    "charts.positive": ("正面", "positive"),
    "charts.neutral": ("中性", "neutral"),
    "charts.negative": ("负面", "negative"),
    "charts.texts": ("{n} 条文字", "{n} texts"),
    "charts.other": ("其他", "other"),
    "charts.uncategorised": ("未分类", "no category"),
    "charts.empty": ("数据还不足以作图", "Not enough data to draw"),
    "charts.empty.help": (
        "需要至少一条带日期的评价、消息或订单。",
        "At least one dated review, message or order is needed.",
    ),
    "charts.nosentiment": ("情绪模型不可用，故未绘制情绪变化。", "No sentiment plot: its model is not available."),
    # overview
    "over.title": ("总览", "Overview"),
    "over.open": ("总览", "Overview"),
    "over.see": ("看看全店总览", "See the whole shop"),
    "over.close": ("返回对话", "Back to the chat"),
    "over.day": ("截至 {day}", "as of {day}"),
    "over.waiting": ("正在汇总记录 …", "Adding up the records …"),
    "over.hidden": ("当前角色不可查看这些数字", "These figures are not open to this role"),
    "over.show": ("列出这些顾客", "List these customers"),
    "over.people": ("{n} 位顾客", "{n} customers"),
    "over.person": ("1 位顾客", "1 customer"),
    "over.more": ("另有 {n} 位", "{n} more"),
    "over.segments": ("顾客分群", "Customers by group"),
    "over.segments.help": ("按下单记录即时计算；点击数字列出顾客", "Computed from orders; click a number to list the customers"),
    "over.segment.regular": ("常客", "Regular"),
    "over.segment.regular.help": ("两单以上，未超出惯常间隔两倍", "2+ orders, within twice the usual gap"),
    "over.segment.new": ("新客", "New"),
    "over.segment.new.help": ("只有一单，在近 90 天内", "one order, in the last 90 days"),
    "over.segment.once": ("仅一单", "One order"),
    "over.segment.once.help": ("只有一单，已过 90 天", "one order, more than 90 days ago"),
    "over.segment.at_risk": ("可能流失", "At risk"),
    "over.segment.at_risk.help": ("距上单已超过惯常间隔的两倍", "more than twice the usual gap since the last order"),
    "over.segment.lost": ("已流失", "Lost"),
    "over.segment.lost.help": ("一年多未下单", "no order for over a year"),
    "over.segment.none": ("未下单", "No order"),
    "over.segment.none.help": ("只有评价、消息或资料", "only reviews, messages or master data"),
    "over.risks": ("需要关注的顾客", "Customers to look after"),
    "over.risks.help": ("逾期未再下单、有未解决工单，或多为差评；点击姓名打开", "Overdue to order, an open ticket, or mostly low ratings; click a name to open"),
    "over.risks.none": ("目前没有", "Nobody at present"),
    "over.customer": ("顾客", "Customer"),
    "over.why": ("原因", "Why"),
    "over.overdue": ("距上次下单", "Since the last order"),
    "over.spend": ("累计消费", "Spend"),
    "over.days": ("{days} 天，惯常 {gap} 天", "{days} days, usually {gap}"),
    "over.reason.overdue": ("久未下单", "overdue"),
    "over.reason.ticket": ("工单未结", "open ticket"),
    "over.reason.ratings": ("多为差评", "low ratings"),
    "over.months": ("每月评论与抱怨", "Texts about products by month"),
    "over.months.help": ("红色为含抱怨的部分", "red: those that complain"),
    "over.month": ("{month}：{texts} 条中 {bad} 条抱怨", "{month}: {bad} of {texts} complain"),
    "over.complaints": ("抱怨最多的商品", "Products with most complaints"),
    "over.complaints.help": ("近 {days} 天；点击编号看原文，点击人数列出顾客", "Last {days} days; click a mark for the source, a number for the customers"),
    "over.complaints.none": ("近一年没有关于商品的抱怨", "No complaint about a product in the last year"),
    "over.of": ("{texts} 条中 {bad} 条抱怨", "{bad} of {texts} complain"),
    # record
    "record.close": ("关闭", "Close"),
    "record.title": ("原始记录", "The record"),
    "record.summary": ("计算结论", "Computed statement"),
    "record.customer": ("顾客档案", "Customer record"),
    "record.hidden": ("这一项不对您的角色和用途开放", "This is not open to your role and purpose"),
    "record.gone": ("这条记录已不存在", "This record no longer exists"),
    "record.product": ("商品", "Product"),
    "record.brand": ("品牌", "Brand"),
    "record.category": ("类目", "Category"),
    "record.price": ("标价", "List price"),
    "record.rating": ("评分", "Rating"),
    "record.amount": ("金额", "Amount"),
    "record.discount": ("优惠", "Discount"),
    "record.quantity": ("数量", "Quantity"),
    "record.order": ("订单", "Order"),
    "record.status": ("当时状态", "Status then"),
    "record.channel": ("渠道", "Channel"),
    "record.speaker": ("说话人", "Speaker"),
    "record.customer_name": ("顾客", "Customer"),
    "record.source": ("来源", "Source"),
    "record.row": ("{file} 第 {row} 行", "{file}, row {row}"),
    "record.event": ("事件编号", "Event id"),
    "record.evidence": ("证据编号", "Evidence id"),
    "record.source_id": ("原编号", "Source id"),
    "record.flags": ("标记", "Flags"),
    "record.rule": ("规则", "Rule"),
    "record.behind": ("依据的记录", "Records behind it"),
    "record.count": ("{n} 条", "{n}"),
    "record.more": ("另有 {n} 条未列出", "{n} more not listed"),
    "record.stale": ("此后记录有变化，数字可能已过时。", "The records have changed since; the figure may be out of date."),
    "record.raw": ("清洗前的原文", "As it was written, before cleaning"),
    "record.text": ("全文", "Full text"),
    "record.line": ("记录", "Record"),
    "status.open": ("未解决", "open"),
    "status.pending": ("处理中", "pending"),
    "status.solved": ("已解决", "solved"),
    "status.closed": ("已关闭", "closed"),
    "speaker.customer": ("顾客", "customer"),
    "speaker.staff": ("客服", "staff"),
    "speaker.assistant": ("助手", "assistant"),
    "flag.near-duplicate": ("近似重复", "near duplicate"),
    "flag.bot-like": ("疑似机器", "bot-like"),
    "flag.future-date": ("日期在未来", "date in the future"),
    "flag.outlier-price": ("价格异常", "unusual price"),
    "flag.no-date": ("无日期", "no date"),
}  # fmt: skip

TOOLS: dict[str, tuple[str, str]] = {
    "find_customer": ("查找顾客", "Find the customer"),
    "search_reviews": ("搜索原文", "Search what they wrote"),
    "customer_summary": ("行为概况", "Summarise behaviour"),
    "timeline": ("查看时间线", "Look at the timeline"),
    "sentiment": ("分析情绪", "Read the sentiment"),
    "recommend": ("推荐商品", "Recommend products"),
    "show_profile": ("查看资料", "Open the profile"),
    "find_customers": ("筛选顾客", "Filter customers"),
}
ARGS: dict[str, tuple[str, str]] = {
    "customer_id": ("顾客", "customer"), "query": ("关键词", "for"), "limit": ("最多", "at most"), "kinds": ("类型", "kinds"),
    "since": ("从", "from"), "until": ("至", "to"), "item_ids": ("商品", "products"), "order_id": ("订单", "order"),
    "newest_first": ("新的在前", "newest first"), "aspect": ("方面", "about"), "fields": ("字段", "fields"),
    "rules": ("规则", "rules"), "exclude": ("排除", "without"), "category": ("类目", "category"),
}  # fmt: skip
SUGGESTIONS: dict[Language, tuple[str, ...]] = {
    "zh": ("最近买了什么？", "有没有投诉？解决了吗？", "有什么忌讳或不喜欢的？", "给我推荐一件合适的商品"),
    "en": (
        "What did they buy last?", "Any complaints, and were they solved?", "Anything they avoid or dislike?",
        "What could I recommend next?",
    ),
}  # fmt: skip

NAMED: dict[Language, tuple[str, ...]] = {
    "zh": ("{name}最近买了什么？", "{name}有没有投诉？解决了吗？"),
    "en": ("What did {name} buy last?", "Has {name} complained, and was it solved?"),
}
"""First questions when no customer is chosen yet, about one of the shop's own."""


def say(language: Language, key: str, /, **values: Any) -> str:
    """The words for `key` in this language, with its placeholders filled."""
    return TEXTS[key][0 if language == "zh" else 1].format(**values)


def counted(language: Language, key: str, one: str, n: int) -> str:
    """`key` with its number, or `one` for exactly one."""
    return say(language, one) if n == 1 else say(language, key, n=f"{n:,}")


def status(language: Language, word: str) -> str:
    """A ticket's state in words; one we do not know as the shop writes it."""
    key = f"status.{word.strip().casefold()}"
    return say(language, key) if key in TEXTS else word


def tool(language: Language, name: str) -> str:
    """A tool's name in words; its own name when it has none."""
    return TOOLS[name][0 if language == "zh" else 1] if name in TOOLS else name


def args_in_words(language: Language, args: Mapping[str, Any], names: Mapping[str, str | None]) -> str:
    """A tool call's arguments as people read them; what was left out or empty is not mentioned."""
    from huaxiang.store.render import KIND_LABELS

    place = 0 if language == "zh" else 1
    parts = []
    for key, value in args.items():
        if value in (None, "", [], (), {}) or key in ("limit", "newest_first"):
            continue
        if key == "customer_id":
            parts.append(names.get(str(value)) or str(value))
            continue
        many = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        if key == "kinds":
            many = [KIND_LABELS[one][place] if one in KIND_LABELS else one for one in many]
        label = ARGS[key][place] if key in ARGS else key.replace("_", " ")
        words = ("、" if place == 0 else ", ").join(many[:5]) + (" …" if len(many) > 5 else "")
        parts.append(f"“{words}”" if key == "query" else f"{label} {words}")
    return " · ".join(parts)
