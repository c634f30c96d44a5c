"""What a question wants to know, read from its words by code: one table of cues, zh and en side by side.

An aim names a statement maker in `agent.statements`. Several may match; order is by position in the table, since the
narrow ones stand before the wide ones. A question that matches none is open: its words decide what is searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """One kind of question: cues in both languages and the tools its answer needs."""

    name: str
    zh: re.Pattern[str]
    en: re.Pattern[str]
    tools: tuple[str, ...]

    def place(self, text: str) -> int:
        """Where the cue stands in a question; `NOWHERE` when it does not."""
        return min((m.start() for m in (self.zh.search(text), self.en.search(text)) if m), default=NOWHERE)

    def cue(self, word: str) -> bool:
        """Whether a single word is only a cue of this aim ("complaining", 满意) and no topic of its own."""
        return bool(self.zh.fullmatch(word) or self.en.fullmatch(word) or (len(word) > 5 and self.en.match(word[:-1])))


def _aim(name: str, zh: str, en: str, *tools: str) -> Aim:
    return Aim(name, re.compile(zh), re.compile(en, re.IGNORECASE), tools)


REFUSALS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("not_allowed", re.compile(
        r"密码|(手机号?|电话|邮箱|联系方式|地址).{0,6}(全|都|批量|列表|导)|导(出)?一份|银行卡|信用卡|卡号|身份证|CVV|支付宝账号|导出(全部|所有)|(所有|全部|每个|全体)(顾客|客户|用户|人)的?(电话|手机|邮箱|地址|联系方式|资料|信息|隐私)"
        r"|(信教|宗教|信仰|政治|党派|党员|民族|(哪|什么)(个|一)?族|性取向|同性恋|怀孕|病史|疾病|什么病|啥病|得(了|的)?.{0,2}病|身体.{0,6}(毛病|问题|不好|健康)|生病|抑郁|残疾|艾滋|癌|家庭住址|门牌号?|住址|(具体|详细|家庭|家里?|完整)的?地址|(哪个|什么)小区|几号楼|几栋|门牌|上门找|信佛|信主|拜佛|念佛|佛教|几岁|多大年纪|年龄)"
        r"|\bpasswords?\b|\b(credit|bank|debit) cards?\b|\bcard numbers?\b|\bssn\b|social security|passport|\bpin\b|\bcvv\b"
        r"|(all|every|each) (the )?(customers?|users?|people|person)('s|s')? ?(personal )?(phones?|phone numbers?|e-?mails?|addresses|contact|private|data)"
        r"|\b(all|every(body|one)?('s)?|each) (the )?(phones?|phone numbers?|e-?mails?|addresses|contact)"
        r"|(phones?|phone numbers?|e-?mails?|addresses|contact details|contacts) (of|for) (all|every|each|everyone)"
        r"|(export|dump|download) (all|every|the (whole|entire))|\breligio|\bpolitic|\bvote[sd]?\b|\bis .{2,40} (black|white|asian|african|hispanic|latin[oa]|muslim|jewish|christian)( or (black|white|asian)\b|\?|$)|ethnic|\b(what|which|their|his|her) race\b|\brace (is|of)\b|sexual|\bgay\b|lesbian|\bpregnan|\bmedical\b|\bdisease|\bdiagnos|\billness|disabilit|\bhow old\b|\b(home|street|full|exact|postal) address\b|\bflat number\b|\bhouse number\b",
        re.IGNORECASE)),
    ("out_of_scope", re.compile(
        r"^\W*(hi|hello|hey|thanks?( you)?( so much)?|thx|ty|ok(ay)?|great|cool|bye|good (morning|afternoon|evening)|你好|您好|谢谢(你|您|啦|了)?|多谢|好的|行|嗯+|再见|嗨|在吗|辛苦了?)\W*$|天气|汇率|^\W*(我们|咱们?)?(店里?|全店|整体|总体)?(的)?(顾客|客户|大家)?(里|中)?最常见的?(投诉|问题|差评)|股票|股价|讲个?笑话|写(首|一首|段|一段|篇|个)|翻译|新闻|世界杯|首都|总统|彩票|菜谱|几点了|你是谁|你叫什么|你好吗|编程|代码|附近.{0,8}(吃|馆|店|玩)|馆子|餐馆|饭店"
        r"|(帮我|给我|直接|麻烦)(把)?.{0,10}(退(给|款|了)|取消|删了?|改成|补发)|^(取消|退掉|删除|删掉|修改|改掉|关闭|注销|冻结)|(?<!不要)(?<!别)(?<!不)(?<![低高中])(帮|给|替)[^?？]{0,12}(退款|取消订单|改地址|发优惠券|下单(?!次数?|数|量|比较|得|最|的|过|了|几|多|勤|频)|补发|改价|删除|打电话|发邮件|发短信|转账)|(把|将)[^?？]{0,14}(取消|删除|删掉|改成|改为|升级|标记)|(全|都|给)?删(了|掉|除)?(吧|$)"
        r"|\bweather\b|exchange rate|(?<!['’]s )(?<!s['’] )most common (complaint|problem|issue|reason)s?(?! (about|with|on|of|for|regarding|around|from people)\b)|\bstock price|\bjoke\b|\bpoem\b|\btranslate\b|\bnews\b(?! (?:for|to share))|capital of|\bpresident\b|\brecipe\b|who are you|\bpython\b|\bworld cup\b|\blottery\b|what time is it|meaning of life|\bessay\b|\bbitcoin\b|\bsong\b|\brestaurants?\b|\bplaces? to eat\b|\d+ (times|plus|minus|divided by) \d+|\b(book|find) (me )?a (flight|hotel|taxi|table)\b"
        r"|(帮我?|给(?!.{0,4}[星分个])|请|麻烦|直接|顺便)(?!.{0,20}(为什么|为啥|怎么又|咋又|怎么就)).{0,14}(打(个|上)?标签|拉黑|加入?黑名单|改(成|为|一下|掉)|修改|更新|删(掉|除|了)|注销|取消|退款|补偿|赔|关闭|关掉|开通|升级|标记|备注|登记)(?!的)|(打(个|上)?标签|拉黑|加入?黑名单)"
        r"|^\s*(please |pls |just |can you |could you )*(refund|cancel|reorder|exchange|resend)\b(?! (amount|status|rate|policy|total|date))|(^|[,.;!] ?|\band )(please |pls )?(can you |could you |go ahead and |just )?(delete|erase|wipe|cancel|unsubscribe|block|ban|reopen)\b|(^|[,.;!] ?|\band )(please |pls )?(can you |could you |go ahead and |just )?(refund(?! (status|amount|total|for what))|cancel|delete|remove|erase|wipe|upgrade|change|update|edit|correct|email|e-mail|ship|resend|send|issue|mark|tag|flag|block|ban|close|reopen|apply|waive|credit|compensate|merge|set|add(?! up| the (?:date|day|amount|total|figure|number|value|sum)| (?:when|how|what))|put|give|text|call)\b(?! (me|us|or)\b|, (text|call|e-?mail|phone|sms|message)|[^.;]{0,12}\bor\b)(?!er)(?=.{0,40}\b(him|her|them|(?<!in )orders?|account|refund|address|phone|email|e-mail|profile|record|note|discount|coupon|points|status|vip|to|as|from|customer|c\d)\b)",
        re.IGNORECASE)),
)  # fmt: skip
"""Questions that are refused before anything is looked up, with the reason. Tools check roles again."""

NOWHERE = 1_000_000
TOGETHER = {
    "avoids_material": ("avoids_material", "avoids"),
    "avoids": ("avoids", "avoids_material"),
}
"""Fields that one question means together."""

FIELD_AIMS: tuple[tuple[str, str, str], ...] = (
    # field, zh cue, en cue: what the customer said about themselves
    ("shoe_size", r"穿\d{2}(\.5)?码|\d{2}(\.5)?码.{0,2}鞋|鞋.{0,6}\d{2}(\.5)?码|鞋码|脚(多大|多长|码|长)|(鞋|靴).{0,12}(几|多大|多少|什么)的?(码|号)|鞋子?(的)?(尺码|大小|尺寸|号)|穿(几|多大)[码号]?的?鞋|(几|多大|多少)码的?鞋|鞋.{0,4}(几|多大|多少)码|鞋.{0,12}多大(?!年)", r"\bshoe size|\bsize \d{1,2}(\.5)?\b.{0,12}(shoes?|boots?|feet)|\b(trainers?|runners?|sneakers?|boots?|shoes?)\b.{0,40}\bsizes?\b|\bsize (of )?shoes?|shoes? .{0,12}\bsize|what size (shoes?|boots?|sneakers?|trainers?)|\bboots? size|(size|number) .{0,24}\b(shoes?|boots?|sneakers?|trainers?)\b"),
    ("clothing_size", r"(XXL|XL|L|M|S) ?(还是|或) ?(XXL|XL|L|M|S)|外套.{0,4}(码|号)|上衣.{0,6}(码|号|S|M|L)|衣服.{0,4}(码|号|大小)|穿.{0,6}(?<![A-Za-z])(XXL|XL|L|M|S)(?![A-Za-z])|尺码|穿(几|多大|什么)(码|号)|穿多大|身高体重|什么码|多大码|几码|多少码|衣码", r"\b(clothing|clothes|shirt|jacket|dress|t-?shirt|top|coat|pants|trouser)s? sizes?|\b(an? )?(XS|S|M|L|XL|XXL)\b (or|vs) (an? )?\b(XS|S|M|L|XL|XXL)\b|\bwhat size\b|\bwears? .{0,14}size|\bsize (does|do|is|should)"),
    ("skin_type", r"肤质|皮肤|肌肤|敏感性?肌|敏感性皮|(油|干|敏感)皮", r"\bskin\b"),
    ("has_pet", r"宠物|养(了|着|过)?.{0,3}(猫|狗|什么)|猫咪?|狗狗?|喵", r"\bpets?\b|\bcats?\b|\bdogs?\b|\bkitten|\bpupp"),
    ("owns_device", r"(用|有|什么)(的|着)?(是)?(什么|啥|哪款|哪种)?(安卓|苹果)?(手机|设备|电脑|平板|相机|机型|车)(?!.{0,2}(壳|膜|套|支架|号))|(手机|平板|电脑|相机)(是|用)(的)?(什么|啥|哪)", r"\b(what|which) (phone|device|laptop|tablet|camera|computer|car)|(phone|device|laptop|tablet|camera) (does|do|is)|\bown(s|ed)?\b .{0,10}(phone|device|laptop|camera)|\bdevices?\b"),
    ("favourite_color", r"颜色|色系|什么色", r"\bcolou?rs?\b"),
    ("budget_minor", r"预算|价位|(最多|最高(?!的?那?一?[张个笔]?(?:单|订单))|肯|愿意|舍得|能接受).{0,8}(花|付|出|多少钱)", r"\bmax\b.{0,24}\bpay\b|\bbudget|\bprice range|how much .{0,16}(willing|want|wants|prepared) to (spend|pay)"),
    ("avoids_material", r"不穿(哪|什么|啥)|穿不了|(不能|不要|不穿|避开|不喜欢|过敏|忌|讨厌|不碰).{0,6}(材质|面料|材料|料子)|(材质|面料|材料|料子|羊毛|化纤)", r"\bmaterials?\b|\bfabrics?\b|\bwool\b|\blatex\b|\bleather\b|\bpolyester\b"),
    ("avoids", r"(不|别).{0,2}(穿|吃|碰|喝)(哪|什么|啥)|过敏|忌口|忌讳|不能(吃|用|碰|闻)|不吃|不碰|避开|避免|受不了|不要推荐|雷区|敏感(?!性?肌|性?皮)", r"\ballerg|\bavoid|\bintoleran|can'?t (eat|use|have|stand|tolerate|drink)|stay(s)? away from|sensitive to|off[- ]limits|steer clear"),
    ("hobby", r"周末(都|一般|喜欢)?.{0,4}(干|做|玩|忙)|爱好|兴趣|业余|运动|平时(喜欢)?(干|做|玩)什么", r"\b(do|does|up to|spend) .{0,30}weekends?\b|\bhobb|\binterests?\b|\bsports?\b|\bspare time|\bfree time|\bfor fun\b|\bactivit"),
    ("prefers_contact", r"渠道|(哪种|什么|哪个)方式.{0,4}(联系|通知|找)|(不要|别|不想|不愿)(再)?(给)?.{0,6}(打电话|来电|发短信|发邮件)|(电话|短信|微信|邮件|打电话|发邮件|发短信).{0,6}还是.{0,6}(电话|短信|微信|邮件)|(怎么|如何|什么方式|喜欢.{0,4}方式|偏好.{0,6}).{0,4}联系|联系方式偏好|(希望|愿意|喜欢|想).{0,6}(电话|短信|微信|邮件|联系)|怎么联系", r"\b(call|phone|ring|text|sms|e-?mail|mail|message|wechat)s?\b(\W{1,3}|,? or )(a )?(call|phone|ring|text|sms|e-?mail|mail|message|wechat)s?\b|\b(not|don'?t|never|dont) (to )?(be )?(call|ring|phone|text|e-?mail)(ed)?\b|\b(prefer|like|want|wish)\w*\b.{0,20}\b(contact|reach|call|email|text|phone)|contact (preference|method)|(best|preferred) (way|channel)|\b(call|e-?mail|text|phone|ring|write)\b.{0,8}\bor\b.{0,8}\b(call|e-?mail|text|phone|ring|write)\b|\b(get|keep) in touch|how (should|can|do) we (contact|reach)"),
    ("prefers_delivery", r"(喜欢|偏好|希望|要求|想).{0,6}(快递|送货|配送|收货)|收货(方式|偏好|要求|时间)|(放|送)(到)?(驿站|门口|快递柜|哪)", r"\bdeliver(y|ies) (preference|instruction|option|time)|prefer.{0,16}deliver|deliver.{0,16}prefer|where .{0,20}(leave|left|drop)|how .{0,24}deliver(ed|y)\b.{0,6}$|\bcourier\b.{0,12}prefer"),
    ("buys_for", r"自己(吃|用|穿|喝).{0,4}还是|给自己还是|(给|为|替|帮)(谁|哪个|什么人|家里人|别人)|送(给)?(谁|人|礼)|礼物|(给|为)(她|他|TA|ta)?(妈妈|爸爸|父亲|母亲|孩子|儿子|女儿|老公|老婆|男友|女友|朋友|同事|父母|家人).{0,6}买|买给", r"\bfor (herself|himself|themselves|someone else|somebody else)\b|\bgifts?\b|\bpresents?\b|\bfor whom\b|who .{0,40}(?<!what )\bfor\b\??$|buy(s|ing)? for (others|someone|family|her|his|their|whom|who)|\b(bought|buys?|get|got) .{0,30}\bfor (her|his|their) "),
    ("price_sensitive", r"价格敏感|在乎价格|贪便宜|图便宜|爱打折|看重价格|嫌贵", r"price[- ]sensitiv|\bbargain|care about (the )?price|\bfrugal|too expensive"),
)  # fmt: skip
"""Profile fields a question may ask for by name."""

AIMS: tuple[Aim, ...] = (
    _aim("recommend", r"(该|要|可以)?介绍(哪|什么|啥)|挑(选)?(一|个|件|款|点|双|样)|会(喜欢|中意|看上|要|买)(哪|什么|啥)|适合(哪|什么|啥)|能推|推荐|别推|推(个|款|一)|(给|帮|替).{0,14}(挑|选|囤|搭配|凑)|还没买过|没买过的|(想|要)(买|换|挑)(件|个|双|款|一).{0,30}推|推(哪|什么|啥|一|几|两|点|个|双|款|件|些|样)|(该|应该|可以|适合)(给.{0,6})?(卖|买|推)(些)?(什么|啥)|下次.{0,6}买(什么|啥)|买点(什么|啥)", r"\b(?:which|what) (?:product|item|one|thing)?s? ?(?:should \w+ |to )(?:put forward|pitch|suggest|offer|show|push)\b|\bthat (wont|won'?t|doesn'?t|isn'?t) \w+ (her|him|them)\b|\brecommend|\bsuggest|\bto offer\b|\bcan i offer\b|\bwhat (have|do) we (got|have|stock|sell)\b|\b(which|any|one) of ours\b|\bfrom our (range|shop|catalog\w*|store)\b|\b(hasn'?t|haven'?t|not) .{0,30}\b(bought|tried|had|ordered) (yet|before)|\b(something|anything) .{0,40}\bfor\b|\bgift idea|what (should|could|might|else) .{0,24}(buy|offer|sell|like|want|try)|\b(need|find|pick|choose) (?!up)(a|an|some|something|me)\b.{0,40}\bfor\b|what do we (have|sell|stock) .{0,30}(for|suit|that)|\bsuits? (him|her|them)\b|\bpick (one|out|a|an|some)\b.{0,30}\b(for|that)\b|\bwhat .{0,24}\b(push|pitch|sell|offer|show)\b|\bwould (go for|suit|fancy|be right for)\b|\bis after (some|a|an)|next best|cross-?sell|upsell|\bpitch\b", "recommend"),
    _aim("identity", r"叫什么|别名|昵称|真名|是谁(?!买|退)|本名|(网名|ID)是", r"\bgoes by\b|\balias\b|\bnickname\b|\breal name\b|\bname of the customer|\bwhich customer (is|has the (id|number|phone|e-?mail))", "find_customer"),
    _aim("last_activity", r"((最近|最后|上|第)(的)?一?(次|条|篇|封|个|回)|首次|最早).{0,4}(退货|退款|评[价论]|留言|消息|咨询|联系|互动|活动|浏览|投诉|反馈|工单|加购|搜索?|问卷|找客服)|最(近|后|新)(的)?(一)?(条|篇)?(评[价论]|留言|消息|退货|工单|投诉)|(退货|评[价论]|投诉|联系|工单).{0,6}(是)?(哪天|什么时候|几号|何时)", r"\b(last|latest|most recent|newest|first|earliest)\b.{0,14}\b(reviews?|messages?|contact(ed)?|activity|interaction|complain(t|ed)?s?|view(ed)?|wrote|write|reviewed|seen|active|returns?|returned|refund|tickets?|survey|search(ed)?|carts?)\b|\bwhen .{0,40}\b(last|first) (review|contact|complain|write|wrote|active|seen|message|return|view|search)|\bwhen (did|was|were) .{0,40}\b(return(ed)?|sen[dt] .{0,20}back|complain(ed)?|review(ed)?|contact(ed)? us|get in touch)\b", "timeline"),
    _aim("event_count", r"(几|多少)(次|条|个|回|张).{0,8}(消息|留言|工单|浏览|投诉|搜索|加购|联系|咨询)|(消息|留言|工单|浏览|投诉|搜索|加购|联系|咨询)(过|了)?(我们|客服)?.{0,4}(几|多少)(次|条|个|回|张)", r"\bhow many (messages|tickets|complaints|views|searches|carts|surveys)|\bhow many times .{0,40}(contact|complain|message|view|search|write|written|wrote|browse)|\bnumber of (messages|tickets|complaints|views|searches)", "timeline"),
    _aim("contact", r"多久的?(老)?(顾客|客户|会员)|(来|成为).{0,6}多久了|(电话|手机)(号码?|是|呢|多少|给我)|(的|留的?)(电话|手机|邮箱)|手机号|邮箱(是|地址|呢|多少)|邮件地址|联系方式|哪个城市|城市|住(在)?(哪|什么地方)|哪里人|住在|注册(时间|日期)?|什么时候(注册|加入|成为)|哪天注册|昵称", r"\bphone( number)?\b(?! (case|cover|does|model|stand|holder))|\be-?mail( address)?\b|\bcontact (info|details)|\bwhich city|\bwhere (does|do|is|are) .{2,40}(live|based|located|from)\b|\bwhat city|\bcity\b|\bjoined?\b|\bregistered\b|\bsigned up\b|\bnickname\b|member since|how long .{0,30}(customer|member|with us|shopping here)", "find_customer"),
    _aim("open_ticket", r"工单|(解决|处理|搞定|弄好)没|没(有)?(处理|解决)(完|好)|未处理|(搞定|弄好|修好|补发|换好)(了)?(吗|没)|未解决|没解决|解决了(吗|没)|处理(好|完)?了(吗|没)|还有.{0,6}(问题|投诉).{0,4}(没|未)|待处理|售后.{0,6}(进展|状态|处理)", r"\btickets?\b|\bunresolved|\bresolved\b|\bsolved\b|\bopen (issue|case|complaint|problem)|\bsort(ed)? .{0,12}\bout\b|\b(did|have|has) we .{0,30}(fix|solve|resolve|replace|sort)|\b(fixed|replaced|taken care of|dealt with)\b|\boutstanding\b|\bpending\b|still (waiting|open)|support case", "timeline"),
    _aim("largest_order", r"最(贵|大|高)的?(那|一)?(个|张)?(单|笔|订单)|(订单|单子)(里|中|里头|里面|当中)?.{0,4}最(贵|大|高)|(一次|单次|一回|一单|一笔).{0,4}最多(花|付|买|掏|消费)|最大(一)?(单|笔)|单笔最(高|大)", r"\b(largest|biggest|most expensive|priciest|costliest|dearest|top|highest|max(imum)?|highest[- ]value|record) (single )?(order|purchase|basket|checkout)\b|\border.{0,30}\b(biggest|largest|priciest|dearest|costliest) (single )?one\b|\b(most|max) .{0,30}\bin (one|a single) (go|order)\b", "customer_summary"),
    _aim("when_most", r"(哪|几)(个)?(月|天|周|季度|年).{0,10}最|什么时候.{0,6}最(多|少)", r"\b(which|what) (month|day|week|year|quarter)\b.{0,40}\b(most|least|highest|lowest)"),
    _aim("average_order", r"客单价|平均(每单|每笔|每次|一单|订单)|每单.{0,4}(平均|多少)|均价", r"\baverage (order|spend|basket|purchase)|\bper order\b|\baov\b|basket size", "customer_summary"),
    _aim("returns", r"退(?!休|烧|热|色|潮|步|役)|不要了(?!吗|么|嘛)", r"\b(came|come) back from\b|\breturn(s|ed|ing)?\b|\brefund|\bsen[dt]s?(ing)?\b.{0,30}\bback\b", "timeline"),
    _aim("last_order", r"(最近|最后|上)一(瓶|件|双|包|盒|袋|台|本|条(?!评|消)|支|罐|套)|末次.{0,4}(下单|购买|订购|消费|订单|成交|到店)|离(现在|今天)最近.{0,4}(单|次|笔)|最后(那|这)(一)?(次|单|笔|回)|最新(的)?(那|一)?(个|张|笔)?单|(哪天|什么时候|几号|何时|哪一天)下的?单|(最近|最后|上)(一)?(次|单|笔|回).{0,8}(下单|买|购|订|消费|付款)|(最近|最后|上)(一)?(单|笔)|(最近|最后)一?(次|回)(是)?(什么时候|哪天|几号|呢|[??]|$)|最近(的)?(一)?(个|笔|次|张)?(订单|下单|购买|买)|最后(买|下单)|上次(买|下单|购物)|最新(的)?(一)?(笔|个)?(订单|下单)|多久没(买|下单|来)", r"\b(last|latest|most recent|newest|recent|previous)\b.{0,20}\b(order|purchase|buy|bought|ordered|transaction)|\blast (buy|order|shop|purchase)|when .{0,30}\blast\b(?!.{0,16}(review|complain|contact|write|wrote|return|view|browse|message)).{0,16}(order|buy|bought|purchase|shop)|(order|bought|buy|purchase|shop)(ed)? .{0,12}\blast\b\??$|how long since", "timeline"),
    _aim("first_order", r"(第一|头一|最早一?)(瓶|件|双|包|盒|袋|台|本|条|支|罐|套)|最初.{0,12}(买|下单|购|订|成交)|(头回|初次|首回).{0,8}(买|下单|购|订|消费|来)|第一(次|单|笔|回)|首(单|次|笔)|最早(的)?(一)?(次|笔|单|个)?|头一(次|回|单)", r"\bfirst\b.{0,20}\b(order|purchase|buy|bought|ordered|shop|thing)|\b(earliest|initial)\b|when .{0,30}\bfirst (order|buy|shop|purchase)", "timeline"),
    _aim("spend", r"(付款|支付|实付|消费|花费|花销)(的)?(合计|总计|总和)|几多钱|多少刀|几块(钱)?|掏(了)?(多少|几)|拿下|付了(几|多少)|花(了|过|掉|费)?.{0,6}(多少|钱|几)|消费(了|过|额|总额|金额|多少)|(总|累计|一共|合计).{0,8}(金额|消费|花|付|钱)|付(了|过)多少|贡献.{0,6}(多少|收入|销售)|多少钱(?!.{0,4}(的|以下|以内))|金额", r"\b(spend|spent|spending|paid|pay)\b|\btotal (value|amount|revenue|spend)|\brevenue\b|\bhow much (money|has|did|have)|\borders (added|summed|totalled) up\b|lifetime value|\bworth\b", "timeline"),
    _aim("order_count", r"(订单|下单|成交|购买)(的)?(总)?(笔数|单数|张数)|笔数|单量|(一共|总共|前后|合计|累计|全部加起来|加一块|加起来).{0,14}(买|拿|要|囤|订|购|带)(走|了|过|去)*(多少|几)(?!钱|块)|(要|拿|囤|订|带走|购)(走|了|过)*(多少|几)(件|个|双|包|盒|瓶|本|只|把|套|罐|支|份|台|条|袋|张)|(一共|总共|共|到现在|前后|合计).{0,12}(多少|几)(袋|件|个|双|包|盒|瓶|本|只|把|套|罐|支|份|台|条)|(几|多少)(单|笔|次(下单|购买|购物|订单))|买(过|了)?(几|多少)(台|件|个|双|包|袋|本|条|瓶|盒|只|把|套|罐|支|次|回|份|样|颗|副|床|张)|下(过|了)?(几|多少)(次)?单|(订单|下单|购买)(的)?(数|次数|总数|数量)|买(过|了)?(几|多少)(次|回|单)|(几|多少)(个|笔|张)?订单", r"\bhow many (packs?|boxes|bottles|pairs|bags|units|pieces|cakes|jars|tins|tubs|of (the|those|these|them))\b|\bhow many .{2,40}(in total|all time|so far|altogether|overall)|\btotal number of\b|\bhow many (orders|purchases|times .{0,20}(order|buy|bought|purchase|shop))|\bqty\b|\b(units|pieces) of\b|\b(total|overall|combined) (quantity|units|number)\b|\bquantity of\b|\bnumber of (orders|purchases)|\border (count|tally)|\btally\b|\bcount of .{0,30}\borders|\bhow many (?!times|orders|purchases|stars|reviews|returns|tickets|days|hours|people|customers|buyers)[\w' -]{2,40}? (has|have|did|does)\b.{0,30}\b(buy|bought|order|ordered|purchased?)|\b(packs?|boxes|bottles|pairs|bags|units|pieces) of .{2,40}(bought|ordered|purchased)|\btotal (number of )?orders|\bhow often .{0,30}(order|buy|shop)|how many times", "timeline"),
    _aim("cadence", r"多久(买|下单|来|购)一?次|购买?频率|频率|周期|间隔|复购", r"\bhow often\b|\bfrequen|\bcadence|\binterval|\brepeat (purchase|rate)|days between", "customer_summary"),
    _aim("entitlement", r"(会员|VIP|vip).{0,6}(等级|权益|折扣|级别)|享受.{0,6}(折扣|优惠)", r"\bentitled\b|\bVIP\b|\bloyalty (tier|level|points)|\bmembership (level|tier)"),
    _aim("discount", r"折扣|优惠|打折|促销|券", r"\bdiscount|\bcoupon|\bon sale\b|\bpromo", "customer_summary"),
    _aim("rating", r"(评[价分论]|打分|星级).{0,4}(均值|均分|平均)|(打|给)(了|过)?.{0,14}(几|多少)?(星|分)|评分|几颗?星|(几|多少)分|评价.{0,4}(几|多少)(条|个|次)|(几|多少)(条|篇|个)评[价论]|平均(评)?分|星级|差评|好评", r"\brat(e|ed|es|ing|ings)\b|\bstars?\b|\bscores?\b(?!.{0,8}survey)|\bhow many reviews|\bnumber of reviews|\breview count|\bout of (5|five|10|ten)\b", "timeline"),
    _aim("survey", r"问卷|调查|NPS|nps|满意度(打|评)?分", r"\bsurvey|\bnps\b|questionnaire", "timeline"),
    _aim("viewed", r"浏览|看中|感兴趣|惦记|看(过|了)(什么|哪些|哪几|啥)|加购|购物车|搜(索|过|了)", r"\bey(e?ing|ed)\b|\binterested in\b|\bconsidering\b|\bview(s|ed|ing)?\b|\bbrows|\bcarts?\b|\bsearch(es|ed)?( for)?\b|\blook(ed|ing) (at|for)\b|\bbasket\b", "timeline"),
    _aim("staff_note", r"备注|客服(记录|写|留|说)|内部记录", r"\b(staff|agent|internal|support) (notes?|remarks?|comments?)|\bnotes? (on|about|for)\b|\bnotes\b", "timeline"),
    _aim("top_category", r"(哪|什么)(个|些|种)?(类|品类|类别|类目|种类)|品类|类目|类别|(最常|最爱|最多|主要|经常|通常|一般|平时).{0,4}买(的)?(什么|哪|啥|东西)?(类|种)?", r"\bcategor|\bwhat (kind|type|sort)s? of (things|products|items|stuff|goods)|\bmost(ly)? (buy|bought|purchase|order|shop)|\b(buy|bought|order|purchase|shop)s? (the )?most|\busually (buy|order|shop)", "customer_summary"),
    _aim("top_brand", r"(哪|什么)(个|些|家)?(牌子?|品牌)|品牌|牌子", r"\bbrands?\b", "customer_summary"),
    _aim("active_hours", r"(什么|哪个|几).{0,3}(时间|时段|点)(段)?.{0,6}(下单|买|活跃|上线|购物)|活跃(时间|时段)|几点|周几|星期几", r"\bwhat time of (the )?day|\bactive hours|\bwhen .{0,20}usually (shop|order|buy|active)|\bday of the week|\b(shop|order|buy|active)s? .{0,20}weekend|\bweekend (shopper|order)", "customer_summary"),
    _aim("churn", r"流失|不来了|(怎么|咋|为(什么|啥|何)|后来).{0,8}(没|不)(再)?(来|买|下单)|要走|还会(再)?来|还活跃|活跃(吗|度)|沉睡|唤回|留存|(走|跑)了吗", r"\bg[ia]ve up on (us|the shop)\b|\b(stop(ped)?|quit|gave up) (buying|ordering|shopping|using us|coming)|\bused to (like|love|buy|order|shop)\b.{0,60}\b(us|here|a lot|change|happen)|\bwent (quiet|silent|cold)\b|\bchurn|\blapsed?\b|\bat risk\b|\bleav(e|ing)\b|\bstill active|\bcome back\b|\bactive customer|\binactive|\bgone quiet|\bloyal", "customer_summary"),
    _aim("complaints", r"客诉|异议|(反映|提出|说到|提到)的(问题|毛病|缺点)|骂|挑刺|负面反馈|意见|毛病|哪坏|嫌(弃)?|不(太)?喜欢|没(太)?看上|投诉|抱怨|不满|吐槽|差评|(哪里|什么|哪些|为什么).{0,4}(不满|不好|不高兴|生气|失望)|(遇到|有).{0,6}(什么|哪些|啥)?(问题|麻烦|毛病)|生气|缺点|负面|不喜欢.{0,4}(什么|哪)|出(了|过)什么(问题|毛病)|坏", r"\b(niggl|grumbl|moan|slat(e[sd]?|ing)\b|whin(e|g)|rant|let down|fed up|beef with)|\b(didn'?t|doesn'?t|did not|does not|don'?t) (\w+ )?(like|love|enjoy)|\bcomplain|\bcomplaint|\bunhappy|\bdissatisf|\bupset|\bangry|\bannoy|\bfrustrat|\bproblems?\b|\bissues?\b|\bwrong with|\bdislike|\bnegative|\bhates?\b|\bdisappoint|\bgripe|\bwent wrong|\bbroke|\bdefect|\bfault", "sentiment", "search_reviews"),
    _aim("praise", r"(夸|表扬|称赞|赞|点赞)|(最)?(喜欢|满意|爱|中意)(的)?(是)?(什么|哪|啥|过)|优点|正面|(什么|哪些|哪里).{0,4}(满意|喜欢|好评)|爱(吃|用|喝|穿|看)什么|喜欢(吃|用|喝|穿|看)?(什么|哪|啥)|偏好|口味", r"\bprais|\blikes?\b(?! to be)|\bloves?\b|\bfavou?rites?\b|\bhappy (with|about)|\benjoy|\bpositive|\bcompliment|\bpleased|\bpreferences?\b|\bprefers?\b|\btastes?\b|\bfond of|\binto\b", "sentiment", "show_profile", "search_reviews"),
    _aim("opinion", r"\btake on\b|['’]s take\b|\b(his|her|their) take\b|\bverdict\b|\bmake of\b|觉得.{0,16}(怎么样|咋样|如何|好不好|好吗|行吗)|满意吗|满不满意|满意(度)?|情绪|心情|怎么(看|评价|说)|(感觉|感受|体验|印象|评价)(如何|怎么样|怎样|好吗)?|态度|开心吗|高兴吗|高不高兴", r"\bsatisf|\bhappy\b|\bsentiment|\bfeel(s|ing|ings)?\b|\bmood\b|\bthink(s)? (of|about)\b|\bopinion|\bexperience\b|\bimpression|\bviews? on\b|\bdid\b.{0,40}\bmake of\b|\bhow (is|was|are|were|did)\b", "sentiment", "search_reviews"),
    _aim("changed", r"(现在|如今|目前)还|还(喝|吃|用|买|喜欢|爱)|戒|变(了|化|成|得)|改(变|成|喝|用)|不再|以前.{0,10}现在|从前|转变|口味.{0,4}变", r"\bchang(e|ed|es|ing)\b|\bused to\b|\bno longer\b|\bany ?more\b|\bswitch(ed)?\b|\bstopped\b|\bquit\b|\bgave up\b|\bstill (like|love|drink|buy|use)", "search_reviews", "sentiment"),
    _aim("bought_item", r"(什么时候|啥时候|哪天|几号|何时|什么日子|哪一天)(买|下单|入手|入|订|拍|购)的?|(买|订|购|入手|拍|下单).{0,14}(几号|哪天|哪一天|什么日子|何时|日期|是什么时候|啥时候)|(下单|购买|订购)(日期|时间|日子)|(买|下单|消费)(过|了)?.{0,14}(没有?|吗|没)|有没有买过|是否买过|入手(过|了)|(什么时候|哪天|几号|何时)(买|下单|入手)", r"\b(has|have|did|does)\b .{0,40}\b(buy|bought|ordered|order|purchased?|own)\b(?! (last|most))|\b(when|(which|what) (month|day|date|year)) did .{0,40}(buy|order|purchase|get)\b|\b(when|what day|which day|what date|which date|date) (did|was|were) .{0,60}\b(buy|bought|order(ed)?|purchased?|get|pick(ed)? up)\b|\b(purchase|order) date\b|\bever (buy|bought|order)", "timeline"),
    _aim("bought", r"(那|这)(一)?(单|笔).{0,6}(什么|啥|哪)|拍(了|下|过)?(什么|啥|哪)|(都|又)拍了|买(了|过|的)?(些)?(什么|哪些|啥|哪款|哪个|东西)|(购买|下单|订购|入手)(了|过)?(什么|哪些|啥)|(哪些|什么)(商品|产品|东西)|订单(列表|记录|明细|内容|里)?|购买(记录|历史)|买过", r"\bwhat (has|did|have|does|was|were|is in|are in|items?|products?|things)\b.{0,40}\b(buy|bought|order|ordered|purchased?|get)\b|\border history|\bpurchase history|\bwhich (items|products)|\blist .{0,20}(orders|purchases)|\borders\b|\bpurchases\b|\bbought\b|\bordered\b|\bpurchased\b", "timeline"),
    _aim("overview", r"介绍|总结|概括|概况|画像|什么样的(人|顾客|客户)|简介|整体|是个怎样|了解一下|情况(如何|怎么样)?$|档案|背景|这个(人|顾客|客户)(怎么样|如何)", r"\bsummar|\boverview|\bprofile\b|\btell me about\b(?!.{0,60}(complain|order|return|refund))|\bwho is\b|\bwhat kind of (customer|person|buyer|shopper)|\bdescribe\b|\brundown\b|\bbackground\b|\bbrief\b|\bknow about\b", "customer_summary", "show_profile"),
    _aim("timeline", r"时间线|历史|发生(了|过)|经历|最近(在)?(干|做|忙|有什么|怎么样|动态|活动)|记录|动态|(联系|咨询|沟通)(过|记录|客服|了)|(最近|最后|上)(一)?次.{0,6}(评|咨询|联系|互动|活动)", r"\btimeline|\bhistory\b|\bhappened|\bactivity\b|\brecently\b|\blately\b|\binteraction|\bcontact(ed)? (us|support)|\blast (contact|activity|seen|review|message|interaction)", "timeline"),
)  # fmt: skip
"""Questions about records and opinions, narrow before wide."""

_COMPARE = re.compile(
    r"(谁|哪(个|位)).{0,12}最(多|高|少|低|早|晚|大|贵|勤)|\bbetween\b.{3,80}\bwho\b|\bwho('s| has| is| did)?\b.{0,24}\b(the most|most often|the least)\b|比较|对比|(谁|哪(个|位)).{0,10}(更|多|高|早|晚|少|大|常|贵)|(和|跟|与|还是).{0,20}(谁|哪个|比)|\bcompare|\b(better|worse|longer)\b.{0,40}\bor\b|\b(more|less|higher|lower|earlier|later|bigger|fewer|better|larger) (than|often|orders)|\bversus\b|\bvs\.?\b|\bwhich of\b|\bwho (spent|has|ordered|bought|returned|joined|is|gave) .{0,20}\b(more|less|most|fewer|higher|earlier|first|later)\b|\bdifference between|\b(bigger|better|higher|top|heavier|biggest|more frequent|keener|pickier|harsher) (spender|buyer|customer|shopper|returner|reviewer|rater)|\bwho'?s (the )?(bigger|better|newer|older|earlier|more)\b",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(r"^(那|那么|还有|以及|and|what about|how about|so|also)\b|呢[?？]?$", re.IGNORECASE)


def refusal(question: str, *, products: frozenset[str] = frozenset()) -> str | None:
    """Why this question is refused before anything is looked up, or None.

    Args:
        products: lower-case words of the catalogue; a cue that is such a word ("race bike", "recipe book") refuses nothing.
    """
    for reason, pattern in REFUSALS:
        for found in pattern.finditer(question):
            if found.group(0).strip().lower() not in products:
                return reason
    return None


def of(text: str) -> list[Aim]:
    """Aims whose cue occurs in `text` (the question without the customer's name), narrow before wide."""
    return [aim for aim in AIMS if aim.zh.search(text) or aim.en.search(text)]


def fields_of(text: str) -> list[str]:
    """Profile fields that the question asks for: the one named first, with what it is always asked together with."""
    found = sorted(
        (place, rank, name)
        for rank, (name, _, _) in enumerate(FIELD_AIMS)
        if (place := field_place(name, text)) < NOWHERE
    )
    if not found:
        return []
    first = found[0][2]
    return list(TOGETHER.get(first, (first,)))


def field_place(name: str, text: str) -> int:
    """Where the question names the field; `NOWHERE` when it does not."""
    _, zh, en = next(row for row in FIELD_AIMS if row[0] == name)
    places = [m.start() for m in (re.search(zh, text), re.search(en, text, re.IGNORECASE)) if m]
    return min(places, default=NOWHERE)


def is_comparison(text: str) -> bool:
    """Whether two or more customers are to be compared."""
    return bool(_COMPARE.search(text))


def is_follow_up(text: str) -> bool:
    """Whether the question only makes sense after the last one ("and hers?", 那她呢)."""
    return bool(_FOLLOW_UP.search(text.strip()))


def of_field_only(word: str) -> bool:
    """Whether a word by itself asks for a profile field (宠物), rather than holding such a cue (猫砂)."""
    return any(re.fullmatch(zh, word) or re.fullmatch(en, word, re.IGNORECASE) for _, zh, en in FIELD_AIMS)
