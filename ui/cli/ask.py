"""`huaxiang ask QUESTION`: one question, one answer, every sentence with its source."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import answers, output
from ui.cli.common import CustomerOption, JsonOption, LlmOption, PurposeOption, RoleOption, ShopOption, customer_of
from ui.cli.runtime import open_runtime


def ask(
    question: Annotated[str, typer.Argument(help="The question, in Chinese or English.")],
    *,
    shop: ShopOption = None,
    customer: CustomerOption = None,
    llm: LlmOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    steps: Annotated[bool, typer.Option("--steps", help="Also show the tool calls.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask about a customer, or about all of them.

    Each sentence carries footnotes; below stand the quoted records with date, kind, file and row.

    \b
    Examples:
      huaxiang ask "李静最近抱怨过什么？" --shop myshop
      huaxiang ask "How often does she buy?" --customer C101 --llm none --json
    """
    with open_runtime(shop, llm, quiet=as_json, role=role, purpose=purpose) as runtime:
        customer_id = customer_of(runtime.shop, customer) if customer is not None else None
        if as_json:
            output.emit(answers.as_dict(runtime.answer(question, customer_id=customer_id)))
        else:
            answers.stream(runtime, question, customer_id=customer_id, steps=steps)
