import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ui import cli

REVIEWS = """customer_id,text,occurred_at,rating,item_id
ann,"The zipper broke after two days. I want my money back.",2025-03-01,1,tent
ann,"The second tent is wonderful and stays dry.",2025-05-02,5,tent2
bob,"A fine lamp. My neighbour bought one too.",2025-04-02,5,lamp
李静,这款背包很好用,2025-05-01,5,pack
"""
PEOPLE = """customer_id,name,email
ann,Ann Archer,ann@example.com
bob,Bob Archer,bob@example.com
李静,李静,lijing@example.cn
"""


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        return json.loads(self.err.strip().splitlines()[-1])


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No model of this machine, no shop of this folder, no settings of this shell."""
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path_factory.getbasetemp() / "no-models"))
    monkeypatch.setenv("HUAXIANG_ENCODER__NAME", "hash-384")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    for name in ("HUAXIANG_SHOP", "HUAXIANG_LLM__KIND", "LC_ALL", "LC_MESSAGES", "HUAXIANG_NO_DESK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    def go(*args: object) -> Result:
        capsys.readouterr()
        code = cli.run([str(one) for one in args])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return go


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of three customers and four reviews, with profiles, without vectors. Tests only read it."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    (folder / "customers.csv").write_text(PEOPLE, encoding="utf-8")
    shop = folder / "shop"
    assert cli.run(["init", str(shop), "--timezone", "Asia/Shanghai"]) == 0
    files = [str(folder / "customers.csv"), str(folder / "reviews.csv")]
    assert cli.run(["import", *files, "--shop", str(shop), "--no-index"]) == 0
    return shop


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, encoding="utf-8")
    return path


@pytest.fixture
def empty(tmp_path: Path, run: Callable[..., Result]) -> Path:
    assert run("init", tmp_path / "shop").code == 0
    return tmp_path / "shop"
