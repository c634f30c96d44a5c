import json
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ui.cli import background, demo, page_errors
from ui.cli.app import command

ROOT = Path(__file__).resolve().parents[3]


def test_models_list_says_what_is_absent_and_where_the_cache_is(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    listed = run("models", "list", "--json").json
    assert listed["cache"] == str(tmp_path) and {one["state"] for one in listed["models"]} == {"absent"}
    assert {"llm", "encoder"} == {one["purpose"] for one in listed["models"]}
    assert "Apache-2.0" in run("models", "list").out


def test_fetching_an_unknown_model_or_from_no_folder_is_a_model_error(run):
    unknown = run("models", "fetch", "gpt-9", "--json")
    assert unknown.code == 5 and unknown.error["code"] == "no-such-model"
    nowhere = run("models", "fetch", "--from", "no-such-folder")
    assert nowhere.code == 5 and nowhere.out == ""


def test_cleaning_asks_first(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    assert run("models", "clean", "--json").code == 2
    assert run("models", "clean", "--yes", "--json").json == {"freed_bytes": 0}


def test_a_port_in_use_is_a_config_error_that_names_another(run, filled):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = run("desk", "--shop", filled, "--port", port, "--llm", "none")
    assert failed.code == 2 and failed.err.startswith("port-in-use:") and f"--port {port + 1}" in failed.err


def test_the_demo_makes_the_shop_answers_both_questions_and_changes_nothing_the_second_time(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HUAXIANG_NO_DESK", "1")
    monkeypatch.setattr(background, "missing", list)
    shop = tmp_path / "sample"
    first = run("demo", "--shop", shop, "--llm", "none")
    assert first.code == 0, first.err
    for question in demo.QUESTIONS:
        assert f"❯ {question}" in first.out
    assert len(re.findall(r"^\[1\] ", first.out, re.MULTILINE)) == 2
    assert re.search(r"events-zh\.jsonl:\d+", first.out) and re.search(r"events-en\.jsonl:\d+", first.out)
    told = first.err.partition("next:")[2].split("\n")
    typed = next(line for line in told if "huaxiang ask" in line).strip()
    assert run(*shlex.split(typed)[1:], "--llm", "none").out.count("[1]") > 0
    again = run("demo", "--shop", shop, "--llm", "none")
    assert again.code == 0 and again.out == first.out and "imported" not in again.err


def test_what_to_type_next_works_in_a_new_shell_from_a_folder_with_blanks(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "my env"))
    (tmp_path / "my env" / "bin").mkdir(parents=True)
    (tmp_path / "my env" / "bin" / "activate").write_text("huaxiang() { printf '%s|' \"$@\"; }\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    lines = demo.commands(Path("my shop"), "doctor")
    assert lines.split("\n")[0].strip() == ". 'my env/bin/activate'"
    ended = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert ended.stdout == f"ask|{demo.QUESTIONS[1]}|--shop|my shop|doctor|--shop|my shop|"


def test_the_demo_reads_no_gold():
    names = [one.name for one in demo.sample_files()]
    assert "events-zh.jsonl" in names and "events-en.jsonl" in names
    assert not any("gold" in name or name.endswith((".md", ".yaml")) for name in names)


def test_a_fetch_in_the_background_can_be_stopped_and_says_why_it_failed(tmp_path):
    fetching = background.Fetching(["no-such-model"])
    assert fetching.wait_for("multilingual-e5-small-int8", lambda *_: None, seconds=60) is False
    assert "no model is called" in fetching.problem()
    fetching.stop()


def test_help_starts_without_any_heavy_package():
    code = (
        "import sys; from ui import cli; cli.run(['--help']); "
        "heavy = {'sqlalchemy', 'polars', 'pydantic', 'rich', 'langchain', 'chromadb', 'gradio', 'onnxruntime', 'numpy', 'openai'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ended.stderr.strip() == "[]"


def test_listing_customers_starts_without_polars_or_a_model(filled):
    code = (
        f"import sys; from ui import cli; cli.run(['customers', '--shop', {str(filled)!r}, '--json']); "
        "heavy = {'polars', 'rich', 'langchain', 'langgraph', 'chromadb', 'gradio', 'onnxruntime', 'openai', 'lingua', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ended.stderr.strip() == "[]" and len(json.loads(ended.stdout)) == 3


def _leaves(found, path=()):
    subs = getattr(found, "commands", None)
    if not subs:
        yield path, found
    for name, sub in (subs or {}).items():
        yield from _leaves(sub, (*path, name))


VERBS = {" ".join(path): found for path, found in _leaves(command())}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_with_two_real_examples(run, verb):
    shown = run(*verb.split(), "--help")
    assert shown.code == 0
    examples = shown.out.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert len(examples) >= 2 and all(f"huaxiang {verb}" in line for line in examples)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_page_on_the_command_line_shows_the_very_help(run, verb, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert run(*verb.split(), "--help").out.strip() in page, "make it anew: python -m ui.cli.page > docs/cli.md"


def test_the_page_on_errors_lists_every_code_that_is_raised():
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    missing = [one.code for one in page_errors.all_raised() if f"| `{one.code}` |" not in page]
    assert not missing, "make it anew: python -m ui.cli.page_errors > docs/errors.md"
