"""`huaxiang config show`: every setting, its value, and where that came from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ui.cli import output
from ui.cli.common import JsonOption, LlmOption, ShopOption, find_shop, settings_of

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")


def show(shop: ShopOption = None, llm: LlmOption = None, as_json: JsonOption = False) -> None:
    """Show every setting with its value and origin: command line, environment, shop.toml or default.

    An environment name is HUAXIANG_SECTION__FIELD, e.g. HUAXIANG_LLM__KIND=none. Secrets are masked.

    \b
    Examples:
      huaxiang config show --shop myshop
      HUAXIANG_DESK__PORT=8000 huaxiang config show --json
    """
    from huaxiang import config
    from huaxiang.errors import NoSuchShop, StoreError

    folder: Path | None
    try:
        folder = find_shop(shop)
    except NoSuchShop:
        raise
    except StoreError:  # no shop here: defaults and the environment are still worth seeing
        folder = None
    loaded = config.load(folder, settings_of(llm__kind=llm))
    values = {name: masked(value) for name, value in config.flatten(loaded.settings).items()}
    origins = {name: origin_of(name, loaded.origins) for name in values}
    if as_json:
        output.emit(
            {
                "shop": str(folder) if folder is not None else None,
                "settings": {name: {"value": value, "origin": origins[name]} for name, value in values.items()},
            }
        )
        return
    none = output.both("这里没有（只有默认值和环境变量）", "none here (defaults and environment only)")
    output.say(output.both("店铺：", "shop: ") + (str(folder) if folder is not None else none))
    about = _descriptions(loaded.settings)
    rows = [
        (name, _text(value), output.told(origins[name]), output.told(about.get(name, "")))
        for name, value in values.items()
    ]
    output.say(output.table(rows, [*output.both("设置 值 来源", "setting value from").split(), ""]))


def masked(value: Any) -> Any:
    """A value without the password that an address may hold."""
    return _PASSWORD.sub(r"\1:****@", value) if isinstance(value, str) else value


def origin_of(name: str, origins: dict[str, str]) -> str:
    """Where a setting came from; of a table (saved mappings) where any of its entries did."""
    return next((o for key, o in origins.items() if key.startswith(f"{name}.")), origins.get(name, "default"))


def _descriptions(settings: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for section, value in settings:
        fields = getattr(type(value), "model_fields", None)
        for name, field in (fields or {}).items():
            if field.description:
                found[f"{section}.{name}"] = field.description
    return found


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(value) or "-"
    return str(value) if value not in ("", None) else "-"


VERBS = {"show": show}
