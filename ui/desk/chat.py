"""The conversation as HTML: questions, tool steps, the computed card, cited sentences, thumbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huaxiang.schema.answer import Answer, Sentence
from ui.desk.markup import cite, esc, fold
from ui.desk.session import RunningStep, Session, Turn
from ui.desk.texts import NAMED, SUGGESTIONS, Language, args_in_words, counted, say, tool

Names = Mapping[str, str | None]


def render(session: Session, names: Names, *, llm_ready: bool) -> str:
    """The whole transcript, or an invitation with a few questions when there is none yet."""
    if not session.turns:
        return _invitation(session, names)
    parts = []
    about: str | None = None
    for place, turn in enumerate(session.turns):
        if turn.customer_id and turn.customer_id != about and place:
            name = names.get(turn.customer_id) or turn.customer_id
            parts.append(
                f'<div class="hx-divide"><span>{esc(say(session.language, "chat.about", name=name))}</span></div>'
            )
        about = (turn.customers[0] if len(turn.customers) == 1 else turn.customer_id) or about
        parts.append(_turn(place, turn, session.language, names, llm_ready))
    return f'<div class="hx-log">{"".join(parts)}</div>'


def _invitation(session: Session, names: Names) -> str:
    lang, chosen = session.language, session.customer_id
    title, text, questions = say(lang, "chat.empty.title"), say(lang, "chat.empty.text"), list(SUGGESTIONS[lang])
    if chosen:
        title, text = say(lang, "chat.empty.picked", name=names.get(chosen) or chosen), ""
    else:
        questions = _about_somebody(names)
    chips = "".join(
        f'<button type="button" class="hx-chip" data-do="suggest" data-q="{esc(q)}">{esc(q)}</button>'
        for q in questions
    )
    return f'<div class="hx-invite"><h2>{esc(title)}</h2><p>{esc(text)}</p><div class="hx-chips">{chips}</div></div>'


def _about_somebody(names: Names) -> list[str]:
    """Two questions in each language about the most recent customers whose names are written in it."""
    questions = []
    for language, patterns in NAMED.items():
        fits = (name for name in names.values() if name and (ord(name[0]) > 0x2E80) == (language == "zh"))
        name = next(fits, None)
        questions += [pattern.format(name=name) for pattern in patterns] if name else []
    return questions


def _turn(place: int, turn: Turn, lang: Language, names: Names, llm_ready: bool) -> str:
    body = "".join(
        (
            _steps(place, turn, lang, names), _card(place, turn, lang), _notes(turn, lang),
            _sentences(place, turn, lang), _pending(turn, lang, llm_ready), _ending(place, turn, lang, names),
        )
    )  # fmt: skip
    return (
        f'<article class="hx-turn" data-turn="{place}"><div class="hx-q">{esc(turn.question)}</div>'
        f'<div class="hx-a {turn.state}">{body}</div></article>'
    )


def _steps(place: int, turn: Turn, lang: Language, names: Names) -> str:
    if not turn.steps:
        return ""
    seconds = sum(one.step.seconds for one in turn.steps if one.step)
    running = next((one for one in reversed(turn.steps) if one.step is None), None)
    head = f"<b>{esc(say(lang, 'steps.title'))}</b> <span>{esc(counted(lang, 'steps.count', 'steps.count1', len(turn.steps)))}"
    head += f" · {esc(_seconds(lang, seconds))}</span>"
    if running is not None and turn.state == "running":
        head += f' <em class="hx-live">{esc(tool(lang, running.tool))}</em>'
    lines = "".join(_step(one, lang, names) for one in turn.steps)
    return fold(f"steps-{place}", head, f'<ol class="hx-steps">{lines}</ol>', css="hx-stepfold")


def _step(one: RunningStep, lang: Language, names: Names) -> str:
    words = args_in_words(lang, one.args, names)
    end, css = say(lang, "steps.running"), "wait"
    if one.step is not None and one.step.ok:
        n, css = len(one.step.evidence), "ok"
        end = counted(lang, "steps.evidence", "steps.evidence1", n) if n else say(lang, "steps.noevidence")
        end = f"{_seconds(lang, one.step.seconds)} · {end}"
    elif one.step is not None:
        end, css = say(lang, "steps.failed"), "bad"
    why = f'<div class="hx-err">{esc(one.step.error)}</div>' if one.step and one.step.error else ""
    return (
        f'<li class="{css}"><b title="{esc(one.tool)}">{esc(tool(lang, one.tool))}</b> <span class="hx-args">{esc(words)}</span>'
        f'<span class="hx-end">{esc(end)}</span>{why}</li>'
    )


def _lines(place: int, turn: Turn, sentences: Iterable[Sentence]) -> str:
    lines = []
    for sentence in sentences:
        marks = "".join(cite(turn.number(one), one, turn=place) for one in sentence.evidence)
        lines.append(f'<p class="hx-s">{esc(sentence.text)}<span class="hx-cites">{marks}</span></p>')
    return "".join(lines)


def _card(place: int, turn: Turn, lang: Language) -> str:
    if not turn.card or _same(turn.card, turn.sentences):
        return ""
    head = f"<b>{esc(say(lang, 'card.title'))}</b> <span>{esc(say(lang, 'card.caption'))}</span>"
    answered = turn.state == "done" and bool(turn.sentences)
    return fold(f"card-{place}-{answered}", head, _lines(place, turn, turn.card), opened=not answered, css="hx-card")


def _same(card: Iterable[Sentence], answer: Iterable[Sentence]) -> bool:
    return {one.text for one in card} <= {one.text for one in answer}


def _notes(turn: Turn, lang: Language) -> str:
    lines = [f'<p class="hx-note" data-code="{esc(note.code)}">{esc(note.text)}</p>' for note in turn.notes]
    if turn.approvals:
        lines.append(f'<p class="hx-note">{esc(say(lang, "note.approval"))}</p>')
    return "".join(lines)


def _sentences(place: int, turn: Turn, lang: Language) -> str:
    answer = turn.answer
    if answer is not None and answer.abstained:
        return _abstention(place, turn, answer, lang)
    if turn.sentences:
        return f'<div class="hx-text" lang="{esc(answer.language) if answer else ""}">{_lines(place, turn, turn.sentences)}</div>'
    if answer is not None and answer.answer:
        return f'<div class="hx-text"><p class="hx-s">{esc(answer.answer)}</p></div>'
    return ""


def _abstention(place: int, turn: Turn, answer: Answer, lang: Language) -> str:
    reason = say(lang, f"reason.{answer.reason}") if answer.reason else say(lang, "answer.abstained")
    said = _lines(place, turn, turn.sentences) or f'<p class="hx-s">{esc(answer.answer)}</p>'
    helps = ""
    if answer.help and answer.help.strip() not in answer.answer:
        helps = f'<p class="hx-help"><b>{esc(say(lang, "answer.helps"))}</b> {esc(answer.help)}</p>'
    return f'<div class="hx-abstain"><span class="hx-tag warn">{esc(reason)}</span>{said}{helps}</div>'


def _pending(turn: Turn, lang: Language, llm_ready: bool) -> str:
    if turn.state != "running":
        return ""
    key = "answer.choosing" if turn.card and llm_ready else "answer.looking"
    return f'<p class="hx-wait"><i></i>{esc(say(lang, key))}</p>'


def _ending(place: int, turn: Turn, lang: Language, names: Names) -> str:
    if turn.state == "stopped":
        key = "answer.stopped" if turn.card or turn.sentences else "answer.stopped.empty"
        return f'<p class="hx-note">{esc(say(lang, key))}</p>'
    if turn.state == "failed":
        message, hint = turn.error or ("", "")
        more = f"<p>{esc(hint)}</p>" if hint else ""
        return f'<div class="hx-fail"><b>{esc(say(lang, "answer.failed"))}</b><p>{esc(message)}</p>{more}</div>'
    if turn.answer is None:
        return ""
    return _choices(turn.answer, lang, names) + _foot(place, turn, turn.answer, lang)


def _choices(answer: Answer, lang: Language, names: Names) -> str:
    if answer.reason != "ambiguous" or not answer.customers:
        return ""
    chips = "".join(
        f'<button type="button" class="hx-chip" data-do="pick" data-id="{esc(one)}">{esc(names.get(one) or one)} <small>{esc(one)}</small></button>'
        for one in answer.customers
    )
    return f'<p class="hx-note">{esc(say(lang, "answer.pick"))}</p><div class="hx-chips">{chips}</div>'


def _foot(place: int, turn: Turn, answer: Answer, lang: Language) -> str:
    used = [say(lang, "answer.rule")]
    if answer.llm.calls:
        used = [answer.llm.model or "", counted(lang, "answer.calls", "answer.call1", answer.llm.calls)]
    facts = " · ".join(part for part in (*used, _seconds(lang, answer.seconds)) if part)
    thumbs = "".join(
        f'<button type="button" class="hx-thumb{" on" if turn.thumb == value else ""}" data-do="thumb" data-turn="{place}"'
        f' data-v="{value}" aria-pressed="{str(turn.thumb == value).lower()}" title="{esc(say(lang, key))}">{_THUMB[value]}'
        f"<span>{esc(say(lang, key))}</span></button>"
        for value, key in ((1, "thumb.up"), (-1, "thumb.down"))
    )
    after = ""
    if turn.thumb:
        after = f'<span class="hx-saved">{esc(say(lang, "thumb.remark" if turn.remarked else "thumb.saved"))}</span>'
    box = ""
    if turn.thumb == -1 and not turn.remarked:
        box = (
            f'<form class="hx-remark" data-do="remark" data-turn="{place}"><input name="text" maxlength="500" autocomplete="off"'
            f' placeholder="{esc(say(lang, "thumb.what"))}"><button type="submit">{esc(say(lang, "thumb.send"))}</button></form>'
        )
    return f'<footer class="hx-foot"><span class="hx-facts">{esc(facts)}</span>{after}{thumbs}</footer>{box}'


def _seconds(lang: Language, seconds: float) -> str:
    return say(lang, "seconds", s=f"{seconds:.1f}" if seconds >= 0.05 else "<0.1")


_PATH = (
    '<svg viewBox="0 0 24 24" width="15" height="15" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"'
    ' aria-hidden="true"{turn}><path d="M7 11v9H4v-9zM7 11l4-8c1.7 0 3 1.3 3 3v3h5a2 2 0 0 1 2 2.3l-1.3 7A2 2 0 0 1 17.7 20H7"/></svg>'
)
_THUMB = {1: _PATH.format(turn=""), -1: _PATH.format(turn=' style="transform:rotate(180deg)"')}
