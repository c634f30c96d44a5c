import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huaxiang.errors import ConfigError, DataError, HuaxiangError, ModelError, PolicyError, StoreError
from ui.cli import errors

ROOT = Path(__file__).resolve().parents[3]


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("family", "code"),
    [(ConfigError, 2), (DataError, 3), (StoreError, 4), (ModelError, 5), (PolicyError, 6), (HuaxiangError, 1)],
)
def test_each_family_of_errors_has_its_exit_code(family, code, capsys):
    assert errors.guarded(lambda: _raise(family("what", hint="do this", code="c-1")), False, False) == code
    assert capsys.readouterr() == ("", "c-1: what — do this\n")


def test_an_error_as_json_is_one_object_on_stderr(capsys):
    errors.guarded(lambda: _raise(DataError("what", hint="do this", code="c-1")), True, False)
    out, err = capsys.readouterr()
    assert out == "" and json.loads(err) == {"code": "c-1", "message": "what", "hint": "do this"}


def test_a_defect_shows_its_place_but_not_its_text(capsys):
    assert errors.guarded(lambda: _raise(ValueError("what Ann wrote")), False, False) == 1
    err = capsys.readouterr().err
    assert (
        err.startswith("unexpected: ValueError at tests/ui/cli/test_errors.py:")
        and "Ann" not in err
        and "--debug" in err
    )


def test_debug_shows_the_traceback(capsys):
    assert errors.guarded(lambda: _raise(DataError("what")), False, True) == 3
    assert "Traceback" in capsys.readouterr().err


def test_a_full_disk_is_a_store_error(capsys):
    assert errors.guarded(lambda: _raise(OSError(errno.ENOSPC, "No space left on device")), False, False) == 4
    assert capsys.readouterr().err.startswith("disk-full:")


def test_ctrl_c_is_130(capsys):
    assert errors.guarded(lambda: _raise(KeyboardInterrupt()), False, False) == 130
    assert capsys.readouterr().err.startswith("interrupted:")


def test_wrong_usage_is_one_line_that_leads_to_the_help(run):
    wrong = run("customers", "--colour", "red")
    assert wrong.code == 2 and wrong.out == "" and len(wrong.err.splitlines()) == 1
    assert wrong.err.startswith("usage: No such option: --colour") and "huaxiang customers --help" in wrong.err
    unknown = run("custmers", "--json")
    assert unknown.error["code"] == "usage" and "customers" in unknown.error["hint"]
    assert run("ask", "--llm", "gpt", "x").code == 2


def test_no_verb_shows_the_help(run):
    shown = run()
    assert shown.code == 2 and "Usage: huaxiang" in shown.out


def test_a_closed_pipe_is_silent(filled):
    command = f"{sys.executable} -m huaxiang customers --shop {filled} | true"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.stderr == ""


def test_ctrl_c_in_a_real_process_is_130_without_a_traceback(filled):
    process = subprocess.Popen(
        [sys.executable, "-m", "huaxiang", "chat", "--llm", "none", "--shop", str(filled)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        # a job in the background of a script is born deaf to Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(
        "How many reviews did Ann Archer write?\n/steps\n"
    )  # Ctrl-C in an answer ends that answer alone
    process.stdin.flush()
    assert process.stderr is not None and "tool calls" in process.stderr.readline()
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130 and "Traceback" not in err


@pytest.mark.parametrize(("where", "code", "words"), [(">&-", 0, ""), ("> /dev/full", 4, "disk-full: ")])
def test_an_output_that_is_closed_or_full_ends_without_a_traceback(filled, where, code, words):
    command = f"{sys.executable} -m huaxiang customers --shop {filled} {where}"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == code and ended.stderr.startswith(words) and "Traceback" not in ended.stderr
