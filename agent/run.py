"""One question from words to a checked answer. Code decides whom it is about, whether it can be answered, and the wording."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agent.answer import agreement, allowed, check, gather, likely, premises
from agent.answer.choosing import Cost, pick
from agent.answer.context import Context, Statement
from agent.answer.open_question import pick_tools
from agent.answer.say import Abstention, abstain, not_understood
from agent.events import Card, Done, Note, RunEvent, Text, ToolFinished, ToolStarted
from agent.question import aims, asked, asking, dates, follow, items, plain, retell, scope, words
from agent.statements import apart, compare, heeded, shopwide, summaries
from agent.threads import new_id
from agent.trace import write_trace
from huaxiang import clock
from huaxiang.schema.answer import Answer, CitedEvidence, Sentence
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.sensitive import is_sensitive
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.text import aspects as aspect_reader
from huaxiang.text.normalise import to_simplified

if TYPE_CHECKING:
    from agent.runtime import Runtime

MAX_QUESTION = 2000
MAX_CUSTOMERS = 8
_ASKS = re.compile(
    r"评|说|提|觉得|反馈|口碑|卖|退|买|\b(say|said|think|review|feedback|about|like|mention|sell|bought|buy|return|report)",
    re.IGNORECASE,
)
# several bear the name and the question is about each of them, or which of them it is
_ALL_BEARERS = re.compile(
    r"哪(一)?(个|位)|\bwhich (one|of them)\b|\b[Ww]hich (?=[A-Z])|各|分别|两(?:个|位|人)|俩|\b(?:each|both|two|vs|versus|respectively)\b"
)
_ONE_PERSON = re.compile(r"\b(he|she|him|her|his|hers)\b|[他她](?!们)", re.IGNORECASE)


@dataclass
class Run:
    """State of one question on its way."""

    runtime: Runtime
    question: str
    thread_id: str | None = None
    picked: str | None = None
    should_stop: Callable[[], bool] | None = None
    typed: str = ""
    run_id: str = field(default_factory=new_id)
    cost: Cost = field(default_factory=Cost)
    began: float = field(default_factory=time.perf_counter)
    card_seconds: float | None = None
    first_seconds: float | None = None

    def events(self) -> Iterator[RunEvent]:
        """The run as a stream; the last event is `Done`."""
        self.typed = self.question.encode("utf-8", "replace").decode("utf-8")[:MAX_QUESTION].strip()
        self.question = plain.plain(to_simplified(self.typed))
        self.language = plain.language_of(self.question)
        context = self._resolve()
        self.context = context
        llm = self.runtime.llm
        if llm is not None:
            context.pick_tools = lambda: pick_tools(context, llm, self.cost)
        refused = self._refused(context)
        if refused is not None:
            yield from self._done([], refused)
            return
        if self.runtime.llm_state() == "loading":
            yield Note(
                run_id=self.run_id,
                code="llm-loading",
                text=context.say(
                    "语言模型还在加载，先按规则回答。", "The language model is still loading; answering by rules."
                ),
            )
        statements = yield from self._gathered(context)
        if not statements:
            yield from self._done([], self._nothing(self.context))
            return
        yield from self._answer(self.context, statements)

    def _gathered(self, context: Context) -> Generator[RunEvent, None, list[Statement]]:
        """Candidate statements; a figure only where it is of what was asked, else that of another maker, or none."""
        if (told := (yield from self._apart(context))) is not None:
            return told
        found = yield from self._candidates(context)
        self.context, found = yield from agreement.settled(context, self.context, found, self._stated)
        return found

    def _apart(self, context: Context) -> Generator[RunEvent, None, list[Statement] | None]:
        """What a maker of its own tells of a question that the tables take for an easier one; None where there is none."""
        told = apart.told(context)
        yield from self._card(context) if told is not None else ()
        yield from self._steps(context)
        return told

    def _candidates(self, context: Context) -> Generator[RunEvent, None, list[Statement]]:
        """Candidate statements; a question that the tables do not read, or found nothing for, is told again in other words."""
        if heeded.settled(context):
            return (yield from self._stated(context))
        read, said = gather.is_read(context), likely.is_said(context)
        first = None if read else retell.retold(context, least=retell.SAID if said else retell.HINT)
        found = (yield from self._stated(first)) if first else []
        if first and retell.outweighs(context, found, least=2.0 if said else retell.SURE):
            self.context = first
            return found
        found = yield from self._stated(context)
        if any(one.direct for one in found):
            return (yield from self._otherwise(context, found))
        if any(one.kind == "trait" for one in found) or gather.presumes_what_was_not_bought(context):
            return found
        beside = bool(found), bool(context.fields)
        least = retell.CERTAIN if all(beside) else retell.SAID if any(beside) else retell.HINT
        again = retell.retold(context, least=least)
        told = (yield from self._stated(again)) if again else []
        # quotes where a record was asked for give way to the record
        if again and retell.outweighs(context, told, least=2.0 if found else retell.LIKELY):
            self.context = again
            return told
        return found

    def _otherwise(self, context: Context, found: list[Statement]) -> Generator[RunEvent, None, list[Statement]]:
        """Figures found by the tables, or those of another kind of question, where the model is certain that it is that one."""
        wide = not {aim.name for aim in context.aims} & gather.NARROW and not context.fields
        again = retell.retold(context, least=retell.CERTAIN) if wide and retell.differs(context) else None
        told = (yield from self._stated(again)) if again else []
        if again and any(one.direct for one in told):
            self.context = again
            return told
        return found

    def _stated(self, context: Context) -> Generator[RunEvent, None, list[Statement]]:
        """The statements that the makers have for a question, customer by customer; the card comes first."""
        statements: list[Statement] = []
        for customer in self._targets(context):
            context.customer_id = customer
            yield from self._card(context)
            context.memo.pop("items_named", None)
            found = gather.statements(context)
            statements.extend(found if len(context.scope.customers) == 1 else found[:2])
            yield from self._steps(context)
        if context.scope.everyone:
            statements = heeded.told(context)
            yield from self._steps(context)
        if len(context.scope.customers) > 1 and aims.is_comparison(context.question):
            statements = compare.compare(context, context.scope.customers[:MAX_CUSTOMERS]) or statements
            yield from self._steps(context)
        return statements

    def _resolve(self) -> Context:
        deps = self.runtime.deps
        one = bool(_ONE_PERSON.search(self.question))
        last = self.runtime.threads.last(self.thread_id, one=one) if self.thread_id else None
        found = scope.resolve(
            self.question,
            deps,
            language=self.language,
            thread_customers=last.customers if last else (),
            picked=self.picked,
        )
        found = scope.narrowed(found, self.question, deps)
        if last and len(found.customers) == len(last.customers) == 1 and found.mentions and follow.joins(self.question):
            found = replace(found, customers=tuple(dict.fromkeys((*last.customers, *found.customers))))
        context = self._without_lead(self._understood(found))
        found = context.scope
        settled = self._settled(context)
        if settled is not None:
            return settled
        if (
            found.from_thread
            and not scope.has_pronoun(self.question)
            and follow.of_the_shop(self.question, context, found.customers)
        ):
            return self._understood(scope.for_everyone(replace(found, customers=(), from_thread=False)))
        if last:
            rest = follow.completed(self.question, context, last.rest)
            order = follow.order_meant(self.question, context, last.answer) if found.from_thread else None
            if order:
                context = self._understood(replace(found, order_ids=(order,)))
            elif rest != found.rest:
                context = self._understood(scope.with_rest(found, rest))
            elif follow.points_back(self.question) and not items.meant(context):
                context.scope = replace(found, item_ids=follow.items_of(last.answer, deps.shop, self.question))
            if len(last.customers) > 1 and not found.mentions and follow.of_them(self.question):
                context.scope = scope.for_everyone(replace(context.scope, customers=(), item_ids=()))
                context.memo["among"] = last.customers
        context.fields = items.fields_beside(context)
        return context

    def _without_lead(self, context: Context) -> Context:
        """The question without what is said before it ("doing a loyalty card, …"), unless that names what is asked about."""
        cut = asking.lead_of(context.scope.rest)
        if cut is None:
            return context
        lead, rest, is_purpose = cut
        told = words.content_words(lead, context.language)
        named = (
            context.scope.order_ids
            or items.meant(context, lead, told)
            or dates.resolve(lead, context.deps.shop.today())
            or asked.which_of(lead) not in ("", "all")
        )
        said = aims.of(lead) or aims.fields_of(lead) or aspect_reader.aspect_of_question(lead)
        if named or (said and not is_purpose) or not (aims.of(rest) or aims.fields_of(rest)):
            return context
        whole = asking.lead_of(self.question)
        return self._understood(scope.with_rest(context.scope, rest), question=whole[1] if whole else None)

    def _settled(self, context: Context) -> Context | None:
        """After "which one?", the question that was asked then, with what was said now; None when that settles nothing."""
        newest = self.runtime.threads.newest(self.thread_id) if self.thread_id else None
        if newest is None or not follow.settles(self.question, context, newest.answer):
            return None
        whole = f"{newest.question} {self.question}"
        found = scope.narrowed(scope.resolve(whole, context.deps, language=self.language), whole, context.deps)
        if len(found.customers) != 1 or found.ambiguous:
            return None
        settled = self._understood(found, question=whole)
        settled.fields = items.fields_beside(settled)
        return settled

    def _understood(self, found: scope.Scope, *, question: str | None = None) -> Context:
        """The question's words read by the tables: aims, fields, aspects, dates."""
        rest, deps = found.rest, self.runtime.deps
        return Context(
            question=question or self.question, language=self.language, deps=deps, scope=found, span=dates.resolve(rest, deps.shop.today()),
            aims=aims.of(rest), fields=aims.fields_of(rest), aspects=list(aspect_reader.aspect_of_question(rest)),
        )  # fmt: skip

    def _refused(self, context: Context) -> Abstention | None:
        """Reasons not to look anything up."""
        found = context.scope
        if not self.question:
            return Abstention("out_of_scope", context.say("问题是空的。", "The question is empty."))
        reason = (
            "not_allowed"
            if is_sensitive(self.question)
            else aims.refusal(self.question, products=scope.catalogue_words(context.deps))
        )
        if reason is not None:
            return abstain(reason, context)
        if shopwide.is_figure(context):
            return allowed.heed(context)
        if found.unknown and not found.customers and not found.ambiguous:
            return abstain("no_such_customer", context)
        if found.unknown and aims.is_comparison(self.question):
            return abstain("no_such_customer", context)
        if found.ambiguous and _ALL_BEARERS.search(self.question):
            among = tuple(dict.fromkeys(c for m in found.ambiguous for c in m.customers))
            among = tuple(dict.fromkeys([*found.customers, *among]))
            context.scope = replace(found, customers=among[:MAX_CUSTOMERS], ambiguous=())
            return allowed.heed(context)
        if found.ambiguous and (not found.customers or aims.is_comparison(self.question)):
            return abstain("ambiguous", context)
        left = () if found.customers or scope.has_pronoun(self.question) else shopwide.not_understood(context)
        if left:  # a total that leaves out a condition would be wrong
            return not_understood(context, left)
        if not found.customers and not found.everyone:
            known = context.aims or context.fields or context.aspects
            if not scope.has_pronoun(self.question) and (
                shopwide.asked(context) or retell.retold(context, least=retell.OVER_ALL)
            ):
                return allowed.heed(context)
            if scope.has_pronoun(self.question) or (known and not context.topic):
                return abstain("ambiguous", context)
            asks = scope.WHO.search(self.question) or _ASKS.search(self.question)
            if not known and not (asks and items.meant(context)):
                return abstain("out_of_scope", context)
        undated = gather.unread_words(context)
        return not_understood(context, undated) if undated else allowed.heed(context)

    def _targets(self, context: Context) -> tuple[str, ...]:
        if len(context.scope.customers) > 1 and aims.is_comparison(context.question):
            return ()
        if not context.scope.customers and not context.scope.everyone:
            context.scope = scope.for_everyone(context.scope)
        return context.scope.customers[:MAX_CUSTOMERS]

    def _card(self, context: Context) -> Iterator[RunEvent]:
        if self.card_seconds is None and len(context.scope.customers) == 1:
            card = [Sentence(text=one.text, evidence=one.evidence) for one in summaries.card(context)]
            self.card_seconds = time.perf_counter() - self.began
            yield Card(run_id=self.run_id, sentences=tuple(card), customers=context.scope.customers)
            yield from self._steps(context)

    def _steps(self, context: Context) -> Iterator[RunEvent]:
        seen = context.memo.setdefault("steps_shown", 0)
        for step in context.steps[seen:]:
            yield ToolStarted(run_id=self.run_id, tool=step.tool, args=step.args)
            yield ToolFinished(run_id=self.run_id, step=step)
        context.memo["steps_shown"] = len(context.steps)

    def _answer(self, context: Context, statements: list[Statement]) -> Iterator[RunEvent]:
        known = evidence_store.get(context.deps.shop, [one for s in statements for one in s.evidence])
        names = _names(context, known)
        sight = context.deps.sight
        sound = [
            s
            for s in statements
            if check.problem(s, known, customers=context.scope.customers, names=names) is None
            and all(sight.sees_rule(known[one].rule) for one in s.evidence)
        ]
        if not sound:
            yield from self._done([], self._nothing(context))
            return
        shown: list[Statement] = []
        llm = self.runtime.llm
        for one in pick(
            sound, question=self.question, language=self.language, llm=llm, cost=self.cost, should_stop=self.should_stop
        ):
            if self.should_stop and self.should_stop():
                break
            shown.append(one)
            if self.first_seconds is None:
                self.first_seconds = time.perf_counter() - self.began
            yield Text(run_id=self.run_id, sentence=Sentence(text=one.text, evidence=one.evidence))
        if self.cost.failed:
            yield Note(
                run_id=self.run_id,
                code=self.cost.failed,
                text=context.say(
                    "语言模型没有给出可用的选择，以下按规则排序。",
                    "The language model gave no usable choice; ordered by rules.",
                ),
            )
        yield from self._done(shown, None, known)

    def _nothing(self, context: Context) -> Abstention:
        from agent.statements import traits

        if (
            context.customer_id
            and context.fields
            and (traits.conflicts(context) or gather.contradictory(traits.sentences(context, customer_only=True)))
        ):
            return abstain("conflict", context)
        kind = retell.kind_of(context)
        if kind is not None and kind.label in ("not_allowed", "out_of_scope") and kind.probability >= retell.OVER_ALL:
            return abstain(kind.label, context)
        return premises.denied(context) or abstain("no_evidence", context)

    def _done(
        self, shown: list[Statement], refused: Abstention | None, known: dict[str, Evidence] | None = None
    ) -> Iterator[RunEvent]:
        context = self.context
        sentences = tuple(Sentence(text=one.text, evidence=one.evidence) for one in shown)
        named = dict.fromkeys(one.customer_id for one in shown if one.customer_id)
        owners = dict.fromkeys(c for one in shown for i in one.evidence if (c := (known or {})[i].customer_id))
        customers = context.scope.customers or tuple(dict.fromkeys([*named, *owners]))
        text = "\n".join(one.text for one in sentences) if shown else (refused.text if refused else "")
        answer = Answer(
            question=self.typed, language=self.language, answer=text, sentences=sentences,
            evidence=tuple(_cited(context, shown, known or {})), steps=tuple(context.steps), customers=customers,
            abstained=refused is not None, reason=refused.reason if refused else None, help=refused.help if refused else None,
            llm=self.cost.use(), llm_problem=self.cost.failed, thread_id=self.thread_id, run_id=self.run_id, first_sentence_seconds=self.first_seconds,
            card_seconds=self.card_seconds, seconds=round(time.perf_counter() - self.began, 4),
        )  # fmt: skip
        if self.thread_id:
            self.runtime.threads.add(self.thread_id, answer, rest=context.scope.rest)
        write_trace(context.deps.shop, answer)
        actor = context.deps.actor
        self.runtime.run_log.add(answer, who=actor.name, role=actor.role, purpose=actor.purpose)
        yield Done(run_id=self.run_id, answer=answer)


def _names(context: Context, known: dict[str, Evidence]) -> list[str]:
    people = read.customers_by_id(context.deps.shop, {one.customer_id for one in known.values()})
    items = read.items_by_id(context.deps.shop, {one.item_id for one in known.values() if one.item_id})
    names = [part for p in people.values() for part in (p.customer_id, p.name) if part]
    names += [part for item in items.values() for part in (item.item_id, item.title, item.title_en) if part]
    span = context.span
    return names + [day.isoformat() for day in (span.since, span.until) if span and day] if span else names


def _cited(context: Context, shown: list[Statement], known: dict[str, Evidence]) -> Iterator[CitedEvidence]:
    quotes: dict[str, str] = {}
    for statement in shown:
        words = check.quoted_words(statement.text)
        for one in statement.evidence:
            if words and known[one].kind == "text":
                quotes.setdefault(one, check.span_of(words, known[one].clean))
    for one in dict.fromkeys(i for statement in shown for i in statement.evidence):
        found = known[one]
        yield CitedEvidence(
            id=one, customer_id=found.customer_id, kind=found.event_kind or found.kind,
            occurred_at=clock.from_epoch(found.occurred_at).isoformat() if found.occurred_at is not None else None,
            quote=quotes.get(one) or found.text(context.language), source=found.source, event_count=found.event_count,
        )  # fmt: skip
