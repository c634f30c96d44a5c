"""The overview as HTML: groups, who may leave, complaints by product. Each number opens the customers behind it."""

from __future__ import annotations

from collections.abc import Mapping

from huaxiang.text.taxonomy import name_of
from ui.desk.markup import cite, empty, esc, initials
from ui.desk.overview_data import DAYS, Complaint, Overview, Risk
from ui.desk.texts import Language, counted, say

Names = Mapping[str, str | None]


def waiting(language: Language) -> str:
    """The page while it is being computed."""
    return _page(language, "", f'<p class="hx-note" role="status">{esc(say(language, "over.waiting"))}</p>')


def render(found: Overview, names: Names, language: Language, group: str | None) -> str:
    """The whole page; `group` is the key of the number whose customers are listed, if any."""
    head = esc(say(language, "over.day", day=found.day))
    body = (
        f'<div class="hx-ovcols"><div>{_segments(found, language, group)}{_months(found, language)}</div>'
        f"<div>{_risks(found, names, language)}</div></div>{_complaints(found, language, group)}"
    )
    return _page(language, head, body + _members(found, names, language, group))


def members(found: Overview, group: str) -> tuple[str, ...]:
    """The customers behind a number: `segment:NAME` or `item:ID`; nobody for an unknown one."""
    kind, _, key = group.partition(":")
    if kind == "segment":
        return found.segments.get(key, ())
    return next((one.customers for one in found.complaints if kind == "item" and one.item_id == key), ())


def _page(language: Language, head: str, body: str) -> str:
    title, close = esc(say(language, "over.title")), esc(say(language, "over.close"))
    return (
        f'<div class="hx-overview" role="dialog" aria-label="{title}"><header><h2>{title}</h2><span>{head}</span><span class="hx-gap"></span>'
        f'<button type="button" class="hx-new" data-do="close">{close}</button></header>{body}</div>'
    )


def _segments(found: Overview, language: Language, group: str | None) -> str:
    if not found.segments:
        return _section(
            language, "over.segments", "", empty(say(language, "over.hidden" if found.hidden else "people.empty"))
        )
    most = max(map(len, found.segments.values()))
    total = sum(map(len, found.segments.values()))
    lines = "".join(
        f'<li><span title="{esc(say(language, f"over.segment.{name}.help"))}">{esc(say(language, f"over.segment.{name}"))}'
        f"<small>{esc(say(language, f'over.segment.{name}.help'))}</small></span>"
        f"{_bar(len(who) / (most or 1), name)}{_number(len(who), f'segment:{name}', group, language)}<em>{len(who) / (total or 1):.0%}</em></li>"
        for name, who in found.segments.items()
    )
    return _section(language, "over.segments", "over.segments.help", f'<ul class="hx-ovbars">{lines}</ul>')


def _months(found: Overview, language: Language) -> str:
    """Texts about products a month, those that complain in red: drawn by CSS, so it needs no library and no wait."""
    if not found.months:
        return ""
    most = max(texts for _, texts, _ in found.months)
    bars = "".join(
        f'<i title="{esc(say(language, "over.month", month=month, bad=bad, texts=texts))}"><b style="height:{100 * (texts - bad) / most:.0f}%"></b>'
        f'<b class="bad" style="height:{100 * bad / most:.0f}%"></b><small>{esc(month[5:])}</small></i>'
        for month, texts, bad in found.months
    )
    return _section(language, "over.months", "over.months.help", f'<div class="hx-ovmonths">{bars}</div>')


def _risks(found: Overview, names: Names, language: Language) -> str:
    if not found.risks:
        key = "over.hidden" if found.hidden else "over.risks.none"
        return _section(language, "over.risks", "", empty(say(language, key)))
    most = max((one.overdue or 0.0) for one in found.risks) or 1.0
    heads = ("over.customer", "over.why", "over.overdue", "over.spend")
    head = "".join(f"<th>{esc(say(language, one))}</th>" for one in heads)
    rows = "".join(_risk(one, names, most, language) for one in found.risks)
    rest = found.at_risk - len(found.risks)
    tail = f'<p class="hx-note">{esc(say(language, "over.more", n=rest))}</p>' if rest > 0 else ""
    table = f'<table class="hx-ovtable"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{tail}'
    return _section(language, "over.risks", "over.risks.help", table)


def _risk(one: Risk, names: Names, most: float, language: Language) -> str:
    why = "".join(
        f'<span class="hx-tag r-{reason}">{esc(say(language, f"over.reason.{reason}"))}</span>'
        for reason in one.reasons
    )
    late = ""
    if one.overdue is not None and one.days is not None and one.gap is not None:
        told = say(language, "over.days", days=one.days, gap=f"{one.gap:.0f}")
        late = (
            f'{_bar(one.overdue / most, "at_risk")}<small title="{esc(told)}">×{one.overdue:.1f} · {esc(told)}</small>'
        )
    spend = "" if one.spend is None else f"{one.spend:,.0f} {esc(one.currency or '')}"
    return f"<tr><td>{_person(one.customer_id, names)}</td><td>{why}</td><td class=late>{late}</td><td class=num>{spend}</td></tr>"


def _complaints(found: Overview, language: Language, group: str | None) -> str:
    if not found.complaints:
        return _section(language, "over.complaints", "", empty(say(language, "over.complaints.none")))
    most = max(one.complaints for one in found.complaints)
    cards = "".join(_complaint(one, most, language, group) for one in found.complaints)
    told = say(language, "over.complaints.help", days=DAYS)
    return _section(language, "over.complaints", told, f'<div class="hx-ovcards">{cards}</div>')


def _complaint(one: Complaint, most: int, language: Language, group: str | None) -> str:
    aspects = "".join(
        f'<span class="hx-tag">{esc(name_of(name, language))} {count}</span>' for name, count in one.aspects
    )
    quotes = "".join(
        f"<li><q>{esc(_cut(quote.text))}</q>{cite(place, quote.evidence_id, span=quote.span, label=quote.day)}<small>{esc(quote.day)}</small></li>"
        for place, quote in enumerate(one.quotes, start=1)
    )
    share = esc(say(language, "over.of", bad=one.complaints, texts=one.texts))
    number = _number(len(one.customers), f"item:{one.item_id}", group, language, "over.people")
    return (
        f'<article><h4 title="{esc(one.zh if language == "zh" else one.en)}">{esc(one.zh if language == "zh" else one.en)}</h4>'
        f'<div class="hx-ovline">{_bar(one.complaints / most, "bad")}<small>{share}</small>{number}</div>'
        f"<div>{aspects}</div><ul>{quotes}</ul></article>"
    )


def _members(found: Overview, names: Names, language: Language, group: str | None) -> str:
    who = members(found, group) if group else ()
    if not who:
        return ""
    kind, _, key = (group or "").partition(":")
    title = say(language, f"over.segment.{key}") if kind == "segment" else _title(found, key, language)
    lines = "".join(f"<li>{_person(one, names)}</li>" for one in who[:300])
    count = esc(counted(language, "over.people", "over.person", len(who)))
    return f'<aside class="hx-ovwho"><header><b>{esc(title)}</b><small>{count}</small></header><ul>{lines}</ul></aside>'


def _title(found: Overview, item_id: str, language: Language) -> str:
    one = next(one for one in found.complaints if one.item_id == item_id)
    return one.zh if language == "zh" else one.en


def _section(language: Language, title: str, about: str, body: str) -> str:
    told = say(language, about) if about.startswith("over.") else about
    note = f"<p>{esc(told)}</p>" if told else ""
    return f'<section class="hx-ovbox"><h3>{esc(say(language, title))}</h3>{note}{body}</section>'


def _bar(share: float, css: str) -> str:
    width = max(2.0, 100 * min(share, 1.0)) if share else 0.0
    return f'<span class="hx-ovbar s-{esc(css)}"><i style="width:{width:.0f}%"></i></span>'


def _number(n: int, key: str, group: str | None, language: Language, words: str = "") -> str:
    if not n:
        return '<span class="hx-ovnum zero">0</span>'
    text = counted(language, words, "over.person", n) if words else f"{n:,}"
    on = " on" if key == group else ""
    hint = esc(say(language, "over.show"))
    return f'<button type="button" class="hx-ovnum{on}" data-do="group" data-key="{esc(key)}" title="{hint}">{esc(text)}</button>'


def _person(customer_id: str, names: Names) -> str:
    name = names.get(customer_id) or customer_id
    below = f"<small>{esc(customer_id)}</small>" if name != customer_id else ""
    return (
        f'<button type="button" class="hx-ovperson" data-do="pick" data-id="{esc(customer_id)}"><span class="hx-badge">{esc(initials(name))}</span>'
        f"<b>{esc(name)}</b>{below}</button>"
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 140 else flat[:138] + " …"
