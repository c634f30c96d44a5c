"""All verbs in one place. The verb modules are light; heavy packages are imported when a verb runs."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.main import get_command

from huaxiang import __version__
from ui.cli import (
    ask,
    audit,
    backup,
    chat,
    config,
    customers,
    demo,
    desk,
    doctor,
    erase,
    eval,
    export,
    fields,
    import_,
    index,
    init,
    llm,
    merge,
    migrate,
    models,
    output,
    profile,
    recommend,
    restore,
    retract,
    review,
    runs,
    search,
    text,
    text_aspects,
    text_entities,
    train,
    trends,
    undo,
    watch,
)

_VERBS: dict[str, Any] = {
    "init": init.init,
    "import": import_.import_,
    "index": index.index,
    "customers": customers.customers,
    "profile": profile.VERBS,
    "search": search.search,
    "ask": ask.ask,
    "chat": chat.chat,
    "desk": desk.desk,
    "recommend": recommend.recommend,
    "trends": trends.trends,
    "watch": watch.watch,
    "review": review.VERBS,
    "retract": retract.retract,
    "merge": merge.merge,
    "unmerge": merge.unmerge,
    "undo": undo.undo,
    "text": {**text.VERBS, "aspects": text_aspects.aspects, **text_entities.VERBS},
    "train": train.train,
    "fields": fields.VERBS,
    "models": models.VERBS,
    "llm": llm.VERBS,
    "erase": erase.erase,
    "backup": backup.backup,
    "restore": restore.restore,
    "migrate": migrate.migrate,
    "audit": audit.audit,
    "runs": runs.runs,
    "export": export.export,
    "doctor": doctor.doctor,
    "config": config.VERBS,
    "demo": demo.demo,
    "eval": eval.VERBS,
}
_SETTINGS: dict[str, Any] = {"no_args_is_help": True, "rich_markup_mode": None, "add_completion": False}


def command() -> Any:
    """The whole command tree, ready to run."""
    app = typer.Typer(help=ROOT_HELP, **_SETTINGS)
    app.callback()(root)
    groups = {
        "profile": "Build, show, explain and correct customer profiles.",
        "text": "Read texts, one a line: what they say of goods, and in which language.",
        "review": "Decide what waits: proposals, contradictions, worn statements; and what to ask.",
        "fields": "Which fields a profile may hold: check, show, compare and migrate field packs.",
        "models": "Fetch, list and remove model files.",
        "llm": "Measure the language model.",
        "config": "Show the settings and where they come from.",
        "eval": "Run scripted suites and public benchmarks, compare runs, write reports.",
    }
    for name, run in _VERBS.items():
        if isinstance(run, dict):
            app.add_typer(_group(run, groups[name]), name=name)
        else:
            app.command(name)(run)
    return get_command(app)


ROOT_HELP = """Customer profiles that anyone can check, in Chinese and English.

Every answer names the record it stands on. Start with `make run`, or:

\b
  huaxiang init myshop
  huaxiang import reviews.csv orders.csv --shop myshop
  huaxiang ask "What does C101 complain about?" --shop myshop
"""


def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback with an error; may stand anywhere.")] = False,
) -> None:
    """Options of the program itself."""
    if version:
        output.say(f"huaxiang {__version__}")
        raise typer.Exit


def _group(verbs: dict[str, Any], text: str) -> typer.Typer:
    group = typer.Typer(help=text, **_SETTINGS)
    group.callback()(_nothing)  # keeps a group of one verb a group
    for name, run in verbs.items():
        group.command(name)(run)
    return group


def _nothing() -> None:
    """Options of a group: none."""
