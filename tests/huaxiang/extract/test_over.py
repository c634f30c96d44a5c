"""What is over, what only nearly was, and words that only begin like a value."""

from __future__ import annotations

import pytest

from huaxiang.extract.rules import extract
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import load_pack

PACK = load_pack("retail")


def read(text):
    """(field, value, "ends" or "holds") of everything accepted about the customer."""
    source = Evidence(
        evidence_id="x1", customer_id="C1", kind="text", clean=text, speaker="customer", event_kind="message", occurred_at=1, language="und"
    )  # fmt: skip
    found = set()
    for one in extract(source, PACK, currency="CNY"):
        verdict = verify(one, source, PACK)
        if verdict.status == "accepted" and verdict.for_whom is None:
            found.add((one.name, verdict.value, "ends" if one.ends else "holds"))
    return found


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("仓鼠寿命短,上周埋在院子里了", "has_pet", "hamster"),
        ("鹦鹉早就给了隔壁邻居", "has_pet", "bird"),
        ("Both our rabbits didn't make it through the heat wave.", "has_pet", "rabbit"),
        ("We rehomed the parrot.", "has_pet", "bird"),
        ("相机被偷了", "owns_device", "dslr"),
        ("Kindle给我弟拿去了", "owns_device", "kindle"),
        ("I left my iPad on the train and never got it back.", "owns_device", "ipad"),
        ("Our laptop finally ended up in the bin.", "owns_device", "laptop"),
        ("I passed my Kindle on to my sister.", "owns_device", "kindle"),
        ("医生说不用再忌口牛奶", "avoids", "dairy"),
        ("The lab test says I'm not allergic to peanuts after all.", "avoids", "peanut"),
        ("I do wear wool after all", "avoids_material", "wool"),
        ("后来居然天天吃香菜", "dislikes", "cilantro"),
        ("These days I happily eat olives", "dislikes", "olives"),
        ("紫色已经不适合我了", "favourite_color", "purple"),
        ("Grey just isn't my colour any longer.", "favourite_color", "grey"),
        ("书法荒废好几年了", "hobby", "calligraphy"),
        ("以前每周都去爬山,现在不去了", "hobby", "hiking"),
        ("I used to play the guitar every night, but not any more", "hobby", "guitar"),
        ("My skiing days are over.", "hobby", "skiing"),
        ("膝盖不行,跑不动了", "hobby", "running"),
        ("咖啡换成绿茶了", "likes", "coffee"),
        ("I switched from coffee to tea", "likes", "coffee"),
        ("不用再给老师带东西了", "buys_for", "teacher"),
        ("No more presents for my boss, I've changed jobs.", "buys_for", "boss"),
    ],
)
def test_what_is_over_is_read_in_many_wordings(text, field, value):
    assert (field, value, "ends") in read(text)
    assert (field, value, "holds") not in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "猫没走丢,虚惊一场", "猫昨天差点走丢,还好找回来了", "本来想把Kindle卖了,还是舍不得", "我没把相机卖掉", "如果狗不在了我也不买了",
        "We nearly lost our cat but she came home.", "I was going to sell my Kindle but I couldn't part with it.", "I haven't sold my laptop",
        "I never sold my laptop", "The cat is gone for the weekend", "I left my laptop on the train once but got it back", "Is my laptop dead?",
        "My husband gave up coffee; I haven't.", "朋友的猫去世了,送她一个相框", "孩子现在又能喝牛奶了",
    ],
)  # fmt: skip
def test_what_only_nearly_ended_or_is_anothers_is_not_over(text):
    assert {one for one in read(text) if one[2] == "ends"} == set()


@pytest.mark.parametrize(
    "text",
    [
        "猫粮没了,再来一袋", "猫砂盆坏了送人了", "Kindle壳坏了,买个新的", "iPad的笔坏了", "瑜伽垫不用了,换个新的", "跑步鞋不穿了,底磨平了",
        "咖啡机现在可以用了", "We lost our dog's leash", "I lost my camera strap", "My laptop charger is dead", "My iPhone case got lost",
        "I can use alcohol wipes now", "My running shoes are gone", "I gave my dog a bath", "狗狗走了两公里路",
    ],
)  # fmt: skip
def test_the_first_part_of_another_things_name_is_not_the_thing(text):
    assert {one for one in read(text) if one[2] == "ends" and one[0] != "owns_device"} == set()
    assert not {("owns_device", name, "ends") for name in ("kindle", "ipad", "laptop", "dslr", "iphone")} & read(text)


def test_a_colour_named_after_a_drink_is_no_drink():
    assert read("我喜欢咖啡色") == {("favourite_color", "brown", "holds")}


def test_what_comes_after_changed_to_is_new_and_not_over():
    found = read("不去爬山改骑行了")
    assert ("hobby", "hiking", "ends") in found and ("hobby", "cycling", "ends") not in found
    assert ("owns_device", "android_phone", "ends") not in read("我的手机从iPhone换成安卓了")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("以前我是油皮,现在变成混合皮了", {("skin_type", "combination", "holds")}),
        ("一直以为自己是干皮,测了才知道我是敏感肌", {("skin_type", "sensitive", "holds")}),
        ("我从干皮变成油皮了", {("skin_type", "oily", "holds")}),
        ("I thought I was oily but my skin is dry", {("skin_type", "dry", "holds")}),
        ("My skin went from oily to dry", {("skin_type", "dry", "holds")}),
        ("My skin is dry and sensitive", {("skin_type", "dry_sensitive", "holds")}),
    ],
)
def test_of_two_values_in_one_text_the_one_of_now_holds(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "这次麻烦电话联系", "请电话联系快递员催一下", "打电话联系你们一直没人接", "以后微信支付有优惠吗", "麻烦手机壳换个颜色", "如果我没接电话就发短信吧",
        "客服让我用微信联系", "有事打电话给我老婆", "Please text me this time", "Please call my husband", "My phone works fine now", "I couldn't reach you by phone",
    ],
)  # fmt: skip
def test_a_wish_for_once_or_about_somebody_else_is_no_preference(text):
    assert "prefers_contact" not in {one[0] for one in read(text)}


def test_lasting_wishes_are_still_read():
    assert read("以后麻烦短信通知我") == {("prefers_contact", "sms", "holds")}
    assert read("Please email me from now on") == {("prefers_contact", "email", "holds")}


def test_a_verb_tells_the_hobby():
    assert read("I run every morning") == {("hobby", "running", "holds")}
    assert read("I don't run anymore") == {("hobby", "running", "ends")}
