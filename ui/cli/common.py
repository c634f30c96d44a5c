"""What verbs share: their options, which shop is meant, and its settings."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from huaxiang.errors import ConfigError, NoSuchShop, StoreError
from ui.cli import output
from ui.cli.naming import customer_of

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop

SHOP_FILE = "shop.toml"
LlmChoice = Literal["local", "openai", "hf", "none"]

ShopOption = Annotated[
    Path | None,
    typer.Option(
        "--shop",
        metavar="DIR",
        help="The shop's folder. Default: this folder if it is a shop, else $HUAXIANG_SHOP, else ./shop.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Write JSON to stdout and nothing else; errors are JSON on stderr.")
]
LlmOption = Annotated[
    LlmChoice | None,
    typer.Option(
        "--llm",
        help="The language model: local (in this process), openai (any compatible endpoint), hf (a Hugging Face model), none (rules only).",
    ),
]
RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role", metavar="ROLE", help="Who asks: support, marketing, analyst, admin … Default: [actor] role."
    ),
]
PurposeOption = Annotated[
    str | None,
    typer.Option(
        "--purpose", metavar="PURPOSE", help="What for: service, marketing, analysis … Default: [actor] purpose."
    ),
]
CustomerOption = Annotated[
    str | None,
    typer.Option("--customer", metavar="ID", help="Only this customer: id, name, phone, e-mail or order number."),
]


def find_shop(option: Path | None) -> Path:
    """The shop's folder: the option, this folder, `$HUAXIANG_SHOP`, `./shop`. Reports come in its language from now on.

    Raises:
        NoSuchShop: the option or the variable names a folder that is no shop.
        StoreError: nothing was named and there is none here.
    """
    folder = _folder(option)
    tell_language(folder)
    return folder


def _folder(option: Path | None) -> Path:
    if option is not None:
        return _checked(option)
    if Path(SHOP_FILE).is_file():
        return Path()
    named = os.environ.get("HUAXIANG_SHOP", "").strip()
    if named:
        return _checked(Path(named).expanduser())
    if (Path("shop") / SHOP_FILE).is_file():
        return Path("shop")
    raise StoreError(
        "no shop was named, and there is none in this folder or in ./shop",
        hint="say --shop DIR (or set HUAXIANG_SHOP), or create one with: huaxiang init shop",
        code="no-such-shop",
    )


def tell_language(folder: Path) -> None:
    """Let the shop's file say which language reports are in, where neither the command line nor the terminal does."""
    import tomllib

    with contextlib.suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError):
        said = tomllib.loads((folder / SHOP_FILE).read_text(encoding="utf-8")).get("desk", {}).get("language")
        output.use_language(None, of_shop=said if said in ("zh", "en") else None)


def open_shop(option: Path | None, **overrides: Any) -> Shop:
    """Open the shop that is meant. `overrides` are settings with `__` for the dot, e.g. `llm__kind="none"`."""
    folder = find_shop(option)
    from huaxiang.store.shop import Shop

    return Shop.open(folder, overrides=settings_of(**overrides))


def open_as(option: Path | None, role: str | None, purpose: str | None) -> Shop:
    """Open the shop that is meant for an actor in this role and with this purpose; None: those of the settings.

    Raises:
        ConfigError: no field of the shop's pack knows the role or the purpose.
    """
    opened = open_shop(option, actor__role=role, actor__purpose=purpose)
    check_actor(opened, role, purpose)
    return opened


def check_actor(shop: Shop, role: str | None, purpose: str | None) -> None:
    """Refuse a role or purpose from the command line that the shop's field pack does not know; see `open_as`."""
    if role is not None or purpose is not None:
        from huaxiang.privacy.sight import check_role
        from huaxiang.schema.pack import load_pack

        try:
            check_role(load_pack(shop.settings.packs, shop.folder), role, purpose)
        except ConfigError:
            shop.close()
            raise


def settings_of(**overrides: Any) -> dict[str, Any]:
    """Dotted overrides from the command line; what was not said is left out."""
    return {name.replace("__", "."): value for name, value in overrides.items() if value is not None}


def iso(seconds: int | None) -> str | None:
    """Epoch seconds as ISO 8601 in UTC."""
    if seconds is None:
        return None
    from huaxiang import clock

    return clock.from_epoch(seconds).isoformat()


def day(shop: Shop, seconds: int | None) -> str:
    """The day in the shop's time zone, or a dash."""
    if seconds is None:
        return "-"
    from huaxiang import clock

    return clock.day_of(seconds, shop.tz).isoformat()


__all__ = [
    "CustomerOption",
    "JsonOption",
    "LlmOption",
    "PurposeOption",
    "RoleOption",
    "ShopOption",
    "customer_of",
    "day",
    "find_shop",
    "iso",
    "open_as",
    "open_shop",
    "settings_of",
]


def _checked(folder: Path) -> Path:
    if not (folder / SHOP_FILE).is_file():
        raise NoSuchShop(folder)
    return folder
