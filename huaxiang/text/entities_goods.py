"""Goods named in English running text, by a list: there is no tagger for English, and a catalogue names few by their noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["goods"]

_SURE = (
    "jacket coat raincoat parka hoodie sweater cardigan sweatshirt shirt t-shirt tee blouse skirt jeans trousers shorts leggings "
    "pajamas pyjamas underwear bra socks scarf gloves mittens hat beanie shoes sneakers boots sandals slippers swimsuit "
    "base_layer fleece vest tights backpack handbag wallet purse suitcase luggage tote umbrella sunglasses necklace earrings bracelet "
    "phone smartphone tablet laptop computer keyboard headphones earphones earbuds headset microphone charger power_bank router "
    "printer camera drone television tv projector controller smartwatch flashlight lantern lamp light_bulb speaker webcam "
    "pillow blanket quilt duvet comforter mattress bedsheets sheets towel towels rug carpet curtains sofa couch armchair bookshelf "
    "wardrobe bathrobe bathmat candle vase kettle toaster blender microwave oven air_fryer rice_cooker coffee_machine "
    "coffee_maker vacuum_cleaner vacuum humidifier dehumidifier hair_dryer hairdryer shaver razor toothbrush toothpaste saucepan "
    "frying_pan skillet wok mug thermos flask water_bottle lunchbox cutlery chopsticks knife teapot corkscrew "
    "tent sleeping_bag trekking_poles hiking_poles yoga_mat dumbbells treadmill bicycle bike helmet scooter skateboard hammock "
    "shampoo lipstick mascara foundation_cream sunscreen moisturizer moisturiser serum perfume cologne face_mask hand_cream "
    "lip_balm body_lotion lotion soap deodorant cleanser diapers nappies stroller crib teether pacifier "
    "coffee_beans chocolate cookies snacks tea_bags dog_food cat_food cat_litter kibble leash dog_bed cat_tree "
    "toy puzzle lego doll teddy_bear notebook planner fountain_pen cookbook textbook guitar ukulele violin drumsticks piano "
    "guitar_strap guitar_strings amplifier screwdriver wrench lawnmower batteries cable adapter"
).split()
_UNSURE = (
    "watch ring case pen book bag chair table bed pan pot plate bowl cup bottle glass glasses poles pole cover mat "
    "light fan clock strap cream mask oil tea coffee tool tools heater iron stand tie top cap sheet game games mouse "
    "monitor screen_protector dress desk cooler suit belt drill hose hammer capo pedal console mirror heels "
    "conditioner novel"
).split()
"""Verbs, parts and materials as well: goods only behind a word like "the" or "my", or a kind that stands before them."""
_KIND = (
    "running hiking trekking camping sleeping coffee tea phone laptop water lunch yoga dog cat baby kids rain down winter summer "
    "travel desk table floor wall night camp gaming office kitchen wireless bluetooth electric smart guitar shoulder sports wedding"
).split()


def _any(words: list[str]) -> str:
    found = (re.escape(word).replace("_", "[ -]").replace(r"\-", "-?") for word in sorted(words, key=len, reverse=True))
    return "|".join(found)


_THING = rf"(?:{_any(_KIND)}) (?:{_any(_UNSURE)})(?:s|es)?|(?:{_any(_SURE)})(?:s|es)?"
_ONE = rf"(?:{_any(_UNSURE)})(?:s|es)?"
_GOODS = re.compile(
    rf"(?<![a-z'-])(?P<plain>(?:(?:{_any(_KIND)}) (?=[a-z-]+ ?))?(?:{_THING}))(?![a-z'-])"
    rf"|(?<![a-z'-])(?:the|this|these|those|my|our|his|her|their|a|an|another|new) "
    rf"(?:(?!(?:{_any(_KIND)}) )[a-z-]+ )?(?P<named>(?:(?:{_any(_KIND)}) )?{_ONE})"
    r"(?= (?:is|are|was|were|has|have|broke|came|fell|runs?|does|did|doesn't|didn't|got|for|and|but|i|[a-z]{2,}(?:s|ed))\b|[.,;!?)]|$)"
    rf"|(?:^|[.!?,;] )(?P<first>{_ONE})(?= (?:is|are|was|were|has|broke|came|fell|[a-z]{{2,}}ed)\b)"
)


def goods(line: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of goods in a line of `entities_features.plain` (lower case), in order.

    A verb or a part that is spelt as a good ("watch", "case") is one only where it is plainly named.
    """
    for found in _GOODS.finditer(line):
        yield found.span(found.lastgroup or 0)
