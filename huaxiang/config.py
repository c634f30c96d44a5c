"""Settings: command line > environment > `shop.toml` > defaults, and where each value came from.

Environment names are `HUAXIANG_<SECTION>__<FIELD>`, e.g. `HUAXIANG_LLM__KIND=none`. Secrets are never printed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from huaxiang.errors import ConfigError

SHOP_FILE = "shop.toml"
LlmKind = Literal["local", "openai", "hf", "none", "scripted"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSection(_Section):
    """What the shop is. `today` is the shop's clock; empty means the day of the last event."""

    name: str = "shop"
    today: date | None = None
    timezone: str = "UTC"
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", description="ISO code for amounts whose source names none")
    field_pack: str = "retail"
    database_url: str = Field("", description="empty: shop.sqlite in the shop's folder; else a PostgreSQL URL")
    chroma_url: str = Field("", description="empty: index/ in the shop's folder; else a Chroma server")


class ProfileSection(_Section):
    """What a profile may hold: names of field packs, shipped ones or the shop's own in `packs/`. Empty: `[shop] field_pack`."""

    packs: tuple[str, ...] = ()


class LlmSection(_Section):
    """The language model. `local` runs llama.cpp in this process; `none` is rule mode."""

    kind: LlmKind = "local"
    model: str = Field("", description="a model name for `openai`, a GGUF path or model name for `local`")
    base_url: str = Field("", description="an OpenAI-compatible endpoint, for kind = openai")
    api_key: SecretStr = SecretStr("")
    timeout_seconds: float = Field(60.0, gt=0, le=600)
    max_calls: int = Field(3, ge=1, le=10, description="model calls one answer may use")
    threads: int = Field(0, ge=0, description="0: as many as there are cores")
    context_tokens: int = Field(4096, ge=1024)


class EncoderSection(_Section):
    """The text encoder. `auto` takes e5 when its file is there and the hashing encoder until then."""

    name: str = "auto"
    path: str = ""


class TextSection(_Section):
    """How what customers wrote is read. `auto` takes the accurate tier once its encoder is fetched, `fast` until then."""

    sentiment_tier: Literal["auto", "fast", "accurate"] = "auto"
    models: str = Field("", description="a folder with models made by `huaxiang train`; empty: those that ship")


class DeskSection(_Section):
    """The chat desk; loopback only unless told otherwise."""

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    language: Literal["zh", "en"] = "zh"


class ActorSection(_Section):
    """Who asks, and what for; tools check both."""

    name: str = "staff"
    role: str = "support"
    purpose: str = "service"


class TraceSection(_Section):
    """Traces hold no customer text unless switched on here."""

    customer_text: bool = False


class Settings(BaseSettings):
    """All settings of one shop, checked."""

    model_config = SettingsConfigDict(
        env_prefix="HUAXIANG_",
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    shop: ShopSection = ShopSection()
    profile: ProfileSection = ProfileSection()
    llm: LlmSection = LlmSection()
    encoder: EncoderSection = EncoderSection()
    text: TextSection = TextSection()
    desk: DeskSection = DeskSection()
    actor: ActorSection = ActorSection()
    trace: TraceSection = TraceSection()
    mappings: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="saved column mappings by file name pattern, written by `import --save`"
    )

    @property
    def packs(self) -> tuple[str, ...]:
        """The field packs that make up this shop's profile."""
        return self.profile.packs or tuple(self.shop.field_pack.split("+"))

    @classmethod
    def settings_customise_sources(cls, settings_cls: Any, init_settings: Any, *_: Any, **__: Any) -> Any:
        """Only what `load` merged counts; the sources are read there so that each value's origin is known."""
        return (init_settings,)


class _Environment(EnvSettingsSource):
    """Only `HUAXIANG_<SECTION>__<FIELD>`: `HUAXIANG_SHOP` is the shop's folder, not the section of that name."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name: value for name, value in super()._load_env_vars().items() if "__" in name}


@dataclass(frozen=True)
class Loaded:
    """Settings and where each leaf came from: `default`, `shop.toml`, `environment` or `command line`."""

    settings: Settings
    origins: dict[str, str]


def load(folder: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Loaded:
    """Read the settings of the shop in `folder` (or just environment and defaults).

    Args:
        folder: a shop's folder; its `shop.toml` need not exist.
        overrides: dotted names from the command line, e.g. `{"llm.kind": "none"}`; None values are ignored.

    Raises:
        ConfigError: the file is not TOML, or a value is not allowed (the error names the place).
    """
    layers: list[tuple[str, dict[str, Any]]] = []
    if folder is not None and (folder / SHOP_FILE).is_file():
        layers.append((SHOP_FILE, _read_toml(folder / SHOP_FILE)))
    layers.append(("environment", _clean_env(_Environment(Settings)())))
    layers.append(("command line", _nest({k: v for k, v in (overrides or {}).items() if v is not None})))
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers:
        _merge(merged, layer, origin, origins, prefix="")
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        origin = origins.get(where, SHOP_FILE)
        raise ConfigError(
            f"setting {where!r} ({origin}): {first['msg']}",
            hint="`huaxiang config show` lists all settings",
            code="bad-setting",
        ) from error
    for name in flatten(settings):
        origins.setdefault(name, "default")
    return Loaded(settings, origins)


def flatten(settings: Settings) -> dict[str, Any]:
    """Every leaf as `section.field`, secrets masked."""
    flat: dict[str, Any] = {}
    for section, value in settings:
        if isinstance(value, BaseModel):
            for name, leaf in value:
                flat[f"{section}.{name}"] = (
                    ("****" if leaf.get_secret_value() else "") if isinstance(leaf, SecretStr) else leaf
                )
        else:
            flat[section] = value
    return flat


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path.name}: not valid TOML ({error})", hint="correct the line, or delete the file to start over"
        ) from error


def _clean_env(values: Mapping[str, Any]) -> dict[str, Any]:
    known = set(Settings.model_fields)
    return {key: dict(value) for key, value in values.items() if key in known and isinstance(value, Mapping)}


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        section, _, field = name.partition(".")
        nested.setdefault(section, {})[field] = value
    return nested


def _merge(into: dict[str, Any], layer: Mapping[str, Any], origin: str, origins: dict[str, str], prefix: str) -> None:
    for key, value in layer.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and not prefix:
            _merge(into.setdefault(key, {}), value, origin, origins, prefix=f"{name}.")
        else:
            into[key] = value
            origins[name] = origin
