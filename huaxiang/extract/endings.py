"""Patterns for what is over: the dog that died, the phone that was sold, the allergy that went away. See `patterns`.

A finding here ends what was said before of the same value; it never asserts anything itself. "I gave up coffee" is no
ending but a statement of its own (avoids coffee), which ends the liking by opposition.
"""

from __future__ import annotations

from huaxiang.extract.over import OVER
from huaxiang.extract.pattern import patterns as _p

_NO = r"[^,，。!！?？;；()（）\n]"
_MORE = r"(?:anymore|any more|any longer|these days|now|at all)"
_NOT = r"(?:don't|do not|doesn't|didn't|no longer|never)"
_STUFF = "ingredients scents foods tastes"
_FOOD = r"(?:{foods}|{ingredients}|{tastes}|{scents})"
_GONE_ZH = r"(?<![没不未别])(?:转手|摔坏|吃灰了|卖了|卖掉了?|出了|出掉了?|转了|转手了?|转让|坏了|坏掉|报废|丢了|弄丢|送人|送给|送了|不用了|不在用|淘汰了?|换掉了?|退役|闲置)"
_LEFT_ZH = r"(?<![没不未别])(?:送给|送到|送去|飞走|跑了(?!\d|[一两几半]|步|圈|过|出|进|来|趟|会)|不在了|安乐死|走了(?!\d|[一两几半]|路|过|出|进|来|趟|会|圈)|去世|过世|没了|死了|病死|老死|送人|送走|送养|走丢|跑丢|丢了|去了?[喵汪]星|回了?[喵汪]星|离开了?我们)"

BELONGINGS = [
    *_p(
        "has_pet", "pet_over.zh@1",
        rf"{{pets}}{_NO}{{0,6}}{_LEFT_ZH}",
        rf"(?:不|没|没有|不再)(?:再)?养{_NO}{{0,3}}{{pets}}{_NO}{{0,3}}了?", r"{pets}(?:我|我们|家里)?(?:已经|早就|早|都|也)?(?:不养|没养)了?",
        rf"(?:家里|我家|我们家|现在){_NO}{{0,4}}没(?:有)?{{pets}}了",
        rf"{{pets}}{_NO}{{0,10}}(?:送给|送到|送去){_NO}{{0,8}}(?:养|了)",
        each="pets", ends=True,
    ),
    *_p(
        "has_pet", "pet_over.en@1",
        r"\b(?:I|we)(?:'ve| have)? (?:just |recently |sadly |finally )*(?:lost|buried|rehomed|re-homed|surrendered) (?:my|our|the)(?: [a-z-]+){0,2} {pets}\b",
        r"\b(?:had to|have to|have) (?:to )?put (?:my|our|the)(?: [a-z-]+)? {pets} (?:down|to sleep)", r"\bno more {pets} (?:for (?:me|us)|here|in the house|at home)",
        r"\b(?:had to|have to) (?:rehome|put down|say goodbye to) (?:my|our|the)(?: [a-z-]+){0,2} {pets}\b",
        r"\b(?:my|our)(?: [a-z-]+){0,2} {pets} (?:has |have |had |sadly |recently |just |unfortunately |finally )*(?:died|passed(?: away)?|is gone(?! (?:for|to|until|till))|are gone(?! (?:for|to|until|till))|is no longer with us|ran away|went missing|crossed the rainbow bridge|moved out)",
        rf"\b(?:I|we) (?:no longer|don't|do not) (?:have|keep|own|care for) (?:an?|the|any|my|our)?(?: [a-z-]+)? ?{{pets}}(?: {_MORE})?",
        r"\b(?:I|we) (?:gave|have given|'ve given) (?:away (?:my|our|the)(?: [a-z-]+)? {pets}|(?:my|our|the)(?: [a-z-]+)? {pets} (?:away|up))", r"\bg(?:ave|iven|iving) up (?:on )?(?:our |my |keeping )?{pets}\b",
        each="pets", ends=True,
    ),
    *_p(
        "owns_device", "device_over.zh@1",
        rf"{{devices}}{_NO}{{0,8}}{_GONE_ZH}", rf"(?:不|没|不再)(?:再)?用{{devices}}{_NO}{{0,3}}了?", rf"(?:卖了|卖掉|出掉|扔了|淘汰了?){_NO}{{0,6}}{{devices}}",
        rf"{{devices}}给(?:我|了){_NO}{{0,3}}了",
        rf"从{{devices}}(?:换|升级|转){_NO}{{0,10}}", rf"(?:安卓|苹果|旧|老|原来|之前){_NO}{{0,6}}(?:那个|那台|那部)(?:也|已经|早就)?{_GONE_ZH}",
        each="devices", ends=True,
    ),
    *_p(
        "owns_device", "device_over.en@1",
        r"\b(?:sold|got rid of|gave away|traded in|traded|swapped|replaced|parted with|gave up|ditched|donated|binned|tossed|returned|retired|lost|broke) (?:my|our|the)(?: [a-z0-9-]+){0,2} {devices}\b",
        r"\b(?:my|our)(?: [a-z0-9-]+){0,2} {devices} (?:has |have |had |finally |just |recently |sadly )*(?:died|broke(?:n)?(?: down)?|bit the dust|gave out|packed up|packed it in|conked out|stopped working|gave up|is dead|is gone|is broken|got stolen|was stolen|went)\b",
        rf"\b(?:I|we) (?:no longer|don't|do not) (?:have|own|use) (?:an?|the|any|my|our) ?(?:[a-z0-9-]+ )?{{devices}}(?: {_MORE})?",
        r"\b(?:switched|moved|upgraded|changed) (?:over )?from (?:an?|my|the) (?:old )?{devices}\b",
        each="devices", ends=True,
    ),
]  # fmt: skip

AVERSIONS = [
    *_p(
        "avoids", "avoids_over.zh@1",
        rf"(?:对)?{_NO}{{1,10}}(?:已经|现在|早就)?不(?:再)?过敏了?", rf"{_NO}{{1,8}}(?:现在|已经|又)?(?:可以|能)(?:再)?(?:吃|喝|用|碰|闻)了",
        rf"(?:现在|又|已经|终于|重新)(?:可以|能)(?:正常|放心)?(?:吃|喝|用|碰|闻){_NO}{{1,8}}了?", rf"{_NO}{{1,8}}(?:不用|不需要|无需|不必)(?:再)?(?:忌口|忌|避开|回避|避)了?",
        rf"{_NO}{{1,8}}(?:没事|没问题|不要紧|无所谓)(?:的|了)?", rf"对?{_NO}{{1,6}}的?过敏(?:已经|都|也)?(?:好了|没了|消失|治好)", rf"{_NO}{{1,6}}(?:现在|已经)?(?:不(?:再)?敏感|能接受|可以接受|耐受)了", rf"{_NO}{{1,6}}(?:现在|已经|又)(?:可以|能)(?:吃|喝|用|碰|闻)",
        rf"(?:又|重新|恢复|开始)(?:吃|喝|用){_NO}{{1,6}}了",
        each=_STUFF, ends=True,
    ),
    *_p(
        "avoids", "avoids_over.en@1",
        r"\bI(?:'m| am) (?:no longer|not) (?:allergic|sensitive|intolerant) to [^.,;!?\n]{2,30}",
        r"\b(?:I|we) can (?:now )?(?:finally )?(?:eat|have|drink|use|enjoy|do|handle|tolerate) [^.,;!?\n]{2,25} (?:again|now|these days)\b", r"\b(?:I|we) can (?:now|finally) (?:eat|have|drink|use|enjoy|handle|tolerate) [^.,;!?\n]{2,25}",
        rf"\bI(?:'m| am) (?:totally |perfectly |now |actually |absolutely )*(?:fine|okay|ok|good) with {_FOOD}(?: now| again| these days)?",
        rf"\b{_FOOD} (?:is|are) (?:totally |perfectly |now )*(?:fine|okay|ok|back on the menu|no problem)(?: now| again| for me| with me| these days)*",
        rf"\b{_FOOD} (?:doesn't|don't|no longer|does not|do not) (?:bother|bothers|upset|upsets|affect|affects|trouble) me(?: {_MORE})?", r"\b(?:outgrew|outgrown|got over|over) (?:my|the) {ingredients} (?:allergy|intolerance)\b",
        r"\bmy {ingredients} (?:allergy|intolerance|sensitivity) (?:is|has) (?:gone|over|cleared|cleared up|gone away|history|a thing of the past)", rf"\b{_FOOD} (?:is|are) (?:no longer|not) (?:a |an )?(?:problem|issue|trouble|off limits|off the table)(?: for me)?(?: {_MORE})?",
        r"\bI(?:'ve| have)? (?:started|gone back to|am back to|went back to|resumed) (?:eating|drinking|having|using) [^.,;!?\n]{2,20}(?: again)?", r"\bI(?:'m| am) back (?:on|to) {foods}",
        rf"\bI (?:don't|do not|no longer|needn't) (?:have to |need to )?(?:avoid|steer clear of|mind) [^.,;!?\n]{{2,25}}(?: {_MORE})?",
        each=_STUFF, ends=True,
    ),
    *_p(
        "avoids_material", "material_over.zh@1",
        rf"{_NO}{{1,10}}(?:现在|已经|又)?(?:可以|能|敢)(?:再)?(?:穿|戴|用|碰)了", rf"(?:现在|又|已经|终于)(?:可以|能|敢)(?:穿|戴|用|碰){_NO}{{1,8}}了?",
        rf"{_NO}{{1,8}}(?:现在|已经)?(?:不扎了|不排斥了?|不介意了?|不过敏了?|不抵触了?|没问题了|不刺痒了?)", rf"不(?:再)?(?:排斥|介意|抵触|讨厌){_NO}{{1,8}}了",
        rf"{{materials}}{_NO}{{0,8}}(?:不痒|不扎|没过敏|没起疹|不起疹|能接受|可以接受)", rf"{_NO}{{1,6}}(?:现在|已经)?(?:能接受|可以接受|能穿|可以穿)了?",
        each="materials", ends=True,
    ),
    *_p(
        "avoids_material", "material_over.en@1",
        r"\bI(?:'m| am) (?:no longer|not) (?:allergic|sensitive) to [^.,;!?\n]{2,30}", r"\bI can (?:now |finally )?(?:wear|use|handle|tolerate|do) [^.,;!?\n]{2,25} (?:again|now|these days)\b", r"\bI can (?:now|finally) (?:wear|use|handle|tolerate) [^.,;!?\n]{2,25}",
        rf"\bI (?:don't|do not|no longer) (?:mind|avoid|hate) [^.,;!?\n]{{2,25}}(?: {_MORE})?", rf"\b{{materials}} (?:doesn't|no longer|does not) (?:bother|bothers|itch|itches|irritate|irritates)(?: me)?(?: {_MORE})?",
        r"\bI(?:'m| am) (?:totally |perfectly |now |actually )*(?:fine|okay|ok|good) with {materials}(?: now| again| these days)?", r"\b{materials} is (?:totally |perfectly |now )*(?:fine|okay|ok)(?: now| again| for me| with me)*",
        each="materials", ends=True,
    ),
    *_p(
        "dislikes", "dislikes_over.zh@1",
        rf"{_NO}{{1,6}}(?:现在|已经|也)*(?:能接受|可以接受|吃得惯|喝得惯|习惯|吃得下)了?",
        rf"(?:我)?(?:现在|已经)?不(?:再)?(?:讨厌|反感|排斥){_NO}{{1,8}}了?", rf"{_NO}{{1,8}}(?:也)?(?:没|不)(?:那么|这么|再)?(?:讨厌|反感|难接受|排斥)了",
        each="foods tastes scents", ends=True,
    ),
    *_p(
        "dislikes", "dislikes_over.en@1",
        rf"\bI (?:don't|do not|no longer) (?:mind|hate|dislike) [^.,;!?\n]{{2,25}} {_MORE}", r"\bI no longer (?:mind|hate|dislike) [^.,;!?\n]{2,25}",
        each="foods tastes scents", ends=True,
    ),
]  # fmt: skip

TASTES_OVER = [
    *_p(
        "likes", "likes_over.zh@1",
        rf"{_NO}{{1,8}}我?(?:已经|现在|最近|都|也)*(?:[吃喝闻用]|吃的|喝的)?(?:腻|够|厌|烦)了", rf"{_NO}{{1,6}}(?:已经|现在|也|都)*(?:不想|不爱|懒得)(?:再)?(?:吃|喝|买|碰)了", rf"(?:不再|不怎么|不太|没那么|没以前那么)(?:喜欢|爱)[吃喝闻]?{_NO}{{1,8}}了?", rf"(?:对)?{_NO}{{1,8}}(?:没兴趣|无感|没感觉)了",
        each="foods tastes scents", ends=True,
    ),
    *_p(
        "likes", "likes_over.en@1",
        r"\bI(?:'m| am) (?:so |completely |totally |kind of )?(?:over|sick of|tired of|bored of|bored with|done with|fed up with) (?:the )?[^.,;!?\n]{2,20}", r"\bI(?:'ve| have) (?:had enough of|had my fill of|gone off|lost interest in|lost my taste for) [^.,;!?\n]{2,20}",
        rf"\bI (?:don't|do not|no longer) (?:really |even )?(?:like|love|enjoy|crave|drink|eat|care for|want) [^.,;!?\n]{{2,22}}(?: {_MORE})?",
        each="foods tastes scents", ends=True,
    ),
    *_p(
        "favourite_color", "color_over.zh@1",
        rf"(?:不再|不|不怎么|没那么|不太)(?:再)?(?:喜欢|爱|钟情|待见){{colors}}{_NO}{{0,3}}了?", rf"{{colors}}[,，]?{_NO}{{0,3}}(?:腻|够|烦|厌)了", r"{colors}我?(?:现在|已经|也|都)*(?:不怎么|不太|很少|不再|没怎么)(?:穿|买|喜欢|碰)了", r"对{colors}(?:已经|现在|也|都)*(?:没感觉|无感|没兴趣)了?", rf"{{colors}}{_NO}{{0,8}}(?:不要了|不穿了|不买了|不喜欢了?|不爱了|过时了)",
        each="colors", ends=True,
    ),
    *_p(
        "favourite_color", "color_over.en@1",
        r"\bI(?:'m| am) (?:so |completely |totally |kind of )?(?:over|sick of|tired of|bored of|bored with|done with|fed up with) (?:wearing |the colou?r |everything |all )?{colors}\b", r"\bI(?:'ve| have) (?:had enough of|gone off|had it with) (?:wearing |the colou?r |all )?(?:this |the )?{colors}\b",
        rf"\bI (?:don't|do not|no longer|can't) (?:really |even )?(?:like|love|wear|care for|want|enjoy|stand) (?:wearing |the colou?r |anything )?{{colors}}\b(?! (?:tea|coffee|wine|chocolate))[^.,;!?\n]{{0,12}}(?: {_MORE})?",
        r"\b{colors} (?:isn't|is not|is no longer|was) (?:really )?(?:my (?:favou?rite|colou?r|thing)|me|for me)\b", r"\b(?:moved on from|done with|finished with|tired of|bored of|no more) (?:wearing |all )?{colors}\b(?! (?:tea|coffee|wine|chocolate))", r"\b(?:used to (?:love|like|adore|wear)) (?:wearing |all )?{colors}\b(?! (?:tea|coffee|wine|chocolate))",
        each="colors", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.zh@1",
        rf"(?:不|没|没法|不能|没时间|没空|没精力)(?:再|去|怎么)*{{hobbies}}{_NO}{{0,6}}(?:了|好几年|很久)", rf"{{hobbies}}{_NO}{{0,8}}(?:不(?:练|去|玩|弹|拍|跑|做|学|打|上|报|坚持)了|停掉|戒了|停了|放弃了?|搁下了?|荒废了?|坚持不下来)",
        rf"戒(?:了|掉)?{_NO}{{0,2}}(?:{{hobbies}})", r"(?:放弃|告别)了?{hobbies}",
        each="hobbies", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.en@1",
        rf"\b(?:I|we) (?:don't|do not|no longer|can't|cannot) (?:really |even |go |do |play |get to )*(?:the )?{{hobbies}}(?: {_MORE})", r"\b(?:I|we) no longer (?:really |even |go |do |play )*(?:the )?{hobbies}",
        r"\b(?:quit|gave up|given up|give up|giving up|had to stop|stopped|dropped|retired from|done with|packed in) (?:on |doing |going |playing |the )*{hobbies}\b", r"\b(?:haven't|have not) (?:been|gone|done|played) (?:the )?{hobbies} (?:in|for) (?:a |many |several |over )?[^.,;!?\n]{0,12}(?:years?|months?|ages)\b",
        r"\bno (?:more )?(?:time for )?{hobbies} (?:for me|anymore|any more|these days)\b", r"\b{hobbies} (?:is|are) (?:off the table|a thing of the past|history)(?: for me)?\b",
        each="hobbies", ends=True,
    ),
    *_p(
        "hobby", "hobby_over.en@1",
        rf"\b(?:I|we) (?:don't|do not|can't|cannot) (?P<v>hike|run|bike|cycle|climb|fish|knit|crochet|bake|garden|swim|camp|paint|ski|dance) {_MORE}", r"\b(?:I|we) no longer (?P<v>hike|run|bike|cycle|climb|fish|knit|crochet|bake|garden|swim|camp|paint|ski|dance)\b",
        ends=True,
    ),
]  # fmt: skip

GIFTS_OVER = [
    *_p(
        "buys_for", "gift_over.zh@1",
        rf"(?:不|别|不用|不会|不再)(?:再|用)?(?:给|帮|替){_NO}{{0,3}}{{relations}}(?:再)?(?:买|挑|选|寄){_NO}{{0,4}}了?",
        each="relations", ends=True,
    ),
    *_p(
        "buys_for", "gift_over.en@1",
        r"\b(?:won't be|not|no longer|don't|stopped|stop|done|never) (?:buy|buying|shop|shopping|order|ordering) (?:[a-z]+ )?(?:for )?(?:my|our|the)(?: ex-?)? ?{relations}(?: any ?more| any longer| again)?",
        each="relations", ends=True,
    ),
]  # fmt: skip

ENDINGS = (*BELONGINGS, *AVERSIONS, *TASTES_OVER, *GIFTS_OVER, *OVER)
