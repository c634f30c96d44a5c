"""`huaxiang profile build|show|export-schema`: make profiles from events, look at one, and its JSON schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui import words
from ui.cli import output, prepare, profile_ledger
from ui.cli.common import (
    CustomerOption,
    JsonOption,
    LlmOption,
    PurposeOption,
    RoleOption,
    ShopOption,
    customer_of,
    day,
    open_as,
    open_shop,
)
from ui.cli.naming import short

if TYPE_CHECKING:
    from huaxiang.privacy.sight import Sight
    from huaxiang.schema.pack import FieldPack
    from huaxiang.schema.trait import Profile, Trait
    from huaxiang.store.shop import Shop

_QUOTE_CHARS = 80


def build(
    shop: ShopOption = None,
    customer: CustomerOption = None,
    llm: LlmOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute profiles from events; with --llm also read stated and inferred fields with the language model.

    Without --llm no model is asked: counts, shares, dates and what rules find. With it the trained map of stated facts
    and the model (--llm none: the map alone) read what customers wrote, one customer after another; Ctrl-C loses nothing,
    the next run goes on.

    \b
    Examples:
      huaxiang profile build --shop myshop
      huaxiang profile build --llm local --customer C001
    """
    opened = open_shop(shop)
    chosen = [customer_of(opened, customer)] if customer is not None else None
    if chosen is None:
        prepare.mark(opened)
    done = prepare.derive(opened, chosen, quiet=as_json)
    if not as_json:
        output.say(prepare.derived_text(done))
    if llm is not None:
        from ui.cli.extraction import extract

        opened.close()
        done["extraction"] = extract(shop, llm, chosen, quiet=as_json)
    else:
        opened.close()
    if as_json:
        output.emit(done)


def show(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, name, phone, e-mail or order number.")],
    shop: ShopOption = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="What was true on that day. Default: the shop's today.")
    ] = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a customer's profile: each field with its basis, confidence and the words it stands on.

    Fields that the field pack does not open to the role and purpose are left out.

    \b
    Examples:
      huaxiang profile show C001 --shop myshop
      huaxiang profile show C101 --as-of 2025-12-31 --json
      huaxiang profile show C101 --role marketing --purpose marketing
    """
    from huaxiang.ledger import project
    from huaxiang.privacy.sight import Sight

    opened = open_as(shop, role, purpose)
    sight = Sight.of_shop(opened)
    customer_id = customer_of(opened, customer)
    moment = _moment(opened, as_of)
    profile = project.current_profile(opened, customer_id)
    if moment is not None:
        from huaxiang.ledger import moments

        profile = moments.at(opened, customer_id, moment).profile
    profile = sight.profile(profile)
    if as_json:
        output.emit(profile)
    else:
        language = output.reader_language()
        output.say(text_of(opened, profile, sight.pack, language))
        if sight.hidden and not sight.sees_all:
            output.say(hidden_line(sight, language))
    opened.close()


def export_schema(
    shop: ShopOption = None,
    to: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of to stdout.")
    ] = None,
) -> None:
    """Write the JSON schema of a profile under the shop's field pack (outside a shop: the retail pack).

    \b
    Examples:
      huaxiang profile export-schema -o profile.schema.json
      huaxiang profile export-schema --shop myshop | jq '.properties | keys'
    """
    import json

    from huaxiang.errors import StoreError
    from huaxiang.ledger import project
    from huaxiang.schema.pack import json_schema, load_pack

    try:
        opened = open_shop(shop)
    except StoreError:
        if shop is not None:
            raise
        schema = json_schema(load_pack("retail"))
    else:
        schema = json_schema(project.pack_of(opened))
        opened.close()
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    if to is None:
        output.say(text)
        return
    try:
        to.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot write {str(to)!r} ({error.strerror})", hint="choose another file", code="not-writable"
        ) from error
    output.note(output.both(f"已写入 {to}", f"wrote {to}"))


def text_of(shop: Shop, profile: Profile, pack: FieldPack, language: str) -> str:
    """The profile as lines: one field each, with the first words it stands on; what is not known by reason."""
    zh = language == "zh"
    unit = "条记录" if zh else "event" if profile.events == 1 else "events"
    head = f"{profile.customer_id}  {profile.name or '-'}  {profile.events} {unit}  ({day(shop, profile.as_of)}, {profile.field_pack})"
    lines = [output.plain(head, one_line=True)]
    rows = []
    for trait in profile.traits:
        value = words.shop_value_text(shop, pack, trait.name, trait.value, language) + words.whom(
            pack, trait.for_whom, language
        )
        basis = words.say(words.BASES, trait.basis, language)
        rows.append(
            (words.label(pack, trait.name, language), value, basis, f"{trait.confidence:.2f}", _stands_on(trait))
        )
    head_row = (
        ("字段", "值", "依据", "置信度", "出处") if zh else ("field", "value", "basis", "confidence", "stands on")
    )
    lines.append(output.table(rows, head_row) if rows else ("还没有任何字段" if zh else "no field is known yet"))
    by_reason: dict[str, list[str]] = {}
    for name, reason in profile.missing.items():
        by_reason.setdefault(reason, []).append(words.label(pack, name, language))
    for why_missing, names in by_reason.items():
        why = words.say(words.MISSING, why_missing, language)
        lines.append(f"未知（{why}）：{'、'.join(names)}" if zh else f"unknown ({why}): {', '.join(names)}")
    return "\n".join(lines)


def hidden_line(sight: Sight, language: str) -> str:
    """How many fields the actor may not see; which ones is no secret, their values are."""
    names = ", ".join(sight.pack.fields[name].label(language) for name in sight.hidden[:6])
    more = " …" if len(sight.hidden) > 6 else ""
    if language == "zh":
        return f"不对角色 {sight.role}（用途 {sight.purpose}）开放的字段 {len(sight.hidden)} 个：{names}{more}"
    return f"{len(sight.hidden)} fields not open to role {sight.role} for purpose {sight.purpose}: {names}{more}"


def _stands_on(trait: Trait) -> str:
    if not trait.evidence:
        return trait.method
    first = trait.evidence[0]
    quote = first.quote if len(first.quote) <= _QUOTE_CHARS else first.quote[: _QUOTE_CHARS - 1] + "…"
    more = f" +{len(trait.evidence) - 1}" if len(trait.evidence) > 1 else ""
    return f"{short(first.evidence_id)} “{quote}”{more}" if quote else f"{short(first.evidence_id)}{more}"


def _moment(shop: Shop, text: str | None) -> int | None:
    if text is None:
        return None
    from huaxiang import clock

    return clock.end_of_day(profile_ledger.day_of(text), shop.tz)


VERBS: dict[str, Any] = {"build": build, "show": show, **profile_ledger.VERBS, "export-schema": export_schema}
