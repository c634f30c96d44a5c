"""How people put it when they do not say "I like": sentences of ours, none of them from a data set."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("reads", Path(__file__).with_name("test_over.py"))
assert _SPEC and _SPEC.loader
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
read = _MODULE.read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I love my morning coffee", ("likes", "coffee")),
        ("Green tea is my weakness", ("likes", "green_tea")),
        ("I can't get enough of matcha", ("likes", "matcha")),
        ("I've got a soft spot for dark chocolate", ("likes", "dark_chocolate")),
        ("I'm more of a tea person", ("likes", "tea")),
        ("As a coffee snob I approve", ("likes", "coffee")),
        ("Three cups of oolong a day keep me going", ("likes", "oolong")),
        ("奶茶是我的命", ("likes", "milk_tea")),
        ("我对抹茶没有抵抗力", ("likes", "matcha")),
        ("Never been a fan of cilantro", ("dislikes", "cilantro")),
        ("Durian isn't my thing", ("dislikes", "durian")),
        ("The smell of sandalwood puts me off", ("dislikes", "sandalwood")),
        ("Cilantro tastes like soap", ("dislikes", "cilantro")),
        ("I'm not really into jasmine", ("dislikes", "jasmine")),
        ("香菜我真的吃不惯", ("dislikes", "cilantro")),
        ("对茉莉味无感", ("dislikes", "jasmine")),
        ("I have a peanut allergy", ("avoids", "peanut")),
        ("I'm lactose intolerant", ("avoids", "dairy")),
        ("Garlic gives me heartburn", ("avoids", "garlic")),
        ("我乳糖不耐受", ("avoids", "dairy")),
        ("My nickel allergy flared up", ("avoids_material", "nickel")),
        ("I break out in hives from latex", ("avoids_material", "latex")),
        ("一穿羊毛就痒", ("avoids_material", "wool")),
        ("I pretty much only wear black", ("favourite_color", "black")),
        ("I'm a keen runner so I need these", ("hobby", "running")),
        ("As an amateur photographer I carry a lot", ("hobby", "photography")),
        ("I'm training for my first marathon", ("hobby", "running")),
        ("Gardening is my therapy", ("hobby", "gardening")),
        ("I need it for my morning runs", ("hobby", "running")),
        ("练瑜伽五年了", ("hobby", "yoga")),
        ("我是摄影爱好者", ("hobby", "photography")),
        ("My old laptop is slow", ("owns_device", "laptop")),
        ("The air fryer I bought last year", ("owns_device", "air_fryer")),
        ("Kindle用了三年", ("owns_device", "kindle")),
        ("I ordered my usual 8.5 and the toes were tight in these shoes", ("shoe_size", 8.5)),
        ("I've worn a 9 since college, boots or sneakers", ("shoe_size", 9)),
        ("I take a women's 7 in shoes", ("shoe_size", 7)),
        ("We live with two cats", ("has_pet", "cat")),
        ("我家有只猫", ("has_pet", "cat")),
    ],
)
def test_an_idiom_is_read(text, wanted):
    assert (*wanted, "holds") in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "This tea isn't for me", "Coffee is not my weakness", "The vanilla is not my favourite", "I don't have a peanut allergy", "Is green tea your thing?",
        "If you love lavender you'll like this", "My husband is a coffee snob", "She can't get enough of matcha", "我老公是奶茶控", "你是奶茶控吗",
        "She is a keen runner", "My kids run every day", "I read every review", "My wife's Kindle fits", "My next laptop will be lighter",
        "I'm 42 and love these shoes", "I'm a 5 star reviewer of boots", "I have a dog-eared copy", "We have cat food", "The toy is a dog.",
        "I used to hate mushrooms", "I love the red one",
    ],
)  # fmt: skip
def test_what_looks_like_an_idiom_and_is_none_says_nothing_of_the_customer(text):
    assert {one for one in read(text) if one[2] == "holds"} == set()


def test_the_same_text_overtakes_its_own_past():
    assert {one for one in read("以前受不了香菜,现在爱上香菜了") if one[2] == "holds"} == {
        ("likes", "cilantro", "holds")
    }
