"""Sentences of our own with what they name, 40 a language: a look, not a measurement. `python benchmarks/entity_probes.py`

Written before the word lists were widened; what was then found wrong was mended in general, so the figure after is kind.
Kinds are written k:words, parted by |. Brands and products without a catalogue are asked for only where they are common names.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PROBES: dict[str, list[tuple[str, str]]] = {
    "zh": [
        ("给我老公买的深灰色羊毛围巾，他很喜欢", "person:老公|colour:深灰色|material:羊毛"),
        ("黑心商家，手机黑屏三次", ""),
        ("买的L码，偏大，换成M码刚好", "size:L码|size:M码"),
        ("上个周末在杭州门店买的，花了一百五十块钱", "date:上个周末|place:杭州|price:一百五十块钱"),
        ("苹果很甜，孩子爱吃", "person:孩子"),
        ("华为手机比苹果手机信号好", "brand:华为|brand:苹果"),
        ("送我妈的母亲节礼物，玫瑰金的", "person:我妈|date:母亲节|colour:玫瑰金"),
        ("这家公司服务太差", ""),
        ("寄到公司前台就行", "place:公司"),
        ("三天前下的单，还没发货", "date:三天前"),
        ("棉麻面料，浅蓝色，夏天穿舒服", "material:棉麻|colour:浅蓝色"),
        ("5号电池装不进去", ""),
        ("15号到的货，17号就坏了", "date:15号|date:17号"),
        ("原价1.2万，活动价9999元", "price:1.2万|price:9999元"),
        ("宝宝穿90码正好，纯棉的", "person:宝宝|size:90码|material:纯棉"),
        ("婆婆用了说好，又给公公买了一个", "person:婆婆|person:公公"),
        ("买了三块布，颜色是墨绿色", "colour:墨绿色"),
        ("快递放在菜鸟驿站了，小区门口", "place:菜鸟驿站"),
        ("小米粥很香", ""),
        ("小米的充电器，2米线，白色", "brand:小米|size:2米|colour:白色"),
        ("去年双十二买的羽绒服，90%白鸭绒", "date:去年|date:双十二|material:白鸭绒"),
        ("戴森吹风机，港币2500", "brand:戴森|price:港币2500"),
        ("帮同事带的，寄到江苏省苏州市", "person:同事|place:江苏省|place:苏州市"),
        ("屏幕6.5英寸，8GB内存，256G存储", "size:6.5英寸|size:8GB|size:256G"),
        ("2024年3月5日下单，3月8日签收", "date:2024年3月5日|date:3月8日"),
        ("女儿说颜色太土，想换藏青色", "person:女儿|colour:藏青色"),
        ("真皮的吗？还是PU皮？", "material:真皮|material:PU皮"),
        ("身高165穿38码鞋", "size:38码"),
        ("型号618的那款没货了", ""),
        ("618囤的，便宜了50", "date:618"),
        ("不锈钢的杯子，500毫升，给爸爸泡茶", "material:不锈钢|size:500毫升|person:爸爸"),
        ("打完折才¥89.9，真划算", "price:¥89.9"),
        ("元旦前能到成都吗", "date:元旦|place:成都"),
        ("网红款，红包领了没用上", ""),
        ("雙肩包是卡其色帆布的", "colour:卡其色|material:帆布"),
        ("阿迪的鞋，ａｄｉｄａｓ官网买的", "brand:阿迪|brand:ａｄｉｄａｓ"),
        ("上周五退的款，299块9", "date:上周五|price:299块9"),
        ("老妈嫌重，铝合金的也不轻", "person:老妈|material:铝合金"),
        ("索尼耳机戴着不夹头，男朋友天天戴", "brand:索尼|person:男朋友"),
        ("一斤装，一共两百来块", "size:一斤|price:两百来块"),
    ],
    "en": [
        ("Bought it for my 6-year-old son, size 10, in navy", "person:son|size:size 10|colour:navy"),
        ("My wife loves the rose gold one", "person:wife|colour:rose gold"),
        ("Paid 50€ for a leather wallet", "price:50€|material:leather"),
        ("It arrived 3 days ago from Germany", "date:3 days ago|place:Germany"),
        ("I gave it to my mom on Mother’s Day", "person:mom|date:Mother’s Day"),
        ("The apple juice was sour", ""),
        ("My Apple watch charger died", "brand:Apple"),
        ("Ordered on May 3, 2024 and got it on 5/12/2024", "date:May 3, 2024|date:5/12/2024"),
        ("32GB is too small, I need 128 GB", "size:32GB|size:128 GB"),
        ("The canvas bag is beige with brown straps", "material:canvas|colour:beige|colour:brown"),
        ("US$1,299 for a laptop is too much", "price:US$1,299"),
        ("Shipped to Los Angeles, California last Friday", "place:Los Angeles|place:California|date:last Friday"),
        ("A queen size blanket, 100% cotton", "size:queen size|material:cotton"),
        ("The 13-inch model in silver", "size:13-inch|colour:silver"),
        ("bone china mug, dishwasher safe", ""),
        ("Made in China, sold in the UK", "place:China|place:UK"),
        ("Got this as a gift for Dad, he wears a large", "person:Dad|size:large"),
        ("orange juice stains on the white carpet", "colour:white"),
        ("I may return it in March", "date:March"),
        ("The size 8 fits, the size 9 is loose", "size:size 8|size:size 9"),
        ("My Sony headphones broke two weeks ago", "brand:Sony|date:two weeks ago"),
        ("Spent twenty bucks on it", "price:twenty bucks"),
        ("Lost 10 pounds using this", ""),
        ("£25 including postage to Manchester", "price:£25|place:Manchester"),
        ("My kids play with it every day", "person:kids"),
        ("stainless steel bottle, 750 ml, matte black", "material:stainless steel|size:750 ml|colour:black"),
        ("burgundy velvet sofa", "colour:burgundy|material:velvet"),
        ("Bought my husband a pair for Christmas", "person:husband|date:Christmas"),
        ("they promised delivery by tomorrow", "date:tomorrow"),
        ("Huawei is cheaper than Samsung", "brand:Huawei|brand:Samsung"),
        ("the glass was half full of foam", "material:glass"),
        ("I wear a medium but the small fits", "size:medium|size:small"),
        ("Nike running shoes in teal, $89.99", "brand:Nike|colour:teal|price:$89.99"),
        ("for the office in Chicago", "place:Chicago"),
        ("3 ft cable is too short", "size:3 ft"),
        ("my grandmother's birthday is on the 21st of June", "date:21st of June"),
        ("down jacket filled with goose down", "material:goose down"),
        ("It cost 20 dollars last year, now it's 35 USD", "price:20 dollars|date:last year|price:35 USD"),
        ("The solid oak table with brass legs", "material:oak|material:brass"),
        ("Sent to 221B Baker Street, London", "place:London"),
    ],
}

FRESH: dict[str, list[tuple[str, str]]] = {
    "zh": [
        ("给外甥女挑的生日礼物，粉色小书包，79元包邮", "person:外甥女|colour:粉色|price:79元"),
        ("冬至前寄到了哈尔滨，保温效果一般", "date:冬至|place:哈尔滨"),
        ("孩子他爸穿XXL还紧", "person:他爸|size:XXL"),
        ("蓝牙连不上，红外也不灵", ""),
        ("退了绿的，留了黑的", "colour:绿|colour:黑"),
        ("飞利浦剃须刀，老爷子用着顺手", "brand:飞利浦|person:老爷子"),
        ("8月底买的，9月初就降到三百二了", "date:8月底|date:9月初|price:三百二"),
        ("羊皮手套，均码，女朋友戴着大", "material:羊皮|size:均码|person:女朋友"),
        ("深圳到西安只用了两天", "place:深圳|place:西安"),
        ("双肩包能装15.6寸笔记本", "size:15.6寸"),
        ("白等了一周，最后告诉我没货", ""),
        ("昨晚下单今早就到了，京东快", "date:昨晚|date:今早"),
    ],
    "en": [
        ("My mother-in-law adores the lavender scented one", "person:mother-in-law"),
        ("£12.50 for a plastic spoon, really?", "price:£12.50|material:plastic"),
        ("It shrank from a large to a small after one wash", "size:large|size:small"),
        ("Arrived in Boston on the 4th of July", "place:Boston|date:4th of July"),
        ("We use it at the office every Monday", "date:Monday"),
        ("Black Friday deal, 40% off", "date:Black Friday"),
        ("the grey wool rug, 5 x 8 feet", "colour:grey|material:wool|size:8 feet"),
        ("a present for our nephew's graduation", "person:nephew"),
        ("Dove soap smells clean", "brand:Dove"),
        ("I was blue for a week when it broke", ""),
        ("Panasonic batteries, four for 6 euros", "brand:Panasonic|price:6 euros"),
        ("Returned it last Tuesday, refund came in two days", "date:last Tuesday"),
    ],
}
"""Written after the lists were widened, before they were tried on them; nothing was changed for them."""


def wanted(marked: str) -> list[tuple[str, str]]:
    """(kind, words) of a line of marks."""
    return [tuple(one.split(":", 1)) for one in marked.split("|") if one]  # type: ignore[misc]


def main() -> None:
    """Print precision and recall by language, and with --show each sentence that was read otherwise."""
    from huaxiang.text.entities import EntityReader
    from huaxiang.text.entities_tiers import tagger

    parser = argparse.ArgumentParser(description="Entities of our own sentences.")
    parser.add_argument("--tier", default="fast", choices=("fast", "accurate"))
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    reader = EntityReader(None, tagger(args.tier))
    for name, rows in [*PROBES.items(), *((f"{language}, fresh", held) for language, held in FRESH.items())]:
        right = said = asked = titles = things = 0
        for (_, marked), found in zip(rows, reader.read([text for text, _ in rows]), strict=True):
            listed = [one for one in found if one.source == "pattern" and one.kind == "product"]  # not asked for here
            mine: Counter[tuple[str, str]] = Counter(
                (one.kind, one.text) for one in found if one.source != "tagger" and one not in listed
            )
            titles += sum(one.source == "tagger" for one in found)
            things += len(listed)
            truth = Counter(wanted(marked))
            right, said, asked = right + (mine & truth).total(), said + mine.total(), asked + truth.total()
            if args.show and mine != truth:
                print(f"  missed {dict(truth - mine)} wrong {dict(mine - truth)}")
            if args.show and listed:
                print("  goods", [one.text for one in listed])
            if args.show and any(one.source == "tagger" for one in found):
                print("  tagger", [(one.kind, one.text) for one in found if one.source == "tagger"])
        print(
            f"{name}, {args.tier}: {len(rows)} sentences, {asked} names, precision {right / said:.3f}, "
            f"recall {right / asked:.3f}; the tagger added {titles}, the list of goods {things}"
        )


if __name__ == "__main__":
    main()
