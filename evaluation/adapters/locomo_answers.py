"""Answers to LoCoMo questions from the turns that were found, by any language model, and their token F1.

Optional and slow (`--llm local` takes several seconds a question): the main figure needs no model.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from huaxiang.errors import ConfigError
from huaxiang.store.lexical import stem

if TYPE_CHECKING:
    from agent.llm.base import Llm
    from vectorstore.talks import Turn

SHOWN = 10
MAX_TOKENS = 40
_ARTICLES = frozenset("a an the and".split())
PROMPT = (
    "Answer the question about a conversation in a few words, with exact words of the conversation where you can. For a question "
    "about time give the date; the date of each line's session stands before it."
)


def open_llm(kind: str) -> Llm:
    """The language model of that kind, ready to be asked.

    Raises:
        ConfigError: `none`, or a kind that needs settings which are not there. ModelError: it is missing or does not start.
    """
    from agent.llm.make import make_llm
    from huaxiang import config

    llm = make_llm(config.load(None, {"llm.kind": kind}).settings)
    if llm is None:
        raise ConfigError("answers need a language model", hint="--llm local or openai", code="eval-model")
    wait: Callable[[], Any] | None = getattr(llm, "wait", None)
    if wait is not None:
        wait()
    return llm


def answer(llm: Llm, question: str, turns: Sequence[Turn], dates: dict[str, str]) -> str:
    """The model's answer from the first turns, in the order of the talk."""
    shown = sorted(turns[:SHOWN], key=lambda one: [int(part) for part in one.id[1:].split(":")])
    lines = "\n".join(f"[{dates.get(one.session, '')}] {one.line}" for one in shown)
    messages = [
        {"role": "system", "content": PROMPT},
        {"role": "user", "content": f"{lines}\n\nQuestion: {question}\nAnswer:"},
    ]
    return llm.generate_text(messages, max_tokens=MAX_TOKENS).text.strip()


def token_f1(said: str, gold: str) -> float:
    """F1 of stemmed words, without articles and punctuation, as the benchmark scores answers.

    Source:
        Maharana et al. (2024), after Rajpurkar et al. (2016), "SQuAD". Their stemmer is Porter's; ours its first step.
    """
    a, b = _words(said), _words(gold)
    both = sum((Counter(a) & Counter(b)).values())
    if not both:
        return 0.0
    precision, recall = both / len(a), both / len(b)
    return 2 * precision * recall / (precision + recall)


def score(said: str, gold: str, category: int) -> float:
    """The benchmark's rule by category: parts of a multi-hop answer count each, of an open-domain one the first."""
    if category == 3:
        gold = gold.split(";", maxsplit=1)[0]
    if category == 1:
        parts, wanted = said.split(","), gold.split(",")
        return sum(max(token_f1(part, one) for part in parts) for one in wanted) / len(wanted)
    return token_f1(said, gold)


def _words(text: str) -> list[str]:
    plain = text.lower().translate(str.maketrans("", "", string.punctuation))
    return [stem(word) for word in plain.split() if word not in _ARTICLES]
