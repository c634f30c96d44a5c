"""Import an optional package late, with an error that says what to install."""

from __future__ import annotations

import importlib
from typing import Any

from huaxiang.errors import ConfigError


def require(module: str, *, extra: str) -> Any:
    """Import `module` or raise ConfigError naming the extra that brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(
            f"the package {module!r} is not installed ({error})",
            hint=f"pip install 'huaxiang[{extra}]' (from the checkout: pip install -e '.[{extra}]')",
            code="missing-package",
        ) from error
