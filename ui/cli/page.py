"""`python -m ui.cli.page > docs/cli.md`: the page on the command line, made of the program's own help."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

from ui import cli
from ui.cli.app import command

WIDTH = "100"
INTRO = """# The command line

Made by `python -m ui.cli.page > docs/cli.md`; a test holds it against `--help`.

- **Which shop:** `--shop DIR`, else the current folder if it holds `shop.toml`, else `$HUAXIANG_SHOP`, else `./shop`.
- **Settings:** command line > environment (`HUAXIANG_SECTION__FIELD`) > `shop.toml` > defaults; `huaxiang config show`
  says where each value came from.
- **For machines:** with `--json` stdout holds JSON and nothing else, on one line unless a terminal reads it; an error is
  a JSON object `{code, message, hint}` on stderr. Progress, notes and warnings always go to stderr.
- **Language:** `--language zh|en` on every verb, else the terminal's (`LANG`), else `[desk] language` in `shop.toml`, else
  English. An answer is in the language of its question.
- **Customers** are named by id, name, nickname, phone, e-mail or order number; a name that is only similar is taken where
  nothing is written, with a note saying who it was taken for, and several that fit are listed.
- **Records** (`retract`, `what-if --without`): an evidence id as answers and tables show it (its first characters are
  enough), an event id, the id in the source, `FILE:ROW`, or an order's number.
- **Errors:** `code: message — hint` on stderr; exit codes are in [errors.md](errors.md). `--debug` adds the traceback.
- **Ctrl-C** ends with 130 and loses nothing that was finished; a closed pipe ends silently.

## What machines read

| command | JSON |
| --- | --- |
| `customers --json` | a list of `{customer_id, name, events, first_at, last_at, language}`; times are ISO 8601 in UTC or null |
| `ask --json` | `{question, language, answer, sentences: [{text, evidence: [id]}], evidence: [{id, customer_id, kind, occurred_at, quote, source: {file, row}}], steps: [{tool, args, ok, seconds, evidence}], abstained, reason, llm: {model, calls, prompt_tokens, completion_tokens, cached_tokens}, seconds}`, then further keys |
| `chat --json` | one such object a line, for one question a line on stdin |
| `import --json` | the import report: `files`, `total` (read, kept, updated, duplicated, rejected, repaired, flagged), then `profiles`, `rules`, `index` |
| `search --json` | a list of `{id, customer_id, kind, occurred_at, quote, score, source, item_id}` |
| `profile show --json` | a profile; its JSON schema: `huaxiang profile export-schema` |
| `doctor --json` | `{ok, failed, warned, checks: [{name, state, message, mend}]}`; state is `ok`, `warn` or `fail` |
| `erase --json` | `{customers, removed: {holder: count}, scan: {files, bytes, probes, found}, receipt, copies_outside, profiles_rebuilt, seconds}`; with `--verify`: `{ok, receipt, issued_at, checks}` |
| `audit --json` | `{ok, customers, traits, checks: [{check, level, looked_at, found, examples, hint}], seconds}`; level is `fail` or `note` |
| `backup --json`, `restore --json` | `{file, bytes, parts, sha256, schema_version}`; `{parts, bytes, made_at, schema_version, replaced, erased_again}` |
| `export --json` | `{file, customers, rows: {table: count}, sha256}` |
| `config show --json` | `{shop, settings: {name: {value, origin}}}`; secrets are masked |
"""


def main() -> None:
    """Write the page to stdout."""
    os.environ.update(COLUMNS=WIDTH, LANG="en_GB.UTF-8", LC_ALL="")
    parts = [INTRO, "## All verbs\n\n```text\n" + help_of() + "\n```\n"]
    for path in leaves(command()):
        parts.append(f"### huaxiang {' '.join(path)}\n\n```text\n{help_of(*path)}\n```\n")
    sys.stdout.write("\n".join(parts))


def help_of(*path: str) -> str:
    """What `huaxiang PATH --help` prints."""
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        cli.run([*path, "--help"])
    return shown.getvalue().strip()


def leaves(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all verbs, in the order of the help."""
    below = getattr(found, "commands", None)
    if not below:
        yield path
    for name, one in (below or {}).items():
        yield from leaves(one, (*path, name))


if __name__ == "__main__":
    main()
