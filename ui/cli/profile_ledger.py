"""`huaxiang profile diff|changed|why|history|what-if|correct|remove`: what replay of the ledger says, and staff's corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui.cli import keep_index, ledger_text, output
from ui.cli.common import JsonOption, PurposeOption, RoleOption, ShopOption, customer_of, open_as, open_shop
from ui.cli.naming import events_of

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, name, phone, e-mail or order number.")]
FieldName = Annotated[str, typer.Argument(metavar="FIELD", help="A field, by its name or its label (衣服尺码, Pets).")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the act.")]
ActorOption = Annotated[
    str,
    typer.Option(
        "--as", metavar="NAME", envvar="HUAXIANG_STAFF", help="Who does it. Default: $HUAXIANG_STAFF or staff."
    ),
]


def diff(
    customer: Customer,
    first: Annotated[str, typer.Argument(metavar="A", help="A day, e.g. 2025-12-31.")],
    second: Annotated[str | None, typer.Argument(metavar="[B]", help="A later day. Default: the shop's today.")] = None,
    shop: ShopOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed in a profile between two days.

    \b
    Examples:
      huaxiang profile diff C001 2025-12-31 2026-06-30 --shop myshop
      huaxiang profile diff 李静 2026-01-01 --json
    """
    from huaxiang.ledger import moments

    opened = open_as(shop, role, purpose)
    a, b = day_of(first), opened.today() if second is None else day_of(second)
    found = moments.diff(opened, customer_of(opened, customer), a, b)
    _tell_difference(opened, found, as_json)


def changed(
    customer: Customer,
    shop: ShopOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed since staff and customer were last in touch (message, ticket or note before today).

    \b
    Examples:
      huaxiang profile changed C001 --shop myshop
      huaxiang profile changed "Megan Whitfield" --json
    """
    from huaxiang.ledger import moments

    opened = open_as(shop, role, purpose)
    _tell_difference(opened, moments.changed(opened, customer_of(opened, customer)), as_json)


def what_if(
    customer: Customer,
    without: Annotated[
        list[str],
        typer.Option(
            "--without",
            metavar="RECORD",
            help="A record: evidence id (or its beginning), event id, FILE:ROW, or an order's number; may be repeated.",
        ),
    ],
    shop: ShopOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would change in a profile without a record. Nothing is written; `huaxiang retract` does it.

    \b
    Examples:
      huaxiang profile what-if C101 --without E0016 --shop myshop
      huaxiang profile what-if C101 --without t2ee705dbc --without events-en.jsonl:12 --json
    """
    from huaxiang.ledger import moments

    opened = open_as(shop, role, purpose)
    customer_id = customer_of(opened, customer)
    events = [event for one in without for event in events_of(opened, one)]
    found = moments.what_if(opened, customer_id, events)
    _tell_difference(opened, found.model_copy(update={"after": f"without {', '.join(without)}"}), as_json)


def why(
    customer: Customer,
    field: FieldName,
    shop: ShopOption = None,
    as_of: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="As of that day.")] = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show why a field says what it says: the words, the rule, the confidence by parts, and what was not taken.

    \b
    Examples:
      huaxiang profile why C101 shoe_size --shop myshop
      huaxiang profile why 李静 喜欢 --json
    """
    from huaxiang import clock
    from huaxiang.ledger.why import why as run
    from huaxiang.privacy.sight import Sight

    opened = open_as(shop, role, purpose)
    sight = Sight.of_shop(opened)
    pack = sight.pack
    moment = clock.end_of_day(day_of(as_of), opened.tz) if as_of else None
    found = sight.why(run(opened, customer_of(opened, customer), field_of(pack, field), moment))
    if as_json:
        output.emit(found)
    else:
        output.say(output.plain(ledger_text.why(pack, found, output.reader_language())))
    opened.close()


def history(
    customer: Customer,
    field: Annotated[str | None, typer.Argument(metavar="[FIELD]", help="Only this field.")] = None,
    shop: ShopOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every entry of a customer's ledger, oldest first, of one field or all. Nothing is ever overwritten.

    \b
    Examples:
      huaxiang profile history C101 shoe_size --shop myshop
      huaxiang profile history C101 --json | jq '.[].op'
    """
    from huaxiang.ledger import project
    from huaxiang.ledger.why import history as run
    from huaxiang.privacy.sight import Sight

    opened = open_as(shop, role, purpose)
    customer_id = customer_of(opened, customer)
    sight = Sight.of_shop(opened)
    pack = sight.pack
    name = None if field is None else field_of(pack, field)
    if name is not None:
        sight.require(name)
    owners = [entry.name for entry in project.history(opened, customer_id, name)]
    every = zip(owners, run(opened, customer_id, name), strict=True)
    seen = [(own, line) for own, line in every if sight.sees_value(own, line.value)]
    names, found = [own for own, _ in seen], [line for _, line in seen]
    if as_json:
        output.emit([{"name": own, **line.model_dump(mode="json")} for own, line in zip(names, found, strict=True)])
    else:
        output.say(output.plain(ledger_text.history(pack, found, names, output.reader_language())))
    opened.close()


def correct(
    customer: Customer,
    field: FieldName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The right value: 42.5, yes, 羊毛, '500 CNY'.")],
    shop: ShopOption = None,
    reason: ReasonOption = "",
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Enter a field by hand. It outranks what was said up to now; `huaxiang undo` takes it back.

    \b
    Examples:
      huaxiang profile correct C101 shoe_size 7.5 --reason "told us by phone" --shop myshop
      huaxiang profile correct 李静 避免的材质 羊毛
    """
    from huaxiang.ledger import project, staff
    from huaxiang.ledger.given import read_value

    opened = open_shop(shop)
    pack = project.pack_of(opened)
    name = field_of(pack, field)
    given = read_value(pack, name, value, currency=opened.settings.shop.currency)
    act = staff.correct(opened, customer_of(opened, customer, exact=True), name, given, actor=actor, reason=reason)
    done(act.to_dict(), as_json, ("已更正", "corrected"), act.number)
    keep_index.keep(opened, quiet=as_json)
    opened.close()


def remove(
    customer: Customer,
    field: FieldName,
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="Only this value of the field.")] = None,
    shop: ShopOption = None,
    reason: ReasonOption = "",
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Say that a field (or one value of it) is wrong: it goes, and does not come back from the same evidence.

    \b
    Examples:
      huaxiang profile remove C101 hobby hiking --reason "gave it up" --shop myshop
      huaxiang profile remove 李静 预算
    """
    from huaxiang.ledger import project, staff
    from huaxiang.ledger.given import read_value

    opened = open_shop(shop)
    pack = project.pack_of(opened)
    name = field_of(pack, field)
    given = None if value is None else read_value(pack, name, value, currency=opened.settings.shop.currency)
    act = staff.remove(opened, customer_of(opened, customer, exact=True), name, given, actor=actor, reason=reason)
    done(act.to_dict(), as_json, ("已移除", "removed"), act.number)
    keep_index.keep(opened, quiet=as_json)
    opened.close()


def day_of(text: str) -> date:
    """A day from the command line; ConfigError says how to write one."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a day", hint="write it as 2026-06-30", code="bad-date") from error


def field_of(pack: Any, text: str) -> str:
    """The field of this name or label; DataError `undeclared-field` where there is none."""
    wanted = text.strip().casefold()
    for name, spec in pack.fields.items():
        if wanted in (name, spec.zh.casefold(), spec.en.casefold()):
            return str(name)
    pack.field(text)
    return text


def done(value: dict[str, Any], as_json: bool, words: tuple[str, str], number: int) -> None:
    """Report an act: JSON, or one line that says how to take it back."""
    if as_json:
        output.emit(value)
    elif output.reader_language() == "zh":
        output.say(f"{words[0]}（操作 {number}；撤销：huaxiang undo {number}）")
    else:
        output.say(f"{words[1]} (act {number}; take it back: huaxiang undo {number})")


def _tell_difference(opened: Shop, found: Any, as_json: bool) -> None:
    from huaxiang.privacy.sight import Sight

    sight = Sight.of_shop(opened)
    found = sight.difference(found)
    if as_json:
        output.emit(found)
    else:
        output.say(output.plain(ledger_text.difference(sight.pack, found, output.reader_language())))
    opened.close()


VERBS: dict[str, Any] = {
    "diff": diff, "changed": changed, "why": why, "history": history, "what-if": what_if, "correct": correct, "remove": remove,
}  # fmt: skip
