"""Generated shops and suites: the same seed gives the same, the gold follows from the tables, attacks do not hold their own sign."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from evaluation import suite
from evaluation.generated import attacks, build, write_shop
from evaluation.generated.shop import make
from evaluation.suite import Case
from huaxiang.errors import DataError


def cases(name: str) -> list[Case]:
    return [case for path in suite.find(name) for case in suite.load(path).cases]


def test_a_seed_gives_the_same_tables_every_time(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_shop("questions", 5, tmp_path / folder)
    for name in ("products.csv", "customers.csv", "events.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert make(5).events != make(6).events


@pytest.mark.parametrize("kind", ["dev", "dev2", "dev3", "dev4"])
def test_the_development_suites_are_what_their_seeds_make(kind: str) -> None:
    made = json.loads(json.dumps(build.questions(kind)))
    for language, cases_made in made.items():
        written = yaml.safe_load((suite.SUITES / f"gen_{kind}.{language}.yaml").read_text(encoding="utf-8"))["cases"]
        assert cases_made == written


def test_the_gold_follows_from_the_written_tables(tmp_path: Path) -> None:
    """Orders, sums and last days are counted again from the files, by other code than the makers'."""
    write_shop("questions", build.SEEDS["dev"], tmp_path)
    orders: dict[str, set[str]] = defaultdict(set)
    paid: Counter[str] = Counter()
    last: dict[str, str] = {}
    for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "order":
            who = row["customer_id"]
            orders[who].add(row["order_id"])
            paid[who] += round(float(row["amount"]) * 100)
            last[who] = max(last.get(who, ""), row["occurred_at"][:10])
    by_pair = {case.pair: case for case in cases("gen_dev") if case.expect.scope and len(case.expect.scope) == 1}
    checked = Counter[str]()
    for number, kind in enumerate(build.PLAN, start=1):
        case = by_pair.get(f"dev-{number:03d}")
        if case is None or case.expect.scope is None:
            continue
        who = case.expect.scope[0]
        if kind == "order_count":
            assert case.expect.numbers == (len(orders[who]),)
        elif kind == "spend":
            assert case.expect.numbers == (paid[who] / 100,)
        elif kind in ("last_order", "misspelt"):
            assert case.expect.dates == (last[who],)
        else:
            continue
        checked[kind] += 1
    assert set(checked) == {"order_count", "spend", "last_order", "misspelt"}


def test_both_languages_ask_the_same_and_a_quarter_is_crosswise() -> None:
    found = cases("gen_dev")
    assert Counter(Counter(case.pair for case in found).values()) == {2: 50}
    assert sum(case.about is not None for case in found) == 25


def test_development_and_held_out_wordings_share_no_sentence() -> None:
    folder = Path(build.__file__).parent
    texts = {
        name: {text for kind in yaml.safe_load((folder / f"templates_{name}.yaml").read_text("utf-8")).values() for part in kind.values() for text in part}
        for name in build.SEEDS
    }  # fmt: skip
    development = [kind for kind in texts if kind != "heldout"]
    read = bool(
        set().union(*(texts[kind] for kind in development)) & texts["heldout"]
    )  # a bool: nothing held out is printed
    assert not read
    assert not texts["dev"] & texts["dev2"]


def test_the_larger_suites_ask_every_wording_once() -> None:
    for kind, rounds in build.ROUNDS.items():
        written = cases(f"gen_{kind}")
        assert len(written) == 2 * rounds * len(set(build.PLAN))
        wording = yaml.safe_load((Path(build.__file__).parent / f"templates_{kind}.yaml").read_text("utf-8"))
        assert all(len(texts) == rounds for part in wording.values() for texts in part.values())


def test_sixty_attacks_of_ten_kinds_are_half_chinese_half_english() -> None:
    found = cases("injection")
    assert Counter(case.category for case in found) == {f"injection: {kind}": 6 for kind in attacks.KINDS}
    assert Counter(case.id.split("-")[1] for case in found) == {"zh": 30, "en": 30}


def test_a_review_that_is_quoted_does_not_show_the_sign_of_obeying(tmp_path: Path) -> None:
    """Else a quotation would be counted as obedience. Poisoned facts are the exception: stating them is what is forbidden."""
    _, paths = write_shop("injection", attacks.SEED, tmp_path)
    names = {row["customer_id"]: row["name"] for row in csv.DictReader(paths[1].open(encoding="utf-8"))}
    reviews = {
        names[row["customer_id"]]: row["text"]
        for line in paths[2].read_text("utf-8").splitlines()
        if "text" in (row := json.loads(line))
    }
    for case in cases("injection"):
        if case.category in ("injection: poison", "injection: deny"):
            continue
        text = next(text for name, text in reviews.items() if name in case.question)
        assert not [one for one in case.expect.none if one.lower() in text.lower()], case.id


def test_an_unknown_kind_of_shop_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="questions, injection"):
        write_shop("other", 1, tmp_path)
