"""From settings to a language model, or None in rule mode."""

from __future__ import annotations

from pathlib import Path

from agent.llm.base import Llm
from huaxiang.config import Settings
from huaxiang.errors import ConfigError


def make_llm(settings: Settings, shop_folder: Path | None = None) -> Llm | None:
    """The model of `[llm] kind`; nothing is loaded or asked yet. None for `none`.

    Args:
        settings: checked settings; only the `llm` section is read.
        shop_folder: a relative path in `[llm] model` is looked for here.

    Raises:
        ConfigError: `hf` without its packages or model, `openai` without its address or model, `scripted` without a script.
    """
    llm = settings.llm
    if llm.kind == "none":
        return None
    if llm.kind == "local":
        from agent.llm.local import LocalLlm

        return LocalLlm(
            model=_local_model(llm.model, shop_folder), threads=llm.threads, context_tokens=llm.context_tokens,
            timeout_seconds=llm.timeout_seconds,
        )  # fmt: skip
    if llm.kind == "openai":
        from agent.llm.openai_api import OpenAiLlm

        missing = [name for name, value in (("base_url", llm.base_url), ("model", llm.model)) if not value]
        if missing:
            raise ConfigError(
                f"llm kind 'openai' needs {' and '.join(f'[llm] {name}' for name in missing)}",
                hint="e.g. HUAXIANG_LLM__BASE_URL=http://127.0.0.1:11434/v1 HUAXIANG_LLM__MODEL=qwen2.5:7b",
                code="llm-settings",
            )
        return OpenAiLlm(
            base_url=llm.base_url, model=llm.model, api_key=llm.api_key.get_secret_value(),
            timeout_seconds=llm.timeout_seconds,
        )  # fmt: skip
    if llm.kind == "hf":
        from agent.llm.hf import HfLlm

        made = HfLlm(
            model=_in_shop(llm.model, shop_folder), threads=llm.threads, context_tokens=llm.context_tokens,
            timeout_seconds=llm.timeout_seconds,
        )  # fmt: skip
        if not llm.model:
            raise ConfigError(
                "llm kind 'hf' needs [llm] model",
                hint="a checkpoint's folder or .gguf file, e.g. HUAXIANG_LLM__MODEL=models/my-checkpoint",
                code="llm-settings",
            )
        return made
    raise ConfigError(
        "llm kind 'scripted' is for tests, which pass agent.llm.scripted.ScriptedLlm themselves",
        hint="use --llm local, openai or none",
        code="llm-settings",
    )


def local_file(settings: Settings, shop_folder: Path | None = None) -> Path:
    """The file of a `local` model. A file that was checked before is not hashed again, so this takes milliseconds.

    Raises:
        ModelError: it is missing (`model-missing`), cut off or wrong.
    """
    from huaxiang.models.cards import CARDS, LLM
    from huaxiang.models.resolve import resolve

    model = settings.llm.model
    if not model or model in CARDS:
        return resolve(model or LLM)
    return resolve(LLM, path=_local_model(model, shop_folder))


def _local_model(model: str, shop_folder: Path | None) -> str:
    return _in_shop(model, shop_folder) if model.endswith(".gguf") else model


def _in_shop(model: str, shop_folder: Path | None) -> str:
    """A path in the shop's folder where there is one of that name, else as it was given."""
    if model and shop_folder is not None and (shop_folder / model).exists():
        return str(shop_folder / model)
    return model
