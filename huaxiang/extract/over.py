"""General patterns for what is over, by how it went: given away, lost, dead, broken, allowed again, laid aside. See `endings`.

Every way of parting is written once, for whatever the vocabulary names. What was nearly lost, or only meant to be sold, is
not over: negators right before the verb are left out here, and `reading.is_nearly` refuses the rest.
"""

from __future__ import annotations

from huaxiang.extract.pattern import patterns as _p

_NO = r"[^,，。!！?？;；()（）\n]"
_EN = r"[^.,;!?\n]"
_DONE = r"(?<!n't )(?<!not )(?<!never )(?<!nearly )(?<!almost )(?<!'d )(?<!n't even )(?<!not even )"
_OWN = r"(?:my|our|the|that|both|all|all (?:my|our|the)|both (?:my|our|the))(?: (?!of\b)[a-z'-]+){0,2}"
_ADV = r"(?:just|really|simply|definitely|sadly|finally|recently|already|actually|also|all|both|unfortunately|suddenly|now|since|long|quite|honestly|only|probably|pretty much|been)"
_SOON = r"(?:again|after all|now|nowadays|these days|once more|every (?:day|week|morning|evening|night|month)|all the time|regularly|daily|weekly|a lot|without (?:any )?(?:trouble|problems?|issues?|a problem))"
_THING = r"(?!的?(?:壳|套|膜|线|充电|充值|笔|支架|表带|表链|包|键盘|鼠标|配件|保护|屏|电池|耳机|适配|底座|贴|卡|游戏|手柄|app|粉|豆|滤|清洁|架))"
_FEED = r"(?!的?(?:粮|砂|沙|窝|包|爬|抓|碗|盆|薄|罐|条|草|玩|牵|食|笼|缸|薬|药|零|饼|毛|咖|眼|衣|鞋|厕|垫|树|床|绳|链))"
_KIT = r"(?!的?(?:鞋|垫|服|衣|裤|机|弦|包|杆|线|台|架|车|帐|装备|用品|书|杂志|音乐|节目|拨片|琴包|颜料|布))"
_STUFF = "ingredients scents foods tastes"
_FOOD = r"(?:{foods}|{ingredients}|{tastes}|{scents})"
_GIVE_ZH = r"(?:全|都|早|早就|已经|后来|也)*(?:给|送|拿|转|寄|托付|过户|捐)(?:了|给|给了|去了?)+"
_KIN_ZH = r"(?:我|他|她|咱|楼下|隔壁|公司)?(?:的)?(?:小|老|大)?(?:{relations}|人|别人|亲戚|小朋友|邻居|熟人|老家)"

PARTED = [
    *_p(
        "has_pet", "pet_over.zh@2",
        rf"{{pets}}{_FEED}{_NO}{{0,8}}(?<![没不未别点])(?:去世|离世|过世|病逝|老死|病死|老了?走|走了(?!\d|[一两几半]|路|过|出|进|来|趟|会|圈)|走的|走掉|死了|死掉|没熬过|没挺过|没救回|没能(?:救|挺|熬)|没了|没有了|不见了|丢了|走丢了|跑丢了|飞走了|飞掉|埋(?:在|了|到)|火化|安葬|去了?汪|去了?喵)",
        rf"{{pets}}{_FEED}{_NO}{{0,3}}{_GIVE_ZH}{_KIN_ZH}", r"{pets}"
        + _FEED
        + r"[^。.!！?？;；()（）\n]{0,12}(?<![没不未别])(?:埋在|埋到|火化|安葬|过世|去世|离世|走丢了?(?:没|再)|送养|送走了)", rf"(?:把){_NO}{{0,4}}{{pets}}{_FEED}{_NO}{{0,3}}(?:送|给|埋|葬|火化|转让|安置){_NO}{{0,6}}",
        rf"(?:再也?|已经|早就?|现在|家里){_NO}{{0,2}}没(?:有)?(?:养)?{{pets}}{_FEED}(?!了?[^,，。了]{{0,4}}(?:喜欢|不行|不))了",
        each="pets", ends=True,
    ),
    *_p(
        "has_pet", "pet_over.en@2",
        rf"\b{_OWN} {{pets}} (?:(?:have|has|had|'s|{_ADV}) )*(?:died|passed(?: away| on)?|went missing|ran (?:away|off)|flew (?:away|off)|(?:is|are) (?:dead|gone(?! (?:for|to|until|till|crazy|mad|wild)))|went to (?:live|stay) with|went to a new home|found a new home|lives? with (?!me\b|us\b))",
        rf"\b{_OWN} {{pets}} (?:{_ADV} )*(?:didn't|did not|couldn't) (?:make it|survive|pull through|wake up)\b",
        rf"{_DONE}\b(?:rehomed|buried|lost|cremated|said goodbye to|say goodbye to|saying goodbye to|parted with|part with|found (?:a )?new homes? for|put down|let go of|surrendered|(?:gave|given|passed) (?:away|up|on)) {_OWN} {{pets}}\b",
        rf"{_DONE}\b(?:gave|given|passed) {_OWN} {{pets}} (?:away|up|on|to (?!(?:eat|chew|play|try|drink|sleep|sniff)\b))",
        r"\bno (?:more )?{pets} (?:any ?more|now|left|these days|at home|at my place|in the house)", r"\b(?:without|don't have) (?:a |our |my )?{pets} (?:any ?more|any longer|now)",
        each="pets", ends=True,
    ),
    *_p(
        "owns_device", "device_over.zh@2",
        rf"{{devices}}{_THING}{_NO}{{0,12}}(?<![没不未别])(?:落在|落到|丢了|丢在|弄丢|找不回|找不到了|不见了|被偷|被摸|被抢|开不了机|进水|报废|没有了|没了|退了|还给|上交|泡水|摔(?:碎|坏|烂)|烧(?:坏|了)|卖给|当掉|抵给|回收|淘汰|送给|退役|坏(?:了|掉))(?!就好)",
        rf"{{devices}}{_THING}{_NO}{{0,4}}{_GIVE_ZH}{_KIN_ZH}", rf"{{devices}}{_THING}{_NO}{{0,3}}给{_KIN_ZH}{_NO}{{0,2}}(?:拿去|拿走|抱走|要走|带走)", rf"把{_NO}{{0,4}}{{devices}}{_THING}{_NO}{{0,3}}(?:卖|送|给了|捐|转|出|扔|丢|退|还|当){_NO}{{0,6}}了",
        rf"(?<![没不未别])(?:卖|送|扔|丢|出|捐|退)(?:了|掉了?){_NO}{{0,4}}{{devices}}{_THING}",
        rf"(?:再也?|已经|早就?|现在|手上|手头){_NO}{{0,2}}(?:没有|不用){{devices}}{_THING}了", rf"{{devices}}{_THING}{_NO}{{0,4}}(?:已经|早就?|现在|都|也)+(?:没|不)(?:再)?(?:用|开|碰)了",
        each="devices", ends=True,
    ),
    *_p(
        "owns_device", "device_over.en@2",
        rf"{_DONE}\b(?:sold|donated|returned|traded(?: in)?|pawned|binned|tossed|scrapped|recycled|lost|flogged|ditched|got rid of|parted with|let go of|chucked|threw|smashed) {_OWN} {{devices}}\b",
        rf"{_DONE}\b(?:gave|given|passed|handed|traded|threw|donated|returned|tossed)(?: away| out| in| on| down| off| back| over) {_OWN} {{devices}}\b", rf"{_DONE}\b(?:gave|given|passed|handed|gifted) {_OWN} {{devices}} (?:away|on|to|down|over|back)\b",
        rf"{_DONE}\b(?:left|forgot) {_OWN} {{devices}} (?:in|on|at|behind in|behind on) (?:an?|the|my) (?:taxi|cab|uber|train|bus|tram|plane|ferry|metro|airport|hotel|station|tube)\b",
        rf"\b{_OWN} {{devices}} (?:(?:have|has|had|'s|{_ADV}) )*(?:was|were|got|is|are|has been|have been|went|ended up)? ?(?:(?:{_ADV}) )*(?:stolen|nicked|lost|sold|given away|dead|gone|broken|bricked|scrapped|recycled|history|beyond repair|toast|written off|died|drowned|packed in|in the bin|to (?:my|our|a|the) (?:{{relations}}|charity|landfill|tip|skip))\b",
        rf"\b(?:gave|given|passed|handed) (?:my|our|an?) {{relations}} {_OWN} {{devices}}\b", r"\bno (?:more |longer any )?{devices} (?:any ?more|any longer|now|at home|for me)\b",
        each="devices", ends=True,
    ),
]  # fmt: skip

ALLOWED = [
    *[
        one
        for field, stuff, verbs_zh, verbs_en in (
            ("avoids", _STUFF, "吃喝用碰闻沾", "eat|have|drink|use|cook with|put up with|order|buy"),
            ("avoids_material", "materials", "穿戴用盖", "wear|use|buy|sleep in"),
            ("dislikes", "foods tastes scents", "吃喝用闻", "eat|have|drink|use|order|buy|cook with"),
        )
        for one in (
            *_p(
                field, f"{field}_over.zh@2",
                rf"(?:现在|如今|最近|后来|这两年|今年|这阵子|居然|反而){_NO}{{0,4}}(?:每天|每周|每顿|天天|顿顿|经常|常常?|总|都|也|又|照|照样|开始)+(?:会|能|可以|敢)?(?:[{verbs_zh}])[^,，。!！?？不没;；\n]{{1,6}}",
                rf"(?<![不没])[^,，。!！?？不没;；\n]{{1,6}}的?(?:我)?(?:现在|如今|已经|又)?(?:也|又|都|照样|照)(?:能|可以|敢|会)?(?:[{verbs_zh}])(?:得了|了)",
                rf"{_NO}{{1,6}}(?:不用|不必|无需|不需要)(?:再|继续)+(?:戒|忌|避|躲|回避|控制|备注){_NO}{{0,3}}", rf"(?:不用|不必|无需|不需要)(?:再|继续)+(?:戒|忌|避开?|躲|回避|忌口)(?!了?$){_NO}{{1,6}}",
                rf"{_NO}{{1,6}}(?:的)?(?:禁令|禁忌|忌口|过敏|不耐受?)(?:已经|现在|都|也)*(?:解除|取消|没了|好了|消失|康复|痊愈)",
                each=stuff, ends=True,
            ),
            *_p(
                field, f"{field}_over.en@2",
                rf"\b(?:I|we) (?:do |can |could |now |actually |even |happily |gladly |finally |regularly |often )*(?:{verbs_en}) (?!no\b){_EN}{{2,22}} {_SOON}\b", rf"\b(?:these days|nowadays|now|lately) (?:I|we) (?:do |can |actually |even |happily |regularly )*(?:{verbs_en}) (?!no\b|less\b){_EN}{{2,22}}",
                rf"\b{_EN}{{2,20}} (?:is|are) (?:{_ADV} )*(?:allowed|permitted|ok|okay|fine|safe|welcome|back)(?: again| now| once more| on the menu| in my diet)+",
                rf"\bnot (?:{_ADV} )*(?:allergic|intolerant|sensitive) to {_EN}{{2,25}} (?:after all|any ?more|any longer)", rf"\b(?:allergy|intolerance|aversion) to {_EN}{{2,20}} (?:is|has) (?:{_ADV} )*(?:gone|over|cleared(?: up)?|disappeared|vanished|history)",
                each=stuff, ends=True,
            ),
        )
    ],
]  # fmt: skip

LAID_ASIDE = [
    *_p(
        "favourite_color", "color_over.zh@2",
        rf"{{colors}}(?!的?(?:茶|酒|咖)){_NO}{{0,5}}(?:不(?:再|太|怎么)?(?:适合|衬|显|配)我|看腻|看烦|穿腻|腻了|不爱|不想穿|不喜欢|驾驭不了|不穿)", rf"(?:告别|戒了?|不要再?给我|别再?(?:推|给我推荐?)){_NO}{{0,3}}{{colors}}",
        each="colors", ends=True,
    ),
    *_p(
        "favourite_color", "color_over.en@2",
        rf"\b{{colors}} (?:{_ADV} )*(?:isn't|is not|is no longer|doesn't|does not|no longer) (?:{_ADV} )*(?:my |for me|me\b|suits? me|appeals? to me|do it for me|flatters? me)",
        rf"\bI(?:'ve| have)? (?:{_ADV} )*(?:grown|gone|got|grew) (?:tired|sick|off|weary|bored)(?: of| with)? (?:wearing |all |the colou?r )?{{colors}}\b(?! (?:tea|coffee|wine))", rf"\b(?:stopped|quit|given up) (?:wearing|buying|choosing) {_EN}{{0,10}}{{colors}}\b",
        each="colors", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.zh@2",
        rf"{{hobbies}}{_KIT}{_NO}{{0,6}}(?:落灰|吃灰|生疏了|荒废|搁置|丢下|放下|彻底?放弃|早就?(?:不|没)|很久没|好久没|好几年没|停了|不碰了|退坑|没再|没时间|没空|不弹了|不跑了|不去了|不练了|不玩了)", rf"(?:退坑|不再|再也不|再也没|早就?不|很久没|好久没|好几年没|多年没){_NO}{{0,3}}{{hobbies}}{_KIT}",
        each="hobbies", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.zh@2",
        r"(?:膝盖|腰|年纪|身体|现在|老了|已经|实在|早就)[^。.!！?？;；\n]{0,10}(?P<v>跑不动|不跑了|爬不动|骑不动|不骑了|游不动|不游了|不钓了|不织了|不画了|跳不动|不跳了)", r"我(?:现在|已经|也|都)*(?P<v>跑不动|不跑了|爬不动|骑不动|不骑了|游不动|不游了|不钓了|不织了|不画了|跳不动|不跳了)",
        ends=True,
    ),
    *_p(
        "hobby", "hobby_over.en@2",
        rf"\b(?:haven't|have not|hasn't|didn't|did not) (?:{_ADV} )*(?:touched|picked up|played|gone|done|been|been to|opened|practi[cs]ed)(?: to| out)? (?:the |my |any |a )?{{hobbies}} (?:in|for|since)\b", r"\bmy {hobbies} days are (?:over|behind me|gone|done|long gone)\b",
        r"\b(?:too old|too busy|not fit enough) for {hobbies}\b", rf"\b(?:my|the) {{hobbies}} (?:phase|habit|hobby|bug|career) (?:is|has) (?:{_ADV} )*(?:over|passed|gone|ended|died)", rf"\b{{hobbies}} (?:isn't|is no longer|is not) (?:{_ADV} )*(?:for me|my thing|something I do|an option|possible)(?: any ?more| any longer)?",
        r"\b(?:hung up|put away|sold) my {hobbies} (?:shoes|boots|gear|rod|bike)\b",
        each="hobbies", ends=True,
    ),
    *_p(
        "buys_for", "gift_over.zh@2",
        rf"(?:不用|不必|不需要|不再|不会|没必要|不|别|再也不)(?:再)?(?:给|帮|替|为){_NO}{{0,3}}{{relations}}(?:再)?(?:们)?(?:带|送|准备|买|囤|寄|挑|选|添|订)", rf"(?:不用|不必|不|别|没必要|再也不)(?:再)?(?:送|买给|寄给){_NO}{{0,3}}{{relations}}{_NO}{{0,3}}了", rf"{{relations}}的?(?:那份|礼物|东西)?{_NO}{{0,3}}(?:不用|不必|不)(?:再)?(?:买|送|备|准备|寄)了",
        each="relations", ends=True,
    ),
    *_p(
        "buys_for", "gift_over.en@2",
        rf"\bno (?:more|longer any) (?:presents?|gifts?|shopping|buying|parcels|treats|orders)(?: {_EN}{{0,12}})? for (?:my|our|the)(?: ex-?)? ?{{relations}}\b",
        rf"\b(?:don't|do not|no longer|won't|needn't) (?:have to |need to |be )?(?:get|buy|buying|send|sending|order|shop|shopping)(?: {_EN}{{0,14}})? (?:for|to) (?:my|our|the)(?: ex-?)? ?{{relations}}(?: any ?more| any longer| now| again)", rf"\b(?:stopped|quit|done|finished) (?:getting|buying|sending|ordering|shopping)(?: {_EN}{{0,14}})? (?:for|to) (?:my|our|the)(?: ex-?)? ?{{relations}}\b",
        each="relations", ends=True,
    ),
]  # fmt: skip

_THEN_ZH = r"[^。.!！?？;；\n]{0,14}[,，。 ][^。.!！?？;；,，\n]{0,6}?(?:现在|如今|后来|最近|早就|今年|这两年|近来|去年起|生完孩子|受伤后?|不过|但|可)"
_STOP_ZH = r"(?:都|也|就|已经|基本|完全|再|又|早就|早|是|一直)*(?:不(?:去|练|玩|跑|学|做|弹|打|拍|爬|骑|喝|吃|穿|用|碰|闻|爱|喜欢|坚持|画|织|种|钓|游|跳)了|没(?:再)?(?:去|练|玩|跑|坚持|弹|碰|喝|吃|骑|爬|游|画)(?:了|过)?|停了|放弃了?|戒了|戒掉|坚持不下来|没兴趣了|腻了|荒废了)"
_THEN_EN = r"[^.!?;\n]{0,40}?(?:[,.;] ?|[ -]+)(?:(?:but|and|though|yet) )?"
_STOP_EN = r"(?:not (?:any ?more|any longer|now|these days|nowadays)|(?:I|we)(?:'ve| have)? (?:since |now |just |recently |finally |had to )*(?:stop|stopped|quit|gave (?:it|that|them) up|given (?:it|that|them) up|gave up|moved on|lost interest|dropped (?:it|that)|went off (?:it|them))|(?:I|we) (?:don't|do not|no longer|can't|cannot) (?:really |even )?(?:do it |go |play |like (?:it|them) |drink it |eat (?:it|them) |bother |have (?:one|it) )?(?:any ?more|any longer|now)|those days are (?:over|gone|behind me)|it's over now|never again)"

ELIDED = [
    one
    for field, stuff in (("hobby", "hobbies"), ("likes", "foods tastes scents"), ("favourite_color", "colors"))
    for one in (
        *_p(
            field, f"{field}_over.zh@3",
            "(?:" + "|".join(f"{{{name}}}" for name in stuff.split()) + ")" + _THEN_ZH + _STOP_ZH,
            each=stuff, ends=True,
        ),
        *_p(
            field, f"{field}_over.en@3",
            r"\b(?:used to|would|was (?:really |big |heavily )*into|I (?:loved|liked|did|played|went|enjoyed|drank|ate|wore)|my (?:old )?(?:hobby|favou?rite) was)[^.!?;\n]{0,20}\b(?:" + "|".join(f"{{{name}}}" for name in stuff.split()) + r")\b" + _THEN_EN + _STOP_EN,
            each=stuff, ends=True,
        ),
    )
]  # fmt: skip
"""What was done once, then, in the next clause, no more: "I used to play the guitar every night, but not any more"."""

_SWAP_ZH = r"(?:已经|都|也|全|现在|后来|最近|今年)*(?:被?(?:换|改|转)(?:成|为|到|去|做|玩|学|练|喝|吃|穿|用|投))"
SWAPPED = [
    one
    for field, stuff in (("hobby", "hobbies"), ("likes", "foods tastes"), ("owns_device", "devices"))
    for words in ["(?:" + "|".join(f"{{{name}}}" for name in stuff.split()) + ")"]
    for one in (
        *_p(
            field, f"{field}_over.zh@4",
            rf"(?:把|从|由)?(?:我的)?{words}(?:[,，]?{_NO}{{0,3}}){_SWAP_ZH}", rf"{words}{_NO}{{0,8}}[,，]?(?:我)?(?:就|都|也|已经|现在|最近|只好)*(?:换|改)了?(?:去|玩|练|喝|吃|做|学)?(?={words})", rf"(?:不|没(?:有)?)(?:再)?(?:去|玩|练|喝|吃|穿|用|跑|做|打|爬|学|骑)?{words}了?[,，]?{_NO}{{0,3}}{_SWAP_ZH}",
            each=stuff, ends=True,
        ),
        *_p(
            field, f"{field}_over.en@4",
            rf"{_DONE}\b(?:swapped|traded|exchanged|switched|ditched|dropped|replaced) (?:my |our |the |out )?(?:old )?{words} (?:for|with|in favou?r of)\b", rf"\b(?:switched|moved|changed|went|converted|graduated)(?: over)? from (?:my |the )?{words} to\b", rf"\b(?:instead of|rather than) (?:my (?:old |usual )?|the old ){words}\b",
            each=stuff, ends=True,
        ),
    )
]  # fmt: skip
"""One thing for another: 瑜伽改成跑步了, "switched from coffee to tea"."""

_FADED_ZH = r"(?:没(?:有)?(?:兴趣|热情|感觉|劲头?|动力|那股劲)了?|(?:兴趣|热情|新鲜劲儿?|热度|瘾)(?:就|也|都|早就?|已经|慢慢|渐渐)*(?:没|淡|过|退|散|消|凉)(?:了|去|掉|光)+|提不起(?:兴趣|劲)|三分钟热度|(?:已经|早就?|都|也)*(?:成|是|变成)了?(?:过去式?|历史|往事))"
_DROPPED_ZH = r"(?:没在|不怎么|很少|几乎不|基本不|没再|不再|早不|早就?不|再没|也没)(?:怎么|去|玩|练|碰|弹|跑|做|学|打)*"
_SHUT_ZH = r"(?:金盆洗手|封杆|封笔|封刀|收山|退役|退圈|退出|退坑|告一段落|画上?句号|拜拜|说再见)"
_FORBID_ZH = r"(?:医生|大夫|医嘱|教练|家里人?|老婆|老公|家人|膝盖|腰|身体)[^。.!！?？;；\n]{0,6}(?:不让|不许|不准|不允许|禁止|叫停|严禁|吃不消|扛不住|受不了)(?:我)?(?:再|继续)?(?:去|玩|练|做|弹)?"
_GEAR_ZH = r"(?:的?(?:装备|器材|行头|家伙什?|工具|家当|设备|琴|车|鞋|杆|垫|卡|会员|年卡|课|课程|班|票))"
_SOLD_ZH = r"(?:全|都|也|早就?|已经|统统|一起)*(?:卖|出|转|送|退|扔|注销|停|处理)(?:了|掉|光|给|人)+"
FADED = [
    *_p(
        "hobby", "hobby_over.zh@5",
        rf"(?:对)?{{hobbies}}(?:这[事件块个]|这玩意儿?|这个?爱好)?{_NO}{{0,6}}{_FADED_ZH}", rf"{_DROPPED_ZH}{{hobbies}}{_KIT}{_NO}{{0,2}}了",
        rf"{{hobbies}}{_KIT}(?:瘾|这[事件块个])?(?:我|已经|早就?|也|都|算是|彻底|终于|现在|总算|给|被)*戒(?:了|掉了?|断了?)", rf"(?<![没不未别想])(?:已经|早就?|彻底|终于|总算|把)?戒(?:了|掉了?|断了?){_NO}{{0,2}}?{{hobbies}}",
        rf"{{hobbies}}{_KIT}{_NO}{{0,6}}{_SHUT_ZH}", rf"(?:跟|和|从|与){{hobbies}}{_KIT}{_NO}{{0,5}}{_SHUT_ZH}", rf"{_FORBID_ZH}{{hobbies}}{_KIT}(?:了|,|，|。|$)",
        rf"(?:把|将){_NO}{{0,4}}{{hobbies}}{_NO}{{0,4}}(?:给)?(?:戒|停|丢|扔|放|撂|搁)(?:了|掉|下|一边)+", rf"{{hobbies}}{_KIT}{_NO}{{0,6}}(?:撂下了?|搁下了?|丢开|断了|中断了?|歇了|黄了|没坚持|坚持不了|半途而废)",
        each="hobbies", ends=True,
    ),
    *[
        one
        for field, words in (("hobby", "{hobbies}" + _KIT), ("likes", "(?:{foods}|{tastes}|{scents})"), ("favourite_color", "{colors}"))
        for one in _p(
            field, f"{field}_over.zh@6",
            rf"(?:^|[,，。!！;；\s]|我(?:的)?){words}{_NO}{{0,4}}[,，]{_NO}{{0,2}}?(?:我)?(?:早就?|已经|彻底|完全|终于|现在)*{_STOP_ZH}",
            each="hobbies" if field == "hobby" else "foods tastes scents" if field == "likes" else "colors", ends=True,
        )
    ],
    *_p(
        "hobby", "hobby_over.zh@5",
        rf"(?P<v>{{hobbies}}){_GEAR_ZH}{_NO}{{0,4}}{_SOLD_ZH}", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.en@5",
        rf"{_DONE}\b(?:sold|gave away|donated|got rid of|binned|flogged) (?:all )?(?:of )?my (?:old )?(?P<v>{{hobbies}}) (?:gear|kit|stuff|equipment|things|tools|supplies|bits)\b", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.en@5",
        rf"\b(?:I|we)(?:'ve| have)? (?:{_ADV} )*(?:lost interest in|lost my passion for|fallen out of love with|fell out of love with|gone off|went off|drifted away from|drifted from|retired from|bowed out of|packed in|jacked in|chucked in|walked away from|moved on from) (?:the |my )?{{hobbies}}\b(?! (?:shoes|boots|gear))",
        rf"\b(?:the )?{{hobbies}} (?:{_ADV} )*(?:fell by the wayside|went out of the window|lost its (?:charm|appeal|shine)|wore off|fizzled out|got boring|bores me|is behind me|came to an end|had to go)\b",
        rf"{_DONE}\b(?:cancelled|canceled|dropped|ended|let go of|didn't renew|quit) my {{hobbies}} (?:membership|pass|class|classes|lessons|course|club|subscription)\b",
        r"\b(?:doctor|physio|surgeon|consultant|knees?|back|hip)(?:'s| has| have)? (?:banned|forbidden|barred|stopped|put a stop to|put an end to|ruled out|told me to (?:stop|give up|quit))(?: me from| my)? (?:any more |all )?{hobbies}\b", r"\b(?:I|we) (?:hardly|rarely|barely|scarcely) (?:ever )?(?:go |do |play |get to go )?(?:the )?{hobbies} (?:any ?more|any longer|now|these days)\b",
        each="hobbies", ends=True,
    ),
]  # fmt: skip
"""What went quietly: named and laid down in the next clause; interest faded, gear sold, membership cancelled, a doctor's word."""

OVER = (*PARTED, *ALLOWED, *LAID_ASIDE, *ELIDED, *SWAPPED, *FADED)
