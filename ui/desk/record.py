"""The drawer: the very record behind a citation, with the quoted words highlighted, or a summary and its events."""

from __future__ import annotations

import re

from huaxiang.features import selector
from huaxiang.privacy.sight import Sight
from huaxiang.schema.event import Event, Item, Source
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.trait import Citation
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read, render
from huaxiang.store.shop import Shop
from ui.desk.markup import empty, esc, flags, fold, marked, rows
from ui.desk.texts import Language, say, status

MAX_BEHIND = 60


def drawer(shop: Shop, evidence_id: str, *, language: Language, quote: str = "", span: Citation | None = None) -> str:
    """The open drawer for this evidence.

    Args:
        evidence_id: of a text, a record, a customer or a summary; one that is gone says so.
        quote: words to highlight, looked for in the text.
        span: exact offsets into the cleaned text; used when the words there are still the quoted ones.
    """
    found = evidence_store.get(shop, [evidence_id]).get(evidence_id)
    if found is None:
        body, head = empty(say(language, "record.gone"), evidence_id), say(language, "record.title")
    elif found.kind == "summary" and not Sight.of_shop(shop).sees_rule(found.rule):
        body, head = empty(say(language, "record.hidden"), evidence_id), say(language, "record.summary")
    elif found.kind == "summary":
        body, head = _summary(shop, found, language), say(language, "record.summary")
    elif found.event_id is None:
        body, head = _person(found, language), say(language, "record.customer")
    else:
        body, head = _event_body(shop, found, language, quote, span), say(language, "record.title")
    return (
        f'<aside class="hx-rec" role="dialog" aria-label="{esc(head)}"><header><b>{esc(head)}</b>'
        f'<button type="button" data-do="close" aria-label="{esc(say(language, "record.close"))}" title="Esc">'
        f'<svg viewBox="0 0 16 16" width="14" height="14" stroke="currentColor" stroke-width="1.8"><path d="M3 3l10 10M13 3L3 13"/></svg>'
        f'</button></header><div class="hx-recbody">{body}</div></aside>'
    )


def kind_tag(kind: str | None, language: Language) -> str:
    """The event's kind as a small coloured tag."""
    labels = render.KIND_LABELS.get(kind or "")
    return f'<span class="hx-kind k-{esc(kind or "none")}">{esc(labels[0 if language == "zh" else 1] if labels else kind or "")}</span>'


def _event_body(shop: Shop, found: Evidence, lang: Language, quote: str, span: Citation | None) -> str:
    event = read.events_by_id(shop, [found.event_id or ""])[found.event_id or ""]
    item = read.items_by_id(shop, [event.item_id] if event.item_id else []).get(event.item_id or "")
    text = found if found.kind == "text" else _text_of(shop, event)
    day = render.day(event.occurred_at, shop.tz, lang)
    title = item.label(lang) if item else (event.item_id or "")
    head = f'<div class="hx-rechead">{kind_tag(event.kind, lang)}<time>{esc(day)}</time><span class="hx-rectitle">{esc(title)}</span></div>'
    words = ""
    if text is not None:
        start, end = _where(text.clean, quote, span)
        words = f'<blockquote class="hx-full" lang="{esc(text.language)}">{marked(text.clean, start, end)}</blockquote>'
    if found.kind == "record":
        words = f'<p class="hx-line">{esc(found.text(lang))}</p>' + words
    return head + words + _facts(shop, event, item, found, lang) + (_raw(text, lang) if text else "")


def _text_of(shop: Shop, event: Event) -> Evidence | None:
    if not event.has_text:
        return None
    from huaxiang import ids

    one = ids.text_evidence_id(event.event_id)
    return evidence_store.get(shop, [one]).get(one)


def _where(text: str, quote: str, span: Citation | None) -> tuple[int, int]:
    """Offsets of the quoted words in the text; (0, 0) when they are not there or are all of it."""
    if span is not None and span.end > span.start and text[span.start : span.end] == span.quote:
        return span.start, span.end
    words = quote or (span.quote if span else "")
    # an answer shows a quote on one line, so any white space in it may be a line break in the text
    found = re.search(r"\s+".join(map(re.escape, words.split())), text) if words.strip() else None
    return found.span() if found and found.end() - found.start() < len(text.strip()) else (0, 0)


def _facts(shop: Shop, event: Event, item: Item | None, found: Evidence, lang: Language) -> str:
    def money(minor: int | None) -> str | None:
        return esc(render.money(minor, event.currency)) if minor is not None else None

    scale = 10 if event.kind == "survey" else 5
    person = read.customers_by_id(shop, [event.customer_id]).get(event.customer_id)
    name = f"{person.name} · {event.customer_id}" if person and person.name else event.customer_id
    category = _category(item.category, lang) if item and item.category else None
    speaker = say(lang, f"speaker.{event.speaker}") if event.kind in ("message", "ticket", "note") else None
    facts: list[tuple[str, str | None]] = [
        ("record.customer_name", esc(name)),
        ("record.rating", f"{event.rating:g} / {scale}" if event.rating is not None else None),
        ("record.amount", money(event.amount_minor)),
        ("record.discount", money(event.discount_minor) if event.discount_minor else None),
        ("record.quantity", f"{event.quantity:g}" if event.quantity is not None else None),
        ("record.order", esc(event.order_id) if event.order_id else None),
        ("record.brand", esc(item.brand) if item and item.brand else None),
        ("record.category", esc(category) if category else None),
        (
            "record.price",
            esc(render.money(item.price_minor, item.currency)) if item and item.price_minor is not None else None,
        ),
        ("record.status", esc(status(lang, event.status)) if event.status else None),
        ("record.channel", esc(event.channel) if event.channel else None),
        ("record.speaker", esc(speaker) if speaker else None),
        ("record.flags", flags(lang, tuple(dict.fromkeys((*event.flags, *found.flags)))) or None),
        ("record.source", _source(found.source, lang)),
        ("record.source_id", f"<code>{esc(event.source_id)}</code>" if event.source_id else None),
        ("record.event", f"<code>{esc(event.event_id)}</code>"),
        ("record.evidence", f"<code>{esc(found.evidence_id)}</code>"),
    ]
    return rows((say(lang, key), value) for key, value in facts)


def _category(value: str, lang: Language) -> str:
    from huaxiang.features.wording import CATEGORY_ZH

    return CATEGORY_ZH.get(value.casefold(), value) if lang == "zh" else value


def _source(source: Source | None, lang: Language) -> str | None:
    if source is None or not source.file:
        return None
    return esc(say(lang, "record.row", file=source.file, row=f"{source.row:,}"))


def _raw(text: Evidence, lang: Language) -> str:
    if not text.raw or text.raw == text.clean:
        return ""
    return fold("raw", esc(say(lang, "record.raw")), f'<blockquote class="hx-full raw">{esc(text.raw)}</blockquote>')


def _person(found: Evidence, lang: Language) -> str:
    head, _, body = found.text(lang).partition(": ")
    pairs = [part.partition(": ") for part in body.split("; ") if part]
    facts: list[tuple[str, str | None]] = [(label, esc(value)) for label, _, value in pairs]
    facts.append((say(lang, "record.source"), _source(found.source, lang)))
    return f'<p class="hx-line">{esc(head)}</p>' + rows(facts)


def _summary(shop: Shop, found: Evidence, lang: Language) -> str:
    behind = selector.expand(shop, found)
    stale = f'<p class="hx-note warn">{esc(say(lang, "record.stale"))}</p>' if selector.is_stale(shop, found) else ""
    facts = rows(
        (
            (say(lang, "record.rule"), f"<code>{esc(found.rule or '')}</code>"),
            (say(lang, "record.behind"), esc(say(lang, "record.count", n=f"{found.event_count or len(behind):,}"))),
            (say(lang, "record.evidence"), f"<code>{esc(found.evidence_id)}</code>"),
        )
    )
    return f'<p class="hx-line big">{esc(found.text(lang))}</p>{stale}{facts}{_behind(shop, behind, lang)}'


def _behind(shop: Shop, event_ids: list[str], lang: Language) -> str:
    """The newest `MAX_BEHIND` events, each foldable to its own text and source."""
    from huaxiang import ids

    shown = event_ids[::-1][:MAX_BEHIND]
    events = read.events_by_id(shop, shown)
    items = read.items_by_id(shop, (one.item_id for one in events.values() if one.item_id))
    texts = evidence_store.get(shop, [ids.text_evidence_id(one) for one in shown if events[one].has_text])
    lines = []
    for one in (events[key] for key in shown):
        record = evidence_store.record_evidence(shop, one, items.get(one.item_id or ""))
        text = texts.get(ids.text_evidence_id(one.event_id))
        words = f'<blockquote class="hx-full">{esc(text.clean)}</blockquote>' if text else ""
        where = rows(
            (
                (say(lang, "record.source"), _source(record.source, lang)),
                (say(lang, "record.event"), f"<code>{esc(one.event_id)}</code>"),
            )
        )
        lines.append(
            fold(
                f"ev-{one.event_id}",
                kind_tag(one.kind, lang) + esc(_short(record.text(lang), one, lang)),
                words + where,
                css="hx-ev",
            )
        )
    rest = len(event_ids) - len(shown)
    tail = f'<p class="hx-note">{esc(say(lang, "record.more", n=f"{rest:,}"))}</p>' if rest > 0 else ""
    return f'<h4>{esc(say(lang, "record.behind"))}</h4><div class="hx-behind">{"".join(lines)}</div>{tail}'


def _short(line: str, event: Event, lang: Language) -> str:
    """A record's line without its kind, which the tag already says."""
    label = render.KIND_LABELS[event.kind][0 if lang == "zh" else 1]
    return (
        re.sub(r"\s+(?=[:\uff1a])|\s{2,}", " ", line.replace(f" {label}", " ", 1))
        .replace(" :", " ")
        .replace(" \uff1a", " ")
    )
