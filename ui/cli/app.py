"""All verbs in one place. The verb modules are light; heavy packages are imported when a verb runs."""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal

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
    overview,
    overview_verbs,
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
from ui.cli import help as help_

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
    """The whole command tree, ready to run, in the reader's language."""
    return _tree(output.reader_language())


@functools.cache
def _tree(language: str) -> Any:
    """The tree keeps nothing of a run, so a process that runs many commands makes it once a language."""
    app = typer.Typer(cls=overview.Overview, help=overview.INTRO[1], **_SETTINGS)
    app.callback()(root)
    for name, run in _VERBS.items():
        if isinstance(run, dict):
            app.add_typer(_group(run, _sentence(overview.short(name) or name)), name=name)
        else:
            app.command(name, cls=help_.Verb)(run)
    found = get_command(app)
    _add_language(found, _language_option())
    return found


def _version(wanted: bool) -> None:
    if wanted:
        output.say(f"huaxiang {__version__}")
        raise typer.Exit


LanguageOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option(
        "--language", help="In Chinese or English. Default: as the terminal (LANG), else as the shop's [desk] language."
    ),
]


def root(
    language: LanguageOption = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback with an error; may stand anywhere.")] = False,
) -> None:
    """Options of the program itself; `--language` and `--debug` are read before (`ui.cli.run`)."""


def _language_option() -> Any:
    """The option that every verb takes; `ui.cli.run` has read it already, so no verb is given its value."""

    def only(language: LanguageOption = None) -> None: ...

    donor = typer.Typer(**_SETTINGS)
    donor.command()(only)
    option = next(one for one in get_command(donor).params if one.name == "language")
    option.expose_value = False
    return option


def _add_language(found: Any, option: Any) -> None:
    for one in getattr(found, "commands", {}).values():
        if hasattr(one, "commands"):
            _add_language(one, option)
        if all("--language" not in param.opts for param in one.params):
            one.params.append(option)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(("。", ".")) else output.both("。", "."))


def _group(verbs: dict[str, Any], text: str) -> typer.Typer:
    group = typer.Typer(cls=overview_verbs.Verbs, help=text, **_SETTINGS)
    group.callback()(_nothing)  # keeps a group of one verb a group
    for name, run in verbs.items():
        group.command(name, cls=help_.Verb)(run)
    return group


def _nothing() -> None:
    """Options of a group: none."""
