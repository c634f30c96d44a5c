"""The `huaxiang` command: check that our generic folder names are really ours, then start the command line."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

OURS = ("agent", "tools", "prompts", "vectorstore", "evaluation", "ui", "training")


def shadowed() -> dict[str, str]:
    """Top-level packages of ours that another distribution shadows: name → where the other one is."""
    root = Path(__file__).resolve().parents[1]
    found: dict[str, str] = {}
    for name in OURS:
        spec = importlib.util.find_spec(name)
        where = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if where is None or root not in where.parents:
            found[name] = str(where or "nowhere")
    return found


def main() -> None:
    """Entry point of the `huaxiang` command and of `python -m huaxiang`."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    wrong = shadowed()
    if wrong:
        listed = ", ".join(f"{name} ({where})" for name, where in wrong.items())
        sys.stderr.write(
            f"shadowed-package: another distribution's folder hides ours: {listed} — "
            "uninstall it, or run from a virtual environment made by `make install`\n"
        )
        raise SystemExit(2)
    # Many small products of matrices: numpy's threads wait for each other by spinning, which costs twice the processor
    # time and more by the clock where other programs want the cores. Read when numpy is loaded, so it is set before.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from ui.cli import main as run

    run()


if __name__ == "__main__":
    main()
