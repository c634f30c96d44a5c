"""`huaxiang doctor`: look at everything the product stands on and say how to mend what is wrong."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from huaxiang.errors import NoSuchShop, StoreError
from ui.cli import checks, checks_shop, output
from ui.cli.checks import Check
from ui.cli.common import JsonOption, LlmOption, ShopOption, find_shop, settings_of

_COLOURS = {"ok": typer.colors.GREEN, "warn": typer.colors.YELLOW, "fail": typer.colors.RED}


def doctor(
    shop: ShopOption = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also hash the model files, read every database page, verify every ledger.")
    ] = False,
    llm: LlmOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check Python, packages, models, the shop, its index and locks. Exit code 1 if something is broken.

    \b
    Examples:
      huaxiang doctor
      huaxiang doctor --shop myshop --deep --json
    """
    found: list[Check] = []

    def add(check: Check) -> None:
        found.append(check)
        if not as_json:
            output.say(line(check))

    for check in checks.machine(deep=deep):
        add(check)
    try:
        folder = find_shop(shop)
    except NoSuchShop as error:
        add(checks.of_error("shop", error))
    except StoreError as error:
        add(checks.of_error("shop", error, "warn"))
    else:
        overrides: dict[str, Any] = settings_of(llm__kind=llm)
        for check in checks_shop.shop(folder, overrides, deep=deep):
            add(check)
    failed = sum(check.state == "fail" for check in found)
    warned = sum(check.state == "warn" for check in found)
    if as_json:
        output.emit({"ok": failed == 0, "failed": failed, "warned": warned, "checks": [one.to_dict() for one in found]})
    else:
        output.say(
            output.both(
                f"共 {len(found)} 项检查：{failed} 项有故障，{warned} 项需留意",
                f"{len(found)} checks: {failed} failed, {warned} to look at",
            )
        )
    if failed:
        raise typer.Exit(1)


def line(check: Check) -> str:
    """One check as a line, with how to mend it below."""
    told = output.told
    state = typer.style(output.padded(told(check.state), 5), fg=_COLOURS[check.state])
    text = f"{state} {output.padded(told(check.name), 18)} {output.plain(told(check.message), one_line=True)}"
    return f"{text}\n      → {output.plain(told(check.mend))}" if check.mend and check.state != "ok" else text
