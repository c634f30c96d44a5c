"""`huaxiang review list|accept|edit|reject|report|stale|ask`: what waits for staff, and what their verdicts taught."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import words
from ui.cli import keep_index, output
from ui.cli.common import (
    CustomerOption,
    JsonOption,
    PurposeOption,
    RoleOption,
    ShopOption,
    customer_of,
    open_as,
    open_shop,
)
from ui.cli.profile_ledger import ActorOption, done

if TYPE_CHECKING:
    from pathlib import Path

TraitArgument = Annotated[
    str, typer.Argument(metavar="PROPOSAL", help="Its id from `review list`, or the beginning of it.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the verdict.")]
LimitOption = Annotated[int, typer.Option(min=1, help="At most this many.")]
_KINDS = {"proposal": ("提案", "proposal"), "conflict": ("矛盾", "conflict"), "low_confidence": ("把握不足", "weak")}


def list_(
    shop: ShopOption = None,
    customer: CustomerOption = None,
    limit: LimitOption = 50,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what waits for staff: contradictions, proposals, and fields that hold with little belief.

    A contradiction is settled by `huaxiang profile correct`, a proposal by accept, edit or reject.

    \b
    Examples:
      huaxiang review list --shop myshop
      huaxiang review list --customer C001 --json
    """
    from huaxiang.ledger import project
    from huaxiang.ledger import review as found

    opened = open_as(shop, role, purpose)
    chosen = None if customer is None else customer_of(opened, customer)
    items = found.queue(opened, chosen, limit=limit)
    if as_json:
        output.emit([one.model_dump(mode="json") for one in items])
    else:
        pack, language = project.pack_of(opened), output.reader_language()
        zh = language == "zh"
        rows = [
            (
                _KINDS[one.kind][0 if zh else 1], one.trait_id[:10], one.customer_id,
                pack.fields[one.name].label(language) if one.name in pack.fields else one.name,
                words.value_text(pack, one.name, one.value, language) + words.whom(pack, one.for_whom, language),
                f"{one.confidence:.2f}", words.say(words.REASONS, one.reason_code, language), f"“{one.quote[:60]}”" if one.quote else "",
            )
            for one in items
        ]  # fmt: skip
        head = ("类型", "编号", "顾客", "字段", "值", "置信度", "原因", "原话") if zh else (
            "kind", "id", "customer", "field", "value", "confidence", "why", "words",
        )  # fmt: skip
        output.say(output.table(rows, head) if rows else ("没有等待审核的内容" if zh else "nothing waits for review"))
    opened.close()


def accept(
    trait: TraitArgument,
    reason: Reason,
    shop: ShopOption = None,
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Accept a proposal: it holds from now on.

    \b
    Examples:
      huaxiang review accept p1f2e3d4 --reason "she said so again on the phone" --shop myshop
      huaxiang review accept p1f2e3d4 --reason 电话确认 --json
    """
    _decide(shop, trait, "accept", reason, actor, as_json)


def edit(
    trait: TraitArgument,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The right value of the field.")],
    reason: Reason,
    shop: ShopOption = None,
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Accept a proposal with another value, on the same words.

    \b
    Examples:
      huaxiang review edit p1f2e3d4 cashmere --reason "the text says cashmere" --shop myshop
      huaxiang review edit p1f2e3d4 羊绒 --reason 原文是羊绒
    """
    _decide(shop, trait, "edit", reason, actor, as_json, value)


def reject(
    trait: TraitArgument,
    reason: Reason,
    shop: ShopOption = None,
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Reject a proposal: it is not proposed again from the same words.

    \b
    Examples:
      huaxiang review reject p1f2e3d4 --reason "it was a gift" --shop myshop
      huaxiang review reject p1f2e3d4 --reason 送人的 --json
    """
    _decide(shop, trait, "reject", reason, actor, as_json)


def report(shop: ShopOption = None, as_json: JsonOption = False) -> None:
    """Show staff's verdicts by source and field, and how much each source is believed since.

    \b
    Examples:
      huaxiang review report --shop myshop
      huaxiang review report --json | jq '.[] | select(.belief_now < 0.5)'
    """
    from huaxiang.ledger import project
    from huaxiang.ledger import review as found

    opened = open_shop(shop)
    pack = project.pack_of(opened)
    tallies = found.report(opened)
    if as_json:
        output.emit([one.model_dump(mode="json") for one in tallies])
    else:
        zh = output.reader_language() == "zh"
        rows = [
            (
                one.source, words.label(pack, one.name, "zh" if zh else "en"), str(one.accepted), str(one.edited), str(one.rejected), f"{one.right_share:.0%}",
                f"{one.belief_before:.2f}", f"{one.belief_now:.2f}",
            )
            for one in tallies
        ]  # fmt: skip
        head = ("来源", "字段", "采纳", "修改", "否决", "正确率", "原置信度", "现置信度") if zh else (
            "source", "field", "accepted", "edited", "rejected", "right", "belief before", "now",
        )  # fmt: skip
        output.say(
            output.table(rows, head, right=(2, 3, 4))
            if rows
            else ("还没有审核过" if zh else "nothing was reviewed yet")
        )
    opened.close()


def stale(
    shop: ShopOption = None,
    customer: CustomerOption = None,
    limit: LimitOption = 50,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List statements that age has worn: those to confirm again, the most worn first.

    \b
    Examples:
      huaxiang review stale --shop myshop
      huaxiang review stale --customer C001 --json
    """
    from huaxiang.ledger import project
    from huaxiang.ledger import review as found

    opened = open_as(shop, role, purpose)
    chosen = None if customer is None else customer_of(opened, customer)
    worn = found.worn(opened, chosen, limit=limit)
    if as_json:
        output.emit([one.model_dump(mode="json") for one in worn])
    else:
        pack, language = project.pack_of(opened), output.reader_language()
        zh = language == "zh"
        rows = [
            (
                one.customer_id, words.label(pack, one.name, language), words.value_text(pack, one.name, one.value, language),
                one.said_at[:10], str(one.age_days), f"{one.left:.2f}", ("已过期" if zh else "stale") if one.stale else "",
            )
            for one in worn
        ]  # fmt: skip
        head = (
            ("顾客", "字段", "值", "说于", "天数", "余量", "")
            if zh
            else ("customer", "field", "value", "said on", "days", "left", "")
        )
        output.say(
            output.table(rows, head, right=(4,)) if rows else ("没有需要再确认的" if zh else "nothing needs confirming")
        )
    opened.close()


def ask(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, name, phone, e-mail or order number.")],
    shop: ShopOption = None,
    limit: LimitOption = 3,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the questions that would tell most about a customer, in both languages.

    \b
    Examples:
      huaxiang review ask C001 --shop myshop
      huaxiang review ask 李静 --limit 1 --json
    """
    from huaxiang.ledger import project
    from huaxiang.ledger import review as found

    opened = open_as(shop, role, purpose)
    pack = project.pack_of(opened)
    questions = found.ask(opened, customer_of(opened, customer), limit=limit)
    if as_json:
        output.emit([one.model_dump(mode="json") for one in questions])
    else:
        zh = output.reader_language() == "zh"
        for place, one in enumerate(questions, start=1):
            because = words.say(words.REASONS, one.because, "zh" if zh else "en")
            label = words.label(pack, one.name, "zh" if zh else "en")
            about = f"（{label}：{because}）" if zh else f" ({label}: {because})"
            output.say(f"{place}. {one.zh if zh else one.en}{about}")
        if not questions:
            output.say("没有值得问的" if zh else "nothing worth asking")
    opened.close()


def _decide(
    shop: Path | None, trait: str, verdict: str, reason: str, actor: str, as_json: bool, value: str | None = None
) -> None:
    from huaxiang.ledger import project, staff
    from huaxiang.ledger import review as found
    from huaxiang.ledger.given import read_value
    from huaxiang.privacy.sight import Sight

    opened = open_shop(shop)
    customer, trait_id = found.find(opened, trait)
    name = next(one.name for one in project.proposals(opened, customer) if one.trait_id == trait_id)
    Sight.of_shop(opened).require(name)
    given = None
    if value is not None:
        given = read_value(project.pack_of(opened), name, value, currency=opened.settings.shop.currency)
    act = staff.decide(opened, customer, trait_id, verdict, actor=actor, reason=reason, value=given)
    said = {"accept": ("已采纳", "accepted"), "edit": ("已修改", "edited"), "reject": ("已否决", "rejected")}[verdict]
    done(act.to_dict(), as_json, said, act.number)
    keep_index.keep(opened, quiet=as_json)
    opened.close()


VERBS: dict[str, Any] = {
    "list": list_, "accept": accept, "edit": edit, "reject": reject, "report": report, "stale": stale, "ask": ask,
}  # fmt: skip
