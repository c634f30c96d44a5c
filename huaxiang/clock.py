"""The shop's clock. Features, dates and churn use it, never the wall clock; `utc_now` is only for "recorded at"."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huaxiang.errors import ConfigError


def utc_now() -> datetime:
    """The present moment, UTC-aware."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name, or ConfigError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"unknown time zone {name!r}", hint="set [shop] timezone, e.g. 'Asia/Shanghai'") from error


def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1970 UTC; `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return int(moment.timestamp())


def from_epoch(seconds: int) -> datetime:
    """UTC-aware time of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def day_of(seconds: int, tz: ZoneInfo) -> date:
    """The calendar day of an instant in the shop's zone."""
    return datetime.fromtimestamp(seconds, tz=tz).date()


def end_of_day(day: date, tz: ZoneInfo) -> int:
    """Epoch seconds of the last second of `day` in the shop's zone."""
    return int(datetime.combine(day, time(23, 59, 59), tzinfo=tz).timestamp())


def start_of_day(day: date, tz: ZoneInfo) -> int:
    """Epoch seconds of the first second of `day` in the shop's zone."""
    return int(datetime.combine(day, time(0, 0, 0), tzinfo=tz).timestamp())
