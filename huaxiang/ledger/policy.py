"""What may never be stored, whatever the pack says: sensitive fields and sensitive words in open values."""

from __future__ import annotations

import functools
import re
from typing import Any

from huaxiang.errors import DataError, PolicyError
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Basis, Trait

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


@functools.lru_cache(maxsize=2_000)
def _names_something_sensitive(field: str) -> bool:
    return SENSITIVE_FIELDS.search(field) is not None


def check(pack: FieldPack, trait: Trait) -> None:
    """Refuse what must not be written; see `check_parts`."""
    check_parts(pack, trait.name, trait.value, trait.basis, has_evidence=bool(trait.evidence))


def check_parts(pack: FieldPack, name: str, value: Any, basis: Basis, *, has_evidence: bool) -> None:
    """Refuse what must not be written.

    Raises:
        PolicyError: a sensitive field, or a sensitive word in the value (`sensitive-field`); nobody overrides it.
        DataError: an undeclared field, a basis the field does not allow, a value of the wrong type, or no evidence.
    """
    if _names_something_sensitive(name) or (isinstance(value, str) and is_sensitive(value)):
        raise PolicyError(
            f"field {name!r}: sensitive facts are not kept in a profile",
            hint="store what the shop needs to know (what to avoid), not the reason",
            code="sensitive-field",
        )
    spec = pack.field(name)
    if basis not in spec.bases:
        raise DataError(
            f"field {name!r} does not take the basis {basis!r}",
            hint=f"allowed: {', '.join(spec.bases)}",
            code="basis-not-allowed",
        )
    if not has_evidence and basis != "staff":
        raise DataError(f"field {name!r}: no evidence, no claim", hint="cite what it stands on", code="no-evidence")
    pack.check_value(name, value)
