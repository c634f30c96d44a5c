"""A whole run of one suite: shop, model, cases (resumed, repeated, in parallel), figures, thresholds, reports."""

from __future__ import annotations

import random
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation import adapters, cases, recorded, records, shops, summary
from evaluation import suite as suites
from evaluation.adapters.base import Fitter, Options, need_data
from evaluation.cases import Agent, Asker, Record
from evaluation.records import RunFolder
from evaluation.suite import Case, Suite
from huaxiang.errors import ConfigError, ModelError

Progress = Callable[[int, int, str], None]
WARM = {"zh": "谁花钱最多", "en": "who spent the most"}


@dataclass(frozen=True)
class Plan:
    """What to run and how. `llm` None is what the shop's settings say; `hide` None hides held-out suites."""

    suite: str
    out: Path
    data: Path | None = None
    shop: Path | None = None
    llm: str | None = None
    baseline: bool = False
    repeat: int = 1
    seed: int = 0
    limit: int | None = None
    parallel: int = 1
    hide: bool | None = None
    fresh: bool = False
    fit: Fitter | None = None
    """How a benchmark of intents fits its model (`training.intent_labels.fit_labels`)."""
    replay: str | None = None
    """A run whose recorded model answers instead of one: the agent runs anew, without a model."""


@dataclass(frozen=True)
class Job:
    """One attempt at one case."""

    suite: Suite
    case: Case
    attempt: int


def run(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Run one suite, write its folder and reports, and return its summary (`summary.make` says what is in it).

    Raises:
        DataError: no such suite or data. ConfigError: a part that is measured is not built. ModelError: no model.
    """
    if plan.suite in adapters.names():
        return _run_adapter(plan, progress)
    found = [suites.load(path) for path in suites.find(plan.suite)]
    if plan.baseline and plan.llm == "none":
        raise ConfigError(
            "the baseline is a language model on its own", hint="--llm local or openai", code="eval-baseline"
        )
    jobs = list(_jobs(found, plan))
    hide = plan.hide if plan.hide is not None else any(one.hide for one in found) or "heldout" in plan.suite
    hashes = {path.name: suites.digest(path) for path in suites.find(plan.suite)}
    about = _about(plan, hide=hide, suites=hashes, thresholds=_thresholds(found))
    folder = records.start(plan.out, _name(plan), about, fresh=plan.fresh)
    left = [job for job in jobs if (job.case.id, job.attempt) not in folder.done]
    _ask(plan, left, folder, hide=hide, report=progress, all_jobs=len(jobs))
    return summary.write(folder)


def replay(name: str, root: Path) -> dict[str, Any]:
    """Judge a recorded run again, without a shop or a model: by today's suites and scorers.

    Cases that the suite no longer holds, and hidden ones, keep the figures they had.

    Raises:
        ConfigError: there is no such run, or it is of a public benchmark, which has no answers to judge.
    """
    old = records.open_run(name, root)
    if old.about["suite"] in adapters.names():
        raise ConfigError(
            "a public benchmark's run holds no answers to judge again", hint="run it anew", code="eval-replay"
        )
    found = [suites.load(path) for path in suites.find(old.about["suite"])]
    known = {case.id: (one, case) for one in found for case in one.cases}
    about = {key: value for key, value in old.about.items() if key not in ("key", "finished", "metrics", "intervals")}
    folder = records.start(root, f"{old.about['suite']}-replay", about | {"replay_of": old.name}, fresh=True)
    for one in old.records():
        folder.add(_judged_again(one, known))
    return summary.write(folder)


def _judged_again(one: Record, known: dict[str, tuple[Suite, Case]]) -> Record:
    if one.answer is None or one.id not in known:
        return one
    from huaxiang.schema.answer import Answer

    answer = Answer.model_validate(one.answer)
    owner, case = known[one.id]
    if answer.question != case.question:  # the suite was written anew under the same ids
        return one
    return cases.judge(owner, case, answer, one.cited, one.bad_citations, one.attempt, events=one.events)


def _run_adapter(plan: Plan, progress: Progress | None) -> dict[str, Any]:
    adapter = adapters.get(plan.suite)
    data = need_data(plan.data, adapter)
    what = adapter.check(data)
    folder = records.start(plan.out, _name(plan), _about(plan, hide=bool(plan.hide), found=what), fresh=True)
    result = adapter.run(data, Options(limit=plan.limit, seed=plan.seed, llm=plan.llm, progress=progress, fit=plan.fit))
    for row in result.rows:
        folder.add(Record(id=row.id, row=row.__dict__))
    published = [one.__dict__ for one in adapter.published]
    folder.about |= {
        "notes": [what, *result.notes],
        "extra": result.extra,
        "published": published,
        "main": adapter.main,
    }
    folder.about["licence"] = adapter.licence
    return summary.write(folder)


def _jobs(found: list[Suite], plan: Plan) -> Iterator[Job]:
    """Every attempt, suite by suite. With a limit: that many cases, drawn by the seed, the same from each language."""
    for one in found:
        chosen = list(one.cases)
        if plan.limit is not None:
            share = -(-plan.limit // len(found))
            drawn = random.Random(plan.seed).sample(range(len(chosen)), min(share, len(chosen)))
            chosen = [chosen[place] for place in sorted(drawn)]
        for number in range(plan.repeat):
            yield from (Job(one, case, number) for case in chosen)


def _ask(plan: Plan, jobs: list[Job], folder: RunFolder, *, hide: bool, report: Progress | None, all_jobs: int) -> None:
    lock = threading.Lock()

    def keep(record: Record) -> None:
        with lock:
            folder.add(record)
            if report:
                report(len(folder.done), all_jobs, "" if hide else record.id)

    if report and folder.done and jobs:
        report(len(folder.done), all_jobs, f"going on with {folder.name}")
    with tempfile.TemporaryDirectory() as temporary:
        for number, name in enumerate(dict.fromkeys(job.suite.shop for job in jobs)):
            mine = [job for job in jobs if job.suite.shop == name]
            if report:
                report(len(folder.done), all_jobs, f"making shop {name}")
            place = plan.shop or shops.make(name, Path(temporary) / f"shop{number}", data=plan.data)
            with _asker(plan, place, {job.suite.language for job in mine}, None if hide else folder) as (
                runtime,
                asker,
            ):
                folder.about.setdefault("model", getattr(runtime.llm, "name", None))

                def do(job: Job, runtime: Any = runtime, asker: Asker = asker) -> None:
                    keep(cases.attempt(runtime, asker, job.suite, job.case, job.attempt, hide=hide))

                if plan.parallel > 1:
                    with ThreadPoolExecutor(plan.parallel) as pool:
                        list(pool.map(do, mine))
                else:
                    for job in mine:
                        do(job)


@contextmanager
def _asker(plan: Plan, shop: Path, languages: set[str], record_to: RunFolder | None) -> Iterator[tuple[Any, Asker]]:
    """The open shop with its model ready and one question asked, so that no case pays for what is loaded once."""
    from agent.runtime import Runtime

    overrides = {"llm.kind": plan.llm} if plan.llm else {}
    known = recorded.replaying(records.open_run(plan.replay, plan.out).path / recorded.FILE) if plan.replay else None
    with Runtime.open(shop, overrides=overrides, llm=known) as runtime:
        if known is None and runtime.llm_state() != "none":
            state = runtime.start_llm(wait=True)
            if state != "ready":
                why = runtime.llm_problem.message if runtime.llm_problem else f"it is {state}"
                raise ModelError(
                    f"the language model cannot be used: {why}", hint="--llm none runs without", code="eval-model"
                )
        elif plan.baseline:
            raise ConfigError("the baseline needs a language model", hint="--llm local or openai", code="eval-baseline")
        runtime.index.warm()
        for language in sorted(languages & WARM.keys()):
            runtime.answer(WARM[language])
        runtime.deps.sentiment()
        if not plan.baseline:
            if runtime.llm is not None and record_to is not None and known is None:
                runtime._llm = recorded.recording(runtime.llm, record_to.path / recorded.FILE)
            yield runtime, Agent(runtime)
            return
        from evaluation.baseline import Baseline

        yield runtime, Baseline(runtime)


def _about(plan: Plan, **more: Any) -> dict[str, Any]:
    llm = "replay" if plan.replay else plan.llm or ("none" if plan.suite in adapters.names() else "settings")
    return {
        "suite": plan.suite, "llm": llm, "baseline": plan.baseline, "repeat": plan.repeat,
        "seed": plan.seed, "limit": plan.limit, "parallel": plan.parallel, "replay": plan.replay, "code": records.code_digest(),
        "data": plan.data.name if plan.data else None, **more,
    }  # fmt: skip


def _name(plan: Plan) -> str:
    stem = Path(plan.suite).name.split(".")[0]
    mode = (
        "-replayed"
        if plan.replay
        else f"-{plan.llm or 'settings'}"
        if plan.llm or plan.suite not in adapters.names()
        else ""
    )
    return f"{stem}{mode}{'-baseline' if plan.baseline else ''}"


def _thresholds(found: list[Suite]) -> dict[str, dict[str, float | None]]:
    return {name: one.model_dump() for part in found for name, one in part.thresholds.items()}


def with_suite(plan: Plan, name: str) -> Plan:
    """The same plan for another suite."""
    return replace(plan, suite=name)
