"""Times, money, numbers and words as files write them → what the store keeps. Unreadable is None, never 0 or ''."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from huaxiang.ingest.cleaning import storable
from huaxiang.store.render import exponent

_MISSING = frozenset(("", "nan", "none", "null", "n/a", "na", "nil", "-", "--", "\\n", "nat", "无", "空", "未知"))
_MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}  # fmt: skip
_CLOCK = r"(?:[T\s日,]*(?P<half1>上午|下午|晚上|凌晨|中午)?\s*(?P<h>\d{1,2})[::点时](?P<mi>\d{1,2})分?(?:[::]?(?P<s>\d{1,2})秒?(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_PATTERNS = tuple(
    re.compile(rf"^{day}{_CLOCK}{_ZONE}$", re.IGNORECASE)
    for day in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<d>\d{1,2})[.-](?P<m>\d{1,2})[.-](?P<y>\d{4})",
        r"(?P<m>\d{1,2})\s+(?P<d>\d{1,2}),\s*(?P<y>\d{4})",
        r"(?P<us>\d{1,2}/\d{1,2})/(?P<y>\d{4})",
        r"(?:[A-Z][a-z]{2,8},?\s+)?(?P<name>[A-Z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
        r"(?:[A-Z][a-z]{2,8},?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[A-Z]{3,9})\.?,?[\s-]+(?P<y>\d{4})",
    )
)
_EARLIEST, _LATEST = 1800, 9998

_SYMBOLS = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "r$": "BRL", "$": "USD", "¥": "CNY",
    "\uffe5": "CNY", "元": "CNY", "人民币": "CNY", "rmb": "CNY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR",
    "₽": "RUB", "円": "JPY", "日元": "JPY", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "港币": "HKD", "港元": "HKD",
}  # fmt: skip
_SYMBOL = re.compile("|".join(re.escape(one) for one in sorted(_SYMBOLS, key=len, reverse=True)), re.IGNORECASE)
_MONEY = re.compile(r"^[-−+]?\s*\d[\d.,'\s]*(?:[eE][+-]?\d{1,2})?$")
MAX_MAJOR = Decimal(10) ** 9
"""A single price or line total above this many units of any currency is taken for an error."""


def text_or_none(value: Any, *, limit: int | None = None) -> str | None:
    """A trimmed string, or None for what files write when a value is missing. Whole floats lose their `.0`."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() and abs(value) < 1e15 else value
    text = storable(str(value)).strip()
    if text.lower() in _MISSING:
        return None
    return text[:limit] if limit else text


def id_or_none(value: Any) -> str | None:
    """An id as written, white space trimmed; a table's `17850.0` is `17850`. A list, an object, true or false are none."""
    return None if isinstance(value, list | dict | bool) else text_or_none(value)


def number_or_none(value: Any) -> float | None:
    """A finite number from a number or a string such as `1,200` or `4.0`."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def rating_or_none(value: Any) -> float | None:
    """Stars: a number in 0…10, also from `4/5`, `4 stars`, `★★★★☆` or `四星`; else None."""
    number = number_or_none(value)
    if number is None and isinstance(value, str):
        text = unicodedata.normalize("NFKC", value)
        match = re.match(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*\d+|stars?|星|分|$)", text)
        if match:
            number = float(match.group(1))
        elif "★" in text:
            number = float(text.count("★"))
        elif text[:1] in "一二三四五" and "星" in text:
            number = float("一二三四五".index(text[:1]) + 1)
    return number if number is not None and 0 <= number <= 10 else None


def currency_or_none(value: Any) -> str | None:
    """An ISO code from a code, a symbol or a Chinese name; None when it is none of them."""
    text = text_or_none(value)
    if text is None:
        return None
    if re.fullmatch(r"[A-Za-z]{3}", text) and text.lower() != "rmb":
        return text.upper()
    return _SYMBOLS.get(text.lower())


def money(value: Any, currency: str | None, *, default: str = "") -> tuple[int | None, str | None]:
    """An amount in minor units and its currency.

    Both `1,299.50` and `1.299,50` are read; a lone `1.299` is one and a bit. `¥` is CNY unless the shop counts in JPY.

    Args:
        value: `"¥299"`, `"$1,299.50"`, `"1.299,50 €"`, `12.5`, `Decimal` …
        currency: the row's own currency column, which wins over a symbol.
        default: the shop's currency, for an amount that names none.

    Returns:
        `(minor units or None, ISO code or None)`.
    """
    named = currency
    amount: Decimal | None
    if isinstance(value, bool) or value is None:
        return None, named or default or None
    if isinstance(value, int | float | Decimal):
        amount = Decimal(str(value)) if math.isfinite(value) else None
    else:
        text = unicodedata.normalize("NFKC", str(value)).strip()
        symbol = _SYMBOL.search(text)
        code = re.search(r"\b[A-Z]{3}\b", text)
        if named is None and symbol:
            named = _SYMBOLS[symbol.group().lower()]
            if named == "CNY" and symbol.group() in "¥\uffe5" and default == "JPY":
                named = "JPY"
        elif named is None and code:
            named = code.group()
        amount = _decimal(re.sub(r"\b[A-Za-z]{3}\b", "", _SYMBOL.sub("", text)).strip())
    named = named or default or None
    if amount is None or not amount.is_finite() or abs(amount) > MAX_MAJOR:
        return None, named
    return int((amount * 10 ** exponent(named)).to_integral_value()), named


def _decimal(text: str) -> Decimal | None:
    factor = 1
    if text.endswith("万"):
        text, factor = text[:-1].strip(), 10_000
    if not _MONEY.match(text):
        return None
    text = re.sub(r"[\s']", "", text).replace("−", "-")
    comma, dot = text.rfind(","), text.rfind(".")
    if comma >= 0 and dot >= 0:
        text = text.replace(",", "") if dot > comma else text.replace(".", "").replace(",", ".")
    elif comma >= 0:
        text = text.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text) else text.replace(",", ".")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    try:
        return Decimal(text) * factor
    except InvalidOperation:
        return None


def time_or_none(value: Any, tz: ZoneInfo) -> int | None:
    """Epoch seconds of a time. A time without a zone is the shop's; a day without a time is its midnight.

    Read: ISO 8601, `2019/3/5 14:05`, `05.03.2019`, `09 14, 2018`, `3/25/2019` (month first unless it cannot be),
    `2019年3月5日 下午2点05分`, `Mar 5, 2019`, `5 March 2019`, `20190305`, epoch seconds, milli- and microseconds,
    and the date types of Parquet. None for anything else.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return _epoch(value, tz)
    if isinstance(value, date):
        return _epoch(datetime.combine(value, time()), tz)
    if isinstance(value, int | float):
        return _from_number(float(value))
    return _time_from_text(str(value).strip(), tz)


@lru_cache(maxsize=20_000)
def _time_from_text(text: str, tz: ZoneInfo) -> int | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > 60:
        return None
    if re.fullmatch(r"-?\d{9,17}(\.\d+)?", text):
        return _from_number(float(text))
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            return _from_parts(match.groupdict(), tz)
    return None


def _from_number(number: float) -> int | None:
    if not math.isfinite(number) or abs(number) < 1e8:  # 1e8 s is 1973; smaller numbers are years or counts
        return None
    for limit, divisor in ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000)):
        if abs(number) < limit:
            return int(number // divisor)
    return None


def _from_parts(parts: dict[str, str | None], tz: ZoneInfo) -> int | None:
    month, day = parts.get("m"), parts.get("d")
    if parts.get("us"):
        month, day = str(parts["us"]).split("/")
        if int(month) > 12:
            month, day = day, month
    if parts.get("name"):
        month = str(_MONTHS.get(str(parts["name"]).lower()[:3], 0))
    hour = int(parts["h"] or 0)
    half = (parts["half"] or "").lower()[:1]
    late = half == "p" or parts["half1"] in ("下午", "晚上")
    if late and hour < 12:
        hour += 12
    elif hour == 12 and (half == "a" or parts["half1"] in ("上午", "凌晨")):
        hour = 0
    try:
        moment = datetime(
            int(parts["y"] or 0),
            int(month or 0),
            int(day or 0),
            hour,
            int(parts["mi"] or 0),
            min(int(parts["s"] or 0), 59),
        )
    except ValueError:
        return None
    zone = parts["z"]
    if zone:
        sign = zone if zone[0] in "+-" else "+00:00"
        moment = datetime.fromisoformat(moment.isoformat() + (sign if ":" in sign else f"{sign[:3]}:{sign[3:]}"))
    return _epoch(moment, tz)


def _epoch(moment: datetime, tz: ZoneInfo) -> int | None:
    if not _EARLIEST <= moment.year <= _LATEST:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=tz)
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 1)


def day_or_none(value: Any, tz: ZoneInfo) -> str | None:
    """The ISO day of a time, in the shop's zone."""
    seconds = time_or_none(value, tz)
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, tz=tz).date().isoformat()


def normal_name(name: str) -> str:
    """A name as it is looked up: NFKC, case folded, no white space and no punctuation inside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())


def normal_email(email: str) -> str:
    """An e-mail address as it is looked up: NFKC, lower case, no white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", email)).lower()


def normal_phone(phone: str) -> str:
    """A phone number as it is looked up: its digits."""
    return "".join(char for char in unicodedata.normalize("NFKC", phone) if char.isdigit())
