"""Questions about records and people in many wordings, zh and en, over the sample shop: (turns …, what the answer must hold)."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.runtime import Runtime
from huaxiang.models.encoder import HashEncoder

_THREADS = itertools.count()


@pytest.fixture(scope="module")
def desk(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    folder = tmp_path_factory.mktemp("desk") / "sample"
    shutil.copytree(sample_folder, folder)
    opened = Runtime.open(folder, overrides={"llm.kind": "none"})
    opened.index.use(HashEncoder())
    yield opened
    opened.close()


def failures(desk: Runtime, table: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[str]:
    """The questions whose answers lack something; what starts with `!` must be absent."""
    found = []
    for turns, wanted in table:
        thread = f"t{next(_THREADS)}"
        answer = [desk.answer(one, thread_id=thread) for one in turns][-1].answer
        missing = [one for one in wanted if (one[1:] in answer if one.startswith("!") else one not in answer)]
        if missing:
            found.append(f"{turns[-1]} lacks {missing}: {answer[:160]}")
    return found


def test_days_between_two_things_that_a_question_names(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("how many days between Grace Lindqvist returning the red shell jacket and ordering the navy one?",), ("18 days",)),
            (("Grace Lindqvist 退了红色冲锋衣之后隔了多少天才买藏青的",), ("18 天",)),
            (("Grace Lindqvist: days between sending back the red shell jacket and buying the navy shell jacket",), ("18 days",)),
            (("how many days passed from Nathan Wu ordering the lamp to him saying he's done with us",), ("52 days",)),
            (("Nathan Wu从下单台灯到说再也不来了,中间过了几天",), ("52 天",)),
            (("how long after joining did Nathan Wu place his first order",), ("7 days",)),
            (("Nathan Wu注册之后多久才下第一单",), ("7 天",)),
            (("Eleanor Pryce ordered the latex pillow and how many days later did she return it",), ("14 days",)),
            (("Eleanor Pryce 的乳胶枕从下单到退货隔了几天",), ("14 天",)),
            (("陈志远N7那个续航工单,从他报到我们结掉隔了几天?",), ("11 天",)),
            (("徐峰第一双低帮徒步鞋从下单到发差评,中间隔了几天",), ("32 天",)),
        ],
    )  # fmt: skip


def test_what_is_bought_again_and_again_is_the_item_in_the_most_orders(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("马小雨回购次数最多的是哪款",), ("神经酰胺面霜",)),
            (("马小雨一直回购的是什么",), ("神经酰胺面霜",)),
            (("马小雨反复买的是哪样东西",), ("神经酰胺面霜",)),
            (("Alex Morgan in San Diego keeps reordering one cream, which is it and how many so far",), ("Ceramide", "5")),
            (("what does Megan Whitfield reorder most often?",), ("Dog Food",)),
            (("which product does Megan Whitfield keep buying?",), ("Dog Food",)),
        ],
    )  # fmt: skip


def test_sums_and_counts_of_a_brand_or_of_a_thing_by_its_short_name(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("高建国2025年买木马谷的东西一共多少钱",), ("154",)),
            (("2025 total that 高建国 spent on Rocking Horse stuff",), ("154",)),
            (("郑凯黑T一共买过多少件",), ("8 件",)),
            (("how many black tees has 郑凯 bought in total?",), ("8 items",)),
        ],
    )  # fmt: skip


def test_lists_of_customers_by_what_their_records_show_or_lack(desk: Runtime) -> None:
    quiet = ("C007", "C024", "C117", "!C015")
    assert not failures(
        desk,
        [
            (("有没有客户人民币和美元都付过的,是谁",), ("C012", "C113", "!C104")),
            (("anyone who paid us in both dollars and yuan?",), ("C012", "C113", "!C104")),
            (("哪些顾客用过两种货币付款",), ("C012", "C113")),
            (("customers that have paid in more than one currency",), ("C012", "C113")),
            (("下过单但已经一年多没再买的客户,列一下",), quiet),
            (("哪些老客户超过一年没下单了",), quiet),
            (("who hasn't ordered in over a year?",), quiet),
            (("which customers bought before but nothing in the last year",), quiet),
            (("哪些客户半年没下单了",), ("C007", "C015", "C024", "C117")),
            (("哪些客户只买过一次",), ("C008", "C024", "C119", "!C001")),
            (("which customers only ordered once",), ("C008", "C024", "C119", "!C001")),
            (("which customers never ordered anything",), ("C009", "C014", "C108", "C112", "!C001")),
        ],
    )


def test_who_had_which_trouble_with_an_item_over_reviews_returns_and_tickets(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("Air 2左耳断连 都谁碰到过",), ("C012", "C114", "!C102")),
            (("青瓷茶具到货杯子有破的,是哪些客户反映的",), ("C007", "C118", "!C013")),
            (("谁嫌20000毫安那块充电宝太重",), ("C004",)),
            (("充电宝鼓包那个投诉是谁提的,结了没",), ("C006", "未解决")),
        ],
    )


def test_the_faults_of_an_item_are_read_from_texts_and_not_from_sales(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("Air 2这耳机客户反映最多的毛病是啥",), ("左耳",)),
            (("10000毫安超薄那款充电宝客户都反映过什么毛病",), ("鼓包",)),
            (("what bad things are customers saying about the Daily Nuts",), ("C120", "C002")),
            (("SPF50防晒有啥负面反馈,评论和退货里都算上",), ("泛红", "White cast")),
            (("白色骑行头盔,买的人都挑了哪些小毛病",), ("旋钮",)),
            (("most common complaint about the two-person tent?",), ("Zipper",)),
        ],
    )


def test_a_question_among_the_people_of_the_last_answer_ranks_only_them(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("who bought the N7 headphones", "which of them spent most"), ("C022", "C114", "Of these 3")),
            (("谁买过帐篷", "他们中谁花得最多"), ("C012", "上面 2 位")),
            (("谁买过帐篷", "其中谁下单最多"), ("上面 2 位",)),
            (("which customers returned the down jacket?", "who of them ordered most often?"), ("C107", "Of these 2")),
        ],
    )  # fmt: skip


def test_a_follow_up_keeps_the_thing_that_the_last_turn_was_about(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("how many returns has Grace Lindqvist made", "and Linda Park?", "why did she send it back?"), ("cat hair",)),
            (("did Eleanor Pryce return her latex pillow?", "what did she buy in its place?"), ("Buckwheat",)),
            (("why did Linda Park send the bedding back in nov 2025", "what did she go for instead?"), ("cream",)),
            (("Eleanor Pryce先后买过哪两种枕头", "头一个为啥不要了"), ("latex odour",)),
            (("what was the last thing Dale Hutchins ordered?", "and whats his problem with it"), ("whistles",)),
            (("高建国给孙子买的雨衣多大的", "那他自己的毛毡拖鞋呢"), ("43",)),
        ],
    )  # fmt: skip


def test_asking_why_somebody_changed_a_rating_is_no_order_to_change_it(desk: Runtime) -> None:
    answer = desk.answer("N7一开始才给3星,陈志远后面怎么又改成5星了")
    assert answer.reason is None
    assert "换新" in answer.answer
    assert desk.answer("给李静改成5星").reason == "out_of_scope"


def test_two_things_or_spans_side_by_side_with_their_difference_and_sum(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("郑凯的白T和黑T哪个颜色买的件数多,多多少",), ("黑色 8 件", "多 3 件")),
            (("did 郑凯 buy more white tees or black tees",), ("8 pieces", "by 3")),
            (("刘大海两次双十一加起来一共付了多少钱",), ("合计 665.00",)),
            (("how much did 刘大海 pay on both Double 11s together",), ("665.00 CNY in all",)),
            (("林子轩24年和25年人民币消费各多少,涨了还是跌了",), ("3535", "1744", "减少")),
            (("林子轩 spend in CNY, 2024 and 2025 combined?",), ("3535", "1744", "5279")),
        ],
    )  # fmt: skip


def test_two_customers_are_compared_by_figures_or_by_what_each_said(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("高建国 or 陈致远 (the Fuzhou one), whos the bigger spender",), ("1730", "1301")),
            (("高建国和福州的陈致远谁花得多",), ("1730", "1301", "更多的是陈致远")),
            (("罗一鸣和徐峰 谁下单多",), ("罗一鸣（C021） 6", "徐峰（C015） 5")),
            (("who joined earlier, Nathan Wu or Linda Park?",), ("earlier: Linda Park",)),
            (("Marcus Bell's N7 battery hours vs what 陈志远 got from his first N7 - who did better",), ("31", "22")),
        ],
    )


def test_why_a_full_cart_was_never_ordered_is_told_in_the_customers_words(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("Yuki Tanabe加购好几次老不下单,卡在哪",), ("shipping",)),
            (("why does Yuki Tanabe keep adding to cart and never ordering",), ("shipping",)),
            (("Yuki Tanabe加购了几次",), ("加购记录有 3 条", "!cart")),
            (("how many times has Yuki Tanabe put things in the cart",), ("3 carts",)),
        ],
    )


def test_who_has_a_thing_counts_those_whose_texts_say_it_and_no_profile_holds(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("咱客户里自己家养狗的都有哪些",), ("C003", "C013", "C101", "!C023")),
            (("which customers have a dog of their own",), ("C003", "C013", "C101", "!C023")),
            (("哪几位是穿43码鞋的",), ("C012", "C017", "C021")),
        ],
    )


def test_what_a_customer_avoids_keeps_an_item_from_being_offered_and_the_reason_is_told(desk: Runtime) -> None:
    assert not failures(
        desk,
        [
            (("蜂蜜润唇膏能推给Tamsin Oyelaran不 为啥",), ("不宜", "beeswax")),
            (("can Tamsin Oyelaran have the honey lip balm, and if not why",), ("Better not offer", "beeswax")),
            (("李静能不能穿美丽诺羊毛打底衫",), ("不宜", "羊毛")),
            (("is the merino base layer ok for Megan Whitfield?",), ("Better not offer", "wool")),
            (("马小雨的面霜快用完了还想囤,闻不了香精那个,给她推哪款面霜",), ("神经酰胺", "!玫瑰")),
            (
                ("Tamsin Oyelaran needs shoes for the summer, she doesnt wear anything animal. what have we got",),
                ("Running Shoes", "!Low Hiking Shoes", "!Boots", "!Felt Slippers"),
            ),
        ],
    )
