"""DiaASQ: who says what of which phone in forum dialogues: target, aspect, opinion and polarity, in Chinese and English.

Source:
    Li et al. (2023), "DiaASQ: A Benchmark of Conversational Aspect-based Sentiment Quadruple Analysis", Findings of ACL. MIT.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.adapters.base import Options, Published, Result, draw, files_in, read_json
from evaluation.rows import Row
from huaxiang.errors import ConfigError, DataError

SPANS = ("target", "aspect", "opinion")
POLARITIES = {"pos": "positive", "neg": "negative"}
_COMPARABLE = (
    "only on the authors' test split and with a model trained on their training split; say which file you gave"
)
Tuple4 = tuple[tuple[int, int], tuple[int, int], tuple[int, int], str]


class Diaasq:
    """The suite `diaasq`: spans and quadruples by exact match, micro-averaged."""

    name = "diaasq"
    title = "DiaASQ: opinions in dialogues, zh and en"
    layout = (
        "the dialogues as published: .json or .json.gz, a list of {doc_id, sentences, replies, speakers, targets, aspects, "
        "opinions, triplets}; the language is read from the name or folder (zh or en); files called train are left out"
    )
    licence = "MIT"
    main = "quadruple_f1"
    published = (
        Published("quadruple_f1 zh", 0.3494, "Li et al. 2023, their end-to-end model, zh test", _COMPARABLE),
        Published("quadruple_f1 en", 0.3331, "Li et al. 2023, their end-to-end model, en test", _COMPARABLE),
    )

    def check(self, data: Path) -> str:
        """One line on what was found."""
        found = load(data)
        per = {language: sum(one == language for one, _ in found) for language in ("zh", "en")}
        return f"{len(found)} dialogues (zh {per['zh']}, en {per['en']})"

    def run(self, data: Path, options: Options) -> Result:
        """Read every dialogue and count exact matches."""
        try:
            from huaxiang.text.aspects_model import load as load_model
            from huaxiang.text.dialogue import read_dialogue
        except ImportError as error:
            raise ConfigError(
                "the dialogue reader is not built in this version", hint="see docs/text.md", code="eval-not-built"
            ) from error
        model = load_model()
        chosen = draw(load(data), options)
        rows: list[Row] = []
        counts: dict[tuple[str, str], list[int]] = {}
        for number, (language, one) in enumerate(chosen, start=1):
            began = time.perf_counter()
            found = read_dialogue(_turns(one), model)
            seconds = time.perf_counter() - began
            values: dict[str, float | None] = {}
            for kind, (wanted, got) in _sets(one, found).items():
                values[f"{kind}_f1_of_dialogue"] = _f1(len(wanted & got), len(got), len(wanted))
                for key in ((kind, language), (kind, "")):
                    tally = counts.setdefault(key, [0, 0, 0])
                    for place, size in enumerate((len(wanted & got), len(got), len(wanted))):
                        tally[place] += size
            rows.append(Row(f"{language}-{one['doc_id']}", "dialogue", language, values, {"seconds": seconds}))
            if options.progress:
                options.progress(number, len(chosen), language)
        extra = {
            f"{kind}_f1{' ' + language if language else ''}": _f1(*tally) or 0.0
            for (kind, language), tally in counts.items()
        }
        return Result(
            rows,
            [
                "micro F1 over all dialogues by exact spans; 'pair' figures ignore the polarity; files called train are left out"
            ],
            extra,
        )


ADAPTER = Diaasq()


def load(data: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every dialogue with its language.

    Raises:
        DataError: there is none.
    """
    found = []
    paths = files_in(data, ".json", ".json.gz", ".jsonl", ".jsonl.gz")
    # nobody is measured on what was trained on, unless nothing else was given
    for path in [one for one in paths if "train" not in one.name] or paths:
        value = read_json(path)
        for one in value if isinstance(value, list) else []:
            if isinstance(one, dict) and {"sentences", "speakers", "triplets"} <= one.keys():
                found.append((_language(path, one), one))
    if not found:
        raise DataError(f"{data.name!r} holds no DiaASQ dialogue", hint=f"expected {ADAPTER.layout}", code="eval-data")
    return found


def _language(path: Path, one: dict[str, Any]) -> str:
    for language in ("zh", "en"):
        if language in path.stem.replace("-", "_").split("_") or path.parent.name == language:
            return language
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in "".join(one["sentences"])) else "en"


def _turns(one: dict[str, Any]) -> list[Any]:
    from huaxiang.text.aspects_units import join_words
    from huaxiang.text.dialogue import Turn

    turns = []
    for sentence, speaker, reply in zip(one["sentences"], one["speakers"], one["replies"], strict=True):
        text, units = join_words(sentence.split())
        turns.append(Turn(text, str(speaker), int(reply), tuple(units)))
    return turns


def _sets(one: dict[str, Any], found: Any) -> dict[str, tuple[set[Any], set[Any]]]:
    """What should be found and what was, as spans of the dialogue's tokens, end exclusive."""
    starts = [0]
    for sentence in one["sentences"]:
        starts.append(starts[-1] + len(sentence.split()))

    def span(mention: Any) -> tuple[int, int]:
        return starts[mention.turn] + mention.first, starts[mention.turn] + mention.last

    sets: dict[str, tuple[set[Any], set[Any]]] = {
        kind: (
            {(int(s), int(e)) for s, e, *_ in one.get(kind + "s", ())},
            {span(m) for m in getattr(found, kind + "s")},
        )
        for kind in SPANS
    }
    wanted = set(_quadruples(one.get("triplets", ())))
    got = {(span(q.target), span(q.aspect), span(q.opinion), q.polarity) for q in found.quadruples}
    sets["quadruple"] = (wanted, got)
    sets["pair"] = ({quad[:3] for quad in wanted}, {quad[:3] for quad in got})
    return sets


def _quadruples(rows: Sequence[Sequence[Any]]) -> Iterator[Tuple4]:
    """Only whole ones: a triplet with a missing part has -1 for its span, and is not counted by the authors either."""
    for ts, te, as_, ae, os_, oe, polarity, *_ in rows:
        if min(ts, as_, os_) >= 0:
            yield (ts, te), (as_, ae), (os_, oe), POLARITIES.get(polarity, "neutral")


def _f1(hits: int, found: int, wanted: int) -> float | None:
    return None if not found and not wanted else 2 * hits / (found + wanted)
