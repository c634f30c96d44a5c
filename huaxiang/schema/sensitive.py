"""Words of what no profile may hold: health, religion, politics, ethnicity, sexuality; as names of fields and in values."""

from __future__ import annotations

import functools
import re

SENSITIVE_FIELDS = re.compile(
    r"health|illness|disease|diagnos|medic|religio|politic|ethnic|race|sexual|orientation|latitude|longitude|home_address"
    r"|child_?(name|age)|minor_|pregnan|disabilit"
)
_ZH = (
    "血糖|糖尿病|高血压|抑郁|癌|肿瘤|怀孕|孕妇|孕期|艾滋|乙肝|残疾|手术|吃药|用药|心脏病|哮喘|佛教|基督|天主|穆斯林|伊斯兰|清真|信教|教徒"
    "|党员|政治|选举|同性恋|双性恋|变性|出柜|回族|维吾尔|藏族|少数民族|精神病|躁郁"
)
_EN = (
    r"diabet\w*|cancer|pregnan\w*|depress\w*|bipolar|hiv|hepatitis|disab\w*|surgery|medication|prescri\w*|asthma\w*|eczema|psoriasis"
    r"|christian|catholic|muslim|islam\w*|jewish|hindu|buddhist|kosher|halal|republican|democrat|liberal|conservative|voted"
    r"|gay|lesbian|bisexual|transgender|queer|ethnic\w*|blood sugar|blood pressure|chemo\w*|therapy"
)
_SHORT = 24
SENSITIVE_WORDS = re.compile(rf"(?:{_ZH})|\b(?:{_EN})\b", re.IGNORECASE)


def is_sensitive(words: str) -> bool:
    """Whether these words speak of health, religion, politics, ethnicity or sexuality."""
    # categories, brands and days come by the thousand in a build; a customer's sentence is not kept in memory
    return _short_is_sensitive(words) if len(words) <= _SHORT else SENSITIVE_WORDS.search(words) is not None


@functools.lru_cache(maxsize=5_000)
def _short_is_sensitive(words: str) -> bool:
    return SENSITIVE_WORDS.search(words) is not None
