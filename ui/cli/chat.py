"""`huaxiang chat`: questions one after another in one thread, so that "and her last order?" is understood."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import HuaxiangError
from ui.cli import answers, errors, output
from ui.cli.common import CustomerOption, JsonOption, LlmOption, PurposeOption, RoleOption, ShopOption, customer_of
from ui.cli.runtime import open_runtime

if TYPE_CHECKING:
    from agent.runtime import Runtime

HELP_ZH = "/customer 编号  问题关于谁 · /steps  是否显示工具调用 · /new  新的对话 · /quit  结束"
HELP = "/customer ID  whom questions are about · /steps  show tool calls or not · /new  a new thread · /quit"


def chat(
    shop: ShopOption = None,
    customer: CustomerOption = None,
    llm: LlmOption = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    steps: Annotated[bool, typer.Option("--steps", help="Also show the tool calls.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask one question after another; Ctrl-C stops an answer, Ctrl-D ends the chat.

    With --json it reads one question a line from stdin and writes one answer a line.

    \b
    Examples:
      huaxiang chat --shop myshop --customer C001
      printf 'Who is C101?\\nWhat did she return?\\n' | huaxiang chat --llm none --json
    """
    with open_runtime(shop, llm, quiet=as_json, role=role, purpose=purpose) as runtime:
        talk = _Talk(runtime, customer_of(runtime.shop, customer) if customer is not None else None, steps, as_json)
        if not as_json and sys.stdin.isatty():
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401  (line editing and history for input())
            output.note(output.both(f"中英文都可以问；{HELP_ZH}", f"ask in Chinese or English; {HELP}"))
        for line in _lines(prompt="" if as_json or not sys.stdin.isatty() else "> "):
            if line in ("/quit", "/exit", "/q"):
                break
            if line:
                talk.turn(line)


class _Talk:
    """One chat: its thread, the customer it is about, and how much is shown."""

    def __init__(self, runtime: Runtime, customer_id: str | None, steps: bool, as_json: bool) -> None:
        self.runtime, self.customer_id, self.steps, self.as_json = runtime, customer_id, steps, as_json
        self.thread_id = uuid.uuid4().hex[:16]

    def turn(self, line: str) -> None:
        """A command, or a question and its answer; an error ends neither the chat nor the thread."""
        try:
            if line.startswith("/"):
                self._command(line)
                return
            with _stoppable() as stop:
                if self.as_json:
                    answer = self.runtime.answer(line, thread_id=self.thread_id, customer_id=self.customer_id)
                    output.say(answer_line(answers.as_dict(answer)))
                else:
                    answers.stream(
                        self.runtime, line, customer_id=self.customer_id, thread_id=self.thread_id, steps=self.steps,
                        should_stop=stop.is_set,
                    )  # fmt: skip
                    output.say()
        except HuaxiangError as error:
            errors.report(error, self.as_json)
        sys.stdout.flush()

    def _command(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        if verb == "/customer":
            self.customer_id = customer_of(self.runtime.shop, rest) if rest.strip() else None
            who = self.customer_id
            output.note(
                output.both(
                    f"以下问题关于{who or '问题里提到的人'}", f"questions are about {who or 'whomever they name'}"
                )
            )
        elif verb == "/steps":
            self.steps = not self.steps
            shown = output.both("显示", "shown") if self.steps else output.both("不显示", "hidden")
            output.note(output.both(f"{shown}工具调用", f"tool calls are {shown}"))
        elif verb == "/new":
            self.thread_id = uuid.uuid4().hex[:16]
            output.note(output.both("新的对话", "a new thread"))
        else:
            output.note(output.both(HELP_ZH, HELP))


def answer_line(answer: object) -> str:
    """One answer as one line of JSON."""
    import json

    return json.dumps(answer, ensure_ascii=False)


def _lines(prompt: str) -> Iterator[str]:
    while True:
        try:
            yield (input(prompt) if prompt else sys.stdin.readline() or _end()).strip()
        except EOFError:
            return


def _end() -> str:
    raise EOFError


@contextlib.contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Ctrl-C sets the event; a second one ends the chat."""
    stop = threading.Event()

    def press(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
