"""`huaxiang eval list|run|compare|report`: scripted suites with exact checks, and public benchmarks from a folder of yours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, LlmOption

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where runs are kept.")]
SuitesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="SUITE…", help="Names from `eval list`, or paths of suite files.")
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The folder (or file) of a public benchmark or of a suite's shop."),
]
BaselineOption = Annotated[
    bool,
    typer.Option("--baseline", help="The same model and tools, unconstrained and unchecked (plain create_agent)."),
]
RepeatOption = Annotated[int, typer.Option(min=1, help="Ask every case so often.")]
SeedOption = Annotated[int, typer.Option(help="Of the draw with --limit and of the intervals.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Only so many cases of each suite, drawn by the seed.")]
ParallelOption = Annotated[int, typer.Option(min=1, max=32, help="Cases asked at the same time.")]
ReadyShopOption = Annotated[
    Path | None, typer.Option("--shop", metavar="DIR", help="A shop that is ready, instead of making the suite's.")
]
HideOption = Annotated[
    bool | None,
    typer.Option("--hide/--show", help="Print and keep no case of the suite. Default: hidden where it is held out."),
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Start anew instead of going on with a run that was cut off.")
]
ReplayOption = Annotated[
    str | None,
    typer.Option(
        "--replay",
        metavar="RUN",
        help="Alone: judge the run's answers again. With a suite: the agent anew, the run's recorded model replies.",
    ),
]
RUNS = Path("eval-runs")


def list_(out: OutOption = RUNS, as_json: JsonOption = False) -> None:
    """List the suites, the public benchmarks that can be read, and the runs that there are.

    \b
    Examples:
      huaxiang eval list
      huaxiang eval list --json
    """
    from evaluation import adapters, records, suite

    found = {name: [suite.load(path) for path in suite.find(name)] for name in suite.names()}
    listed: list[dict[str, Any]] = [
        {
            "suite": name, "kind": "questions", "cases": sum(len(one.cases) for one in parts),
            "languages": sorted({one.language for one in parts}), "shops": sorted({one.shop for one in parts}),
            "hidden": any(one.hide for one in parts) or "heldout" in name, "needs_data": False,
        }
        for name, parts in found.items()
    ]  # fmt: skip
    for name in adapters.names():
        one = adapters.get(name)
        listed.append({"suite": name, "kind": "benchmark", "title": one.title, "main": one.main, "layout": one.layout,
                       "licence": one.licence, "needs_data": True})  # fmt: skip
    runs = [path.name for path in records.runs(out)]
    if as_json:
        output.emit({"suites": listed, "runs": runs})
        return
    rows = [(one["suite"], str(one.get("cases", "–")), ", ".join(one.get("languages", ())), ", ".join(one.get("shops", ()))
             or output.both("--data 文件夹，内含 ", "--data DIR with ") + f"{str(one['layout'])[:60]}…",
             output.both("留出", "held out") if one.get("hidden") else "") for one in listed]  # fmt: skip
    output.say(
        output.table(
            rows,
            [*output.both("题集,题数,语言,店铺或数据", "suite,cases,languages,shop or data").split(","), ""],
            right=(1,),
        )
    )
    if runs:
        output.say(output.both(f"\n{out} 里的运行：", f"\nruns in {out}: ") + ", ".join(runs[:10]))


def run(
    suites: SuitesArgument = None,
    data: DataOption = None,
    llm: LlmOption = None,
    baseline: BaselineOption = False,
    repeat: RepeatOption = 1,
    seed: SeedOption = 0,
    limit: LimitOption = None,
    parallel: ParallelOption = 1,
    shop: ReadyShopOption = None,
    hide: HideOption = None,
    fresh: FreshOption = False,
    replay: ReplayOption = None,
    out: OutOption = RUNS,
    as_json: JsonOption = False,
) -> None:
    """Run suites and print their figures with 95 % intervals. Exit code 1 when a suite's threshold is missed.

    Each run has a folder with its cases, summary.json, report.md and report.html. With --json: one object
    {suite, metrics, intervals, cases, seconds, …}, or a list of them for several suites.

    \b
    Examples:
      huaxiang eval run sample_dev --llm none
      huaxiang eval run locomo --data ~/locomo --json
      huaxiang eval run sample_dev --llm local --baseline --limit 20 --seed 1
      huaxiang eval run --replay sample_dev-local
      huaxiang eval run sample_dev --replay sample_dev-local
    """
    from evaluation import session

    if not suites and not replay:
        raise typer.BadParameter("name at least one suite (see: huaxiang eval list)", param_hint="SUITE…")
    made = []
    if replay and not suites:
        made.append(session.replay(replay, out))
    for name in suites or ():
        plan = session.Plan(
            suite=name, out=out, data=data, shop=shop, llm=llm, baseline=baseline, repeat=repeat, seed=seed, limit=limit,
            parallel=parallel, hide=hide, fresh=fresh, replay=replay, fit=_fitter(name),
        )  # fmt: skip
        with progress.bar(name, quiet=as_json) as tell:
            made.append(session.run(plan, tell))
    if as_json:
        output.emit(made[0] if len(made) == 1 else made)
    else:
        for one in made:
            _show(one, out)
    if not all(one["passed"] for one in made):
        raise typer.Exit(1)


def _fitter(suite: str) -> Any:
    """What fits the intent model of CLINC150; None for every other suite."""
    if suite != "clinc150":
        return None
    from training.intent_labels import fit_labels

    return fit_labels


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A run: its name or the beginning of it, or its folder.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another run of the same suite.")],
    out: OutOption = RUNS,
    as_json: JsonOption = False,
) -> None:
    """Say what got better and what got worse from run A to run B, and whether it is noise.

    \b
    Examples:
      huaxiang eval compare sample_dev-none sample_dev-local
      huaxiang eval compare gen_dev-local gen_dev-local-baseline --json
    """
    from evaluation import compare as comparing
    from evaluation import records, report_markdown

    found = comparing.compare(records.open_run(a, out), records.open_run(b, out))
    if as_json:
        output.emit(found)
    else:
        output.say(output.plain(report_markdown.comparison(found)))


def report(
    name: Annotated[str | None, typer.Argument(metavar="[RUN]", help="A run. Default: the newest.")] = None,
    form: Annotated[str, typer.Option("--format", help="md, html or json, to stdout.")] = "md",
    out: OutOption = RUNS,
) -> None:
    """Write the report of a run: figures, groups, thresholds, cost and latency, and failures with their traces.

    \b
    Examples:
      huaxiang eval report
      huaxiang eval report sample_dev-local --format html > report.html
    """
    from evaluation import records, report_html, report_markdown, summary
    from huaxiang.errors import ConfigError

    known = records.runs(out)
    if name is None and not known:
        raise ConfigError(f"there is no run in {out.name!r} yet", hint="huaxiang eval run SUITE", code="no-such-run")
    folder = records.open_run(name or str(known[0]), out)
    folder.about.setdefault("summary", summary.make(folder))
    if form == "json":
        output.emit(folder.about["summary"])
    elif form in ("md", "html"):
        output.say(report_html.page(folder) if form == "html" else output.plain(report_markdown.page(folder)))
    else:
        raise typer.BadParameter(f"{form!r} is none of md, html, json", param_hint="--format")


def _show(one: dict[str, Any], out: Path) -> None:
    from evaluation.report_markdown import figure_rows, number

    both = output.both
    base = both("（基线）", " (baseline)") if one["baseline"] else ""
    output.say(
        both(
            f"{one['suite']}：{one['cases']} 题，{one['seconds']} 秒，语言模型 {one['llm']}{base}",
            f"{one['suite']}: {one['cases']} cases, {one['seconds']} s, llm {one['llm']}{base}",
        )
    )
    rows = [(name, value, interval, str(count)) for name, value, interval, count in figure_rows(one)]
    output.say(output.table(rows, both("指标,值,95 %,题数", "metric,value,95 %,cases").split(","), right=(1, 3)))
    for published in one["published"]:
        said = f"{published['metric']} {published['value']}: {published['source']}"
        output.say(both(f"已发表的 {said}；可比性：", f"published {said}; comparable: ") + str(published["comparable"]))
    for note in one["notes"]:
        output.say(both("注意：", "note: ") + note)
    for metric, limits in one["thresholds"].items():
        if not limits["met"]:
            output.say(both(f"未达标：{metric} 为 ", f"missed: {metric} is ") + number(limits["value"]))
    if one["failed"]:
        output.say(both("答错：", "wrong: ") + ", ".join(one["failed"]))
    output.say(both("报告：", "report: ") + str(out / one["run"] / "report.html"))


VERBS: dict[str, Any] = {"list": list_, "run": run, "compare": compare, "report": report}
