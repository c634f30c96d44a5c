"""Opinions in dialogues: `python benchmarks/diaasq.py --data ../shared/data`, with the published figures beside.

DiaASQ validation, Chinese and English: spans by kind, pairs without polarity, and full quadruples, exact match, micro
F1 over all dialogues, as the authors' own scorer counts (quadruples that lack a part do not count; doubt and ambiguity are "other", which
is our neutral). English has no
training set: the model saw the Chinese one and half of the English validation dialogues (even numbers); the other half
is reported. The English dialogues translate the Chinese ones, so the Chinese figures are also given on the same half.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.text import aspects_model
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.aspects_units import join_words
from huaxiang.text.dialogue import Turn, read_dialogue
from training import aspects_figures as figures
from training.aspects_data import Talk, talks

PUBLISHED = {"zh": 0.3494, "en": 0.3331}
SOURCE = "Li et al. 2023, DiaASQ, their model on their test set, trained in each language (findings-acl.849)"
GOALS = {"zh": 0.28, "en": 0.15}


def report(title: str, language: str, examples: list[Talk]) -> None:
    """One table."""
    model = aspects_model.load()
    threshold = float(model.about["threshold"])
    found = figures.read_talks(model, examples)
    print(f"{title}: {len(examples)} dialogues, threshold {threshold:g}; goal {GOALS[language]} quadruple")
    print(f"  {'':<16}{'precision':>10}{'recall':>8}{'F1':>8}{'published':>11}")
    for name, (precision, recall, value) in figures.talk_figures(found, threshold).items():
        beside = f"{PUBLISHED[language]:.4f}" if name == "quadruple" else ""
        print(f"  {name:<16}{precision:>10.3f}{recall:>8.3f}{value:>8.3f}{beside:>11}")
    low, high = figures.quad_interval(found, threshold)
    print(f"  quadruple F1, 95 % of bootstraps over dialogues: {low:.3f} to {high:.3f}")


def every_span_is_its_text(path: Path) -> tuple[int, int]:
    """(spans, spans that equal their text) of the public reader over a file."""
    with gzip.open(path, "rt", encoding="utf-8") as held:
        dialogues: list[dict[str, Any]] = json.load(held)
    spans = equal = 0
    for one in dialogues:
        texts = [join_words(sentence.split())[0] for sentence in one["sentences"]]
        turns = [
            Turn(text, str(speaker), reply)
            for text, speaker, reply in zip(texts, one["speakers"], one["replies"], strict=True)
        ]
        found = read_dialogue(turns)
        said = [part for quad in found.quadruples for part in (quad.target, quad.aspect, quad.opinion)]
        for mention in (*found.targets, *found.aspects, *found.opinions, *said):
            spans += 1
            equal += texts[mention.turn][mention.start : mention.end] == mention.text
    return spans, equal


def main() -> None:
    """Parse the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "diaasq"
    pieces = Pieces.load(resolve(ENCODER))
    zh, en = (talks(folder / f"{language}-valid.json.gz", pieces) for language in ("zh", "en"))
    report("zh valid", "zh", zh)
    report("zh valid, the half whose translation was not learned from", "zh", zh[1::2])
    report("en valid, the half that was not learned from", "en", en[1::2])
    print(f"published: {SOURCE}")
    for language in ("zh", "en"):
        spans, equal = every_span_is_its_text(folder / f"{language}-valid.json.gz")
        print(f"{language}: {equal} of {spans} spans of the public reader equal their text")


if __name__ == "__main__":
    main()
