"""Labelled texts for intents: templates of ours spelt out by a seeded generator, and the public sets at hand.

A template is a line with `(a|b)` for one of them, `[a]` for perhaps, `{c}` and `{d}` for customers, `{p}` for a product.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from huaxiang.errors import DataError

OWN = Path(__file__).parent / "data"
CUSTOMERS = {
    "zh": "C101 C20 她 他 这位顾客 这个客户 王芳 小李 张伟 陈静 刘女士 周先生 该用户 赵敏 林小姐 顾客C7".split(),
    "en": ["C101", "C20", "this customer", "she", "he", "they", "Alice", "Mr Brown", "Linda", "customer C7", "the customer",
           "John Smith", "Maria", "Tom", "Ms Lee"],
}  # fmt: skip
PRODUCTS = {
    "zh": "耳机 背包 跑鞋 羽绒服 面霜 咖啡 帐篷 保温杯 手机壳 牛奶 蓝牙音箱 裙子 键盘 猫粮".split(),
    "en": ["headphones", "backpack", "running shoes", "jacket", "face cream", "coffee", "tent", "bottle", "phone case",
           "guitar strings", "speaker", "dress", "keyboard", "cat food"],
}  # fmt: skip
BITEXT = {
    "track_order": "track_order", "delivery_period": "delivery_time", "cancel_order": "cancel_order",
    "change_order": "change_order", "change_shipping_address": "change_address",
    "set_up_shipping_address": "change_address", "get_refund": "refund", "track_refund": "refund_status",
    "check_refund_policy": "return_policy", "check_cancellation_fee": "cancellation_fee", "complaint": "complaint",
    "contact_human_agent": "human", "contact_customer_service": "human", "check_invoice": "invoice",
    "get_invoice": "invoice", "check_payment_methods": "payment_methods", "payment_issue": "payment_problem",
    "place_order": "place_order", "delivery_options": "delivery_options", "review": "leave_review",
    "create_account": "account", "delete_account": "account", "edit_account": "account", "switch_account": "account",
    "registration_problems": "account", "recover_password": "account", "newsletter_subscription": "newsletter",
}  # fmt: skip
"""Bitext's 27 intents in ours."""
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it wants."""

    text: str
    label: str
    language: str
    source: str = ""
    """The template it was spelt from; texts of one template are never on both sides of a split."""


def spell(template: str, language: str, rng: random.Random) -> str:
    """One wording of a template."""
    text = template
    while (found := _CHOICE.search(text)) is not None:
        if found.group(1) is not None:
            chosen = rng.choice(found.group(1).split("|"))
        else:
            chosen = rng.choice([*found.group(2).split("|"), ""])
        text = text[: found.start()] + chosen + text[found.end() :]
    first, second = rng.sample(CUSTOMERS[language], 2)
    text = text.replace("{c}", first).replace("{d}", second).replace("{p}", rng.choice(PRODUCTS[language]))
    text = " ".join(text.split())
    if language == "zh":
        return text + rng.choice(["", "", "？", "?", "。"])
    text = text[0].upper() + text[1:] if rng.random() < 0.5 and text else text
    return text + rng.choice(["", "?", "?", "."])


def spelt_out(file: Path, *, each: int, seed: int) -> list[Labelled]:
    """Up to `each` different wordings of every template of a file.

    Raises:
        DataError: the file is not of the form {label: {zh: [...], en: [...]}}.
    """
    rng = random.Random(seed)
    try:
        held: dict[str, dict[str, list[str]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
        made = []
        for label, languages in held.items():
            for language, templates in languages.items():
                for template in templates:
                    texts = {spell(template, language, rng) for _ in range(each)}
                    made += [Labelled(text, label, language, template) for text in sorted(texts)]
    except (OSError, yaml.YAMLError, AttributeError, TypeError, KeyError) as error:
        raise DataError(
            f"cannot read the templates {file.name!r} ({type(error).__name__})",
            hint="a file of templates is {label: {zh: [line], en: [line]}}",
            code="templates",
        ) from error
    return made


FRAMES = {
    "zh": ["{k}", "{c}{k}", "{c}的{k}", "{c}的{k}是什么", "{c}{k}吗", "查一下{c}{k}", "请问{c}{k}", "想知道{c}的{k}", "{c}有没有{k}"],
    "en": ["{k}", "{c} {k}", "{c}'s {k}", "what is {c}'s {k}", "what about {k} for {c}", "does {c} {k}", "tell me {c}'s {k}",
           "{k} of {c}", "any {k} from {c}", "what did {c} {k}", "is {c} {k}"],
}  # fmt: skip

GREETINGS = {
    "zh": ["{k}", "请问{k}", "你好，{k}", "亲{k}", "{k}，谢谢", "我的{p}{k}", "在吗，{k}", "{p}{k}", "老板{k}", "那个{k}"],
    "en": ["{k}", "hi, {k}", "hello, {k} please", "{k}, thanks", "my {p}: {k}", "question about {k}", "i need {k}", "{k} for the {p}"],
}  # fmt: skip


def framed(file: Path, *, each: int, seed: int, frames: dict[str, list[str]] = FRAMES) -> list[Labelled]:
    """Every bare phrase of a file in `each` frames; Chinese phrases are parted by blanks, English ones by bars."""
    rng = random.Random(seed)
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    made = []
    for label, languages in held.items():
        for language, mark in (("zh", " "), ("en", "|")):
            for phrase in languages[language].split(mark):
                for frame in rng.sample(frames[language], each):
                    made.append(Labelled(spell(frame.replace("{k}", phrase), language, rng), label, language, phrase))
    return made


def held_out(file: Path) -> list[Labelled]:
    """Lines `label<TAB>language<TAB>text`; lines that begin with # are comments."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [Labelled(text, label, language) for label, language, text in rows]


def bitext(data: Path) -> list[Labelled]:
    """Bitext's utterances under our labels."""
    with (data / "intents/bitext_train.csv").open(encoding="utf-8", newline="") as source:
        return [Labelled(row["utterance"], BITEXT[row["intent"]], "en") for row in csv.DictReader(source)]


def clinc(data: Path, part: str) -> tuple[list[str], list[str]]:
    """Texts and labels of a part of CLINC150: train, val, oos_train, oos_val."""
    held = json.loads((data / "intents/clinc150_train_val.json").read_text(encoding="utf-8"))
    return [text for text, _ in held[part]], [label for _, label in held[part]]


SHOPPING = frozenset(
    "order order_status shopping_list shopping_list_update pay_bill transactions spending_history cancel "
    "card_declined improve_credit_score repeat yes no maybe thank_you goodbye greeting".split()
)
"""CLINC150 intents that a customer of a shop might well have, or that say nothing."""


def strangers(data: Path, *, count: int, seed: int) -> list[Labelled]:
    """Texts of CLINC150 that no shop is asked, for out of scope."""
    texts, labels = clinc(data, "train")
    chosen = [text for text, label in zip(texts, labels, strict=True) if label not in SHOPPING]
    return [Labelled(text, "out_of_scope", "en") for text in random.Random(seed).sample(chosen, count)]


def texts_and_labels(rows: Sequence[Labelled]) -> tuple[list[str], list[str]]:
    """The two columns."""
    return [row.text for row in rows], [row.label for row in rows]
