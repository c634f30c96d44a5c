"""What kind of thing a staff question asks: the hundred kinds of `agent/question/questions.yaml`, learned from sentences of ours.

The sentences (`data/questions/*.tsv`, label, language, text) were written by authors who had not seen the code or any suite.
A model reads questions as the agent does, without the customer's name; the head over the encoder's vectors carries it to
words that no sentence has.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huaxiang import metrics
from huaxiang.errors import DataError
from huaxiang.models.encoder import Encoder, load_encoder
from huaxiang.require import require
from huaxiang.text.questions import FILE, QuestionModel, save, standard
from training.intent_data import Labelled
from training.intent_fit import folds
from training.recipes import Outcome, Request, write_card

OWN = Path(__file__).parent / "data" / "questions"
COST = 10.0
SURE = 0.75
EACH = 3
"""Fillings of a sentence that names a product."""
PRODUCTS = {
    "zh": "保温杯 跑鞋 羽绒服 耳机 充电宝 帐篷 面霜 牛肉酱 猫粮 台灯 围巾 背包 咖啡豆 龙井茶 电饭锅 键盘 手表 拼图 绘本 瑜伽垫 洗发水 T恤 防晒霜 登山靴 雨衣 乳胶枕 香薰蜡烛 头盔 铸铁锅 那个 这个 它 那双鞋 那件外套 黑色的那款"
    .split(),
    "en": "water bottle|running shoes|down jacket|headphones|power bank|tent|face cream|chili sauce|cat food|desk lamp|scarf|backpack|coffee beans|green tea"
    "|rice cooker|keyboard|smartwatch|puzzle|picture book|yoga mat|shampoo|t-shirt|sunscreen|hiking boots|raincoat|latex pillow|candle|helmet|cast-iron pot|it"
    "|that one|Bluetooth speaker|black one|wool blanket".split("|"),
}  # fmt: skip
GOODS = {
    "zh": "鞋 茶 护肤品 零食 外套 耳机 书 宠物用品 厨具 保暖的东西 玩具 香薰".split(),
    "en": "shoes|tea|skincare|snacks|jacket|headphones|book|pet stuff|cookware|something warm|toy|candle".split("|"),
}


def rows(folder: Path = OWN, *, seed: int = 0) -> list[Labelled]:
    """The sentences as the agent sees them: customers' names taken out, a product put in.

    Raises:
        DataError: a line has not three columns.
    """
    rng = random.Random(seed)
    made = []
    for file in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != 3 or parts[1] not in PRODUCTS:
                raise DataError(
                    f"{file.name}, line {number}: not label, language, text",
                    hint="three columns with tabs between them; the language is zh or en", code="questions-data",
                )  # fmt: skip
            label, language, text = parts
            texts = {filled(text, language, rng) for _ in range(EACH if "{p}" in text or "{k}" in text else 1)}
            made += [Labelled(one, label, language, f"{file.name}:{number}") for one in sorted(texts)]
    return made


def filled(text: str, language: str, rng: random.Random) -> str:
    """A sentence without customers' names and with a product."""
    for mark, words in (("{p}", PRODUCTS[language]), ("{k}", GOODS[language])):
        while mark in text:
            text = text.replace(mark, rng.choice(words), 1)
    return " ".join(text.replace("{c}", " ").replace("{d}", " ").split())


def fit(encoder: Encoder, learned: Sequence[Labelled], *, seed: int = 20) -> QuestionModel:
    """Fit the map by logistic regression; a minute of one core, half of it the encoder's.

    Raises:
        ConfigError: scikit-learn is missing.
    """
    require("sklearn", extra="train")
    from sklearn.linear_model import LogisticRegression

    vectors = np.asarray(encoder.encode_queries([one.text for one in learned]), dtype=np.float32)
    mean, deviation = vectors.mean(axis=0), vectors.std(axis=0)
    machine = LogisticRegression(C=COST, max_iter=300, random_state=seed)
    machine.fit(standard(vectors, mean, deviation), [one.label for one in learned])
    return QuestionModel(
        tuple(machine.classes_.tolist()), mean, deviation, machine.coef_.astype(np.float32),
        machine.intercept_.astype(np.float32), encoder.name,
    )  # fmt: skip


def figures(model: QuestionModel, encoder: Encoder, kept: Sequence[Labelled]) -> dict[str, float]:
    """Accuracy on sentences, in all and by language; and of the sure ones their share and accuracy."""
    said = model.predict([one.text for one in kept], encoder)
    told: dict[str, float] = {}
    for name, languages in (("questions", ("zh", "en")), ("questions_zh", ("zh",)), ("questions_en", ("en",))):
        mine = [(one, row) for one, row in zip(said, kept, strict=True) if row.language in languages]
        told[f"{name}_accuracy"] = metrics.accuracy([one.label for one, _ in mine], [row.label for _, row in mine])
        sure = [(one, row) for one, row in mine if one.probability >= SURE]
        told[f"{name}_sure_share"] = len(sure) / max(len(mine), 1)
        told[f"{name}_sure_accuracy"] = metrics.accuracy([one.label for one, _ in sure], [row.label for _, row in sure])
    return told


def split(seed: int = 20) -> tuple[list[Labelled], list[Labelled]]:
    """Sentences to learn from and a fifth held out, whole sentences at a time."""
    found = rows(seed=seed)
    out = folds([one.source for one in found], seed + 1) == 0
    return [one for one, is_out in zip(found, out, strict=True) if not is_out], [
        one for one, is_out in zip(found, out, strict=True) if is_out
    ]


def train(request: Request) -> Outcome:
    """The recipe: figures of four fifths on the fifth that is left; the file that is installed learned from all.

    Raises:
        DataError: a file of sentences cannot be read. ConfigError: scikit-learn or the encoder is missing.
    """
    request.work.mkdir(parents=True, exist_ok=True)
    encoder = load_encoder()
    learned, kept = split(request.seed)
    request.tell(0, 2, "held out")
    told = figures(fit(encoder, learned, seed=request.seed), encoder, kept)
    request.say(json.dumps(told))
    request.tell(1, 2, "all")
    made = request.work / FILE
    save(made, fit(encoder, [*learned, *kept], seed=request.seed))
    request.tell(2, 2, "")
    # the model in use has seen the held-out fifth: nothing fair to compare with
    card = write_card("questions", request.work / "questions.md", told)
    return Outcome({made.name: made, card.name: card}, told, {}, ())
