"""The customer's card: a compact header, profile fields with basis, confidence and sources, and the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from agent.profiles.reading import ExtractionState
from huaxiang import clock, ids
from huaxiang.ledger import project
from huaxiang.privacy.sight import Sight
from huaxiang.schema.event import Event
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Trait
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read, render
from huaxiang.store.shop import Shop
from ui.desk.markup import cite, empty, esc, fold, initials
from ui.desk.people import Person
from ui.desk.record import kind_tag
from ui.desk.texts import TEXTS, Language, say, status
from ui.words import shop_value_text

TIMELINE_SHOWN = 60
_FIELD_OF = {"person.orders": "order_count", "person.first": "first_seen_on", "person.last": "last_seen_on"}
"""The profile fields that the head of the card tells; hidden with them."""
_SAID = ("stated", "staff")


def header(shop: Shop, person: Person | None, language: Language, *, has_orders: bool) -> str:
    """Name, id, language, city, first and last seen, orders. Unknown is shown as unknown, never as 0."""
    if person is None:
        button = f'<button type="button" class="hx-new" data-do="overview">{esc(say(language, "over.see"))}</button>'
        return (
            empty(say(language, "person.empty"), say(language, "person.empty.help"))
            + f'<p class="hx-offer">{button}</p>'
        )
    unknown = f'<i class="hx-unknown">{esc(say(language, "unknown"))}</i>'
    key = f"language.{person.language}"
    lang = esc(say(language, key)) if key in TEXTS and person.language != "und" else esc(person.language or "")
    orders = f"{person.orders:,}"
    if not has_orders:
        orders = f'<i class="hx-unknown">{esc(say(language, "person.noorders"))}</i>'
    sight = Sight.of_shop(shop)
    facts = (
        ("person.orders", orders),
        ("person.events", f"{person.events:,}"),
        ("person.language", lang if person.language and person.language != "und" else unknown),
        ("person.city", esc(person.city) if person.city else unknown),
        ("person.first", _day(shop, person.first_at) or unknown),
        ("person.last", _day(shop, person.last_at) or unknown),
    )
    cells = "".join(
        f"<div><dt>{esc(say(language, label))}</dt><dd>{value}</dd></div>"
        for label, value in facts
        if not sight.without((_FIELD_OF.get(label, ""),))
    )
    name = esc(person.name) if person.name else f'<i class="hx-unknown">{esc(say(language, "person.unnamed"))}</i>'
    return (
        f'<section class="hx-head"><span class="hx-badge big">{esc(initials(person.label))}</span><div class="hx-name"><h3>{name}</h3>'
        f'<button type="button" class="hx-id" data-do="record" data-id="c{esc(person.customer_id)}">{esc(person.customer_id)}</button></div>'
        f'<dl class="hx-facts6">{cells}</dl></section>'
    )


def reading(state: ExtractionState, language: Language) -> str:
    """A quiet line while the model reads what the customer wrote; empty otherwise."""
    if not state.waiting:
        return ""
    words = say(language, f"reading.{state.state}", done=state.done, total=state.total)
    return f'<p class="hx-reading" role="status"><i></i>{esc(words)}</p>'


def profile(shop: Shop, customer_id: str, language: Language) -> str:
    """The profile: what the customer said first, what was inferred of it, what records show, then figures; unknown fields folded."""
    sight = Sight.of_shop(shop)
    held, pack = sight.profile(project.current_profile(shop, customer_id)), sight.pack
    groups: dict[str, list[Trait]] = {"said": [], "inferred": [], "observed": [], "computed": []}
    for trait in held.traits:
        groups["said" if trait.basis in _SAID else trait.basis].append(trait)
    parts = [_group(shop, pack, name, traits, language) for name, traits in groups.items() if traits]
    if not parts:
        parts = [empty(say(language, "profile.empty"), say(language, "profile.empty.help"))]
    if held.missing:
        lines = "".join(
            f"<li>{esc(_label(pack, name, language))}<small>{esc(say(language, f'missing.{reason}'))}</small></li>"
            for name, reason in held.missing.items()
        )
        head = esc(say(language, "profile.missing", n=len(held.missing)))
        parts.append(fold("missing", head, f'<ul class="hx-missing">{lines}</ul>', css="hx-unknowns"))
    return f'<div class="hx-profile">{"".join(parts)}</div>'


def _group(shop: Shop, pack: FieldPack, name: str, traits: list[Trait], language: Language) -> str:
    lines = []
    last: tuple[str, str | None] | None = None
    for place, trait in enumerate(traits):
        label = _label(pack, trait.name, language)
        if trait.for_whom:
            label += f" ({say(language, 'profile.for', who=pack.value_label('buys_for', trait.for_whom, language) if 'buys_for' in pack.fields else trait.for_whom)})"
        same = (trait.name, trait.for_whom) == last
        last = (trait.name, trait.for_whom)
        lines.append(_trait(shop, pack, trait, "" if same else label, language, place))
    return f'<h4>{esc(say(language, f"profile.{name}"))}</h4><ul class="hx-traits">{"".join(lines)}</ul>'


def _trait(shop: Shop, pack: FieldPack, trait: Trait, label: str, language: Language, place: int) -> str:
    sure = round(trait.confidence * 100)
    marks = "".join(
        cite(number, one.evidence_id, span=one, label=_label(pack, trait.name, language))
        for number, one in enumerate(trait.evidence[:4], start=1)
    )
    told = say(language, "profile.confidence", c=f"{trait.confidence:.2f}")
    css = "" if label else " again"
    return (
        f'<li class="hx-trait{css}"><span class="hx-label">{esc(label)}</span>'
        f'<span class="hx-value">{esc(shop_value_text(shop, pack, trait.name, trait.value, language))}<span class="hx-cites">{marks}</span></span>'
        f'<span class="hx-basis b-{trait.basis}" title="{esc(say(language, f"basis.{trait.basis}.help"))}">{esc(say(language, f"basis.{trait.basis}"))}</span>'
        f'<span class="hx-sure" title="{esc(told)}" role="img" aria-label="{esc(told)}"><i style="width:{sure}%"></i></span></li>'
    )


def _label(pack: FieldPack, name: str, language: Language) -> str:
    return pack.fields[name].label(language) if name in pack.fields else name


def timeline(shop: Shop, customer_id: str, language: Language) -> str:
    """Everything that happened, newest first by month; each entry opens its record."""
    events = read.events_of(shop, customer_id)
    if not events:
        return empty(say(language, "timeline.empty"), say(language, "timeline.empty.help"))
    kinds = [kind for kind in render.KIND_LABELS if any(one.kind == kind for one in events)]
    chips = "".join(
        f'<button type="button" class="hx-filter" data-filter="{esc(kind)}">{esc(render.KIND_LABELS[kind][0 if language == "zh" else 1])}'
        f"<small>{sum(one.kind == kind for one in events):,}</small></button>"
        for kind in kinds
    )
    everything = f'<button type="button" class="hx-filter on" data-filter="">{esc(say(language, "timeline.all"))}<small>{len(events):,}</small></button>'
    recent, older = events[:TIMELINE_SHOWN], events[TIMELINE_SHOWN : TIMELINE_SHOWN + 500]
    body = _months(shop, recent, language)
    if older:
        count = len(events) - len(recent)
        body += fold(
            "older",
            esc(say(language, "timeline.older", n=f"{count:,}")),
            _months(shop, older, language),
            css="hx-older",
        )
    bar = f'<div class="hx-filters">{everything}{chips}</div>' if len(kinds) > 1 else ""
    return f'<div class="hx-timeline">{bar}{body}</div>'


def _months(shop: Shop, events: list[Event], language: Language) -> str:
    items = read.items_by_id(shop, (one.item_id for one in events if one.item_id))
    texts = evidence_store.get(shop, [ids.text_evidence_id(one.event_id) for one in events if one.has_text])
    months: dict[str, list[str]] = {}
    for one in events:
        day = clock.day_of(one.occurred_at, shop.tz).isoformat() if one.occurred_at is not None else ""
        text = texts.get(ids.text_evidence_id(one.event_id))
        item = items.get(one.item_id or "")
        title = item.label(language) if item else (one.item_id or "")
        months.setdefault(day[:7], []).append(_entry(one, day, title, text.clean if text else "", language))
    return "".join(
        f'<section class="hx-month"><h5>{esc(month or say(language, "timeline.undated"))}</h5><ul>{"".join(lines)}</ul></section>'
        for month, lines in months.items()
    )


def _entry(one: Event, day: str, title: str, text: str, language: Language) -> str:
    target = ids.text_evidence_id(one.event_id) if text else ids.record_evidence_id(one.event_id)
    scale = 10 if one.kind == "survey" else 5
    facts = [
        render.money(one.amount_minor, one.currency) if one.amount_minor is not None else "",
        f"{one.rating:g} / {scale}" if one.rating is not None else "",
        status(language, one.status or ""),
        say(language, f"speaker.{one.speaker}") if one.speaker != "customer" and one.kind != "note" else "",
    ]
    excerpt = " ".join(text.split())
    excerpt = excerpt if len(excerpt) <= 110 else excerpt[:108] + " …"
    return (
        f'<li data-kind="{esc(one.kind)}"><button type="button" data-do="record" data-id="{esc(target)}"><span class="hx-day">{esc(day[8:])}</span>'
        f'<span class="hx-what"><span>{kind_tag(one.kind, language)}<b>{esc(title)}</b></span>'
        f"{f'<q>{esc(excerpt)}</q>' if excerpt else ''}<small>{esc(_join(facts))}</small></span></button></li>"
    )


def _join(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _day(shop: Shop, seconds: int | None) -> str:
    return clock.day_of(seconds, shop.tz).isoformat() if seconds is not None else ""
