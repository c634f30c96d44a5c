"""Files that are broken, and machines that fail half-way."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from huaxiang.errors import DataError, StoreError
from huaxiang.ingest import importer
from huaxiang.ingest.importer import import_paths
from huaxiang.store import evidence, read
from huaxiang.store.shop import Shop

Put = Callable[[str, str | bytes], Path]
HEAD = "customer_id,date,item_id,text\n"
ROOT = Path(__file__).parents[3]


def reviews(count: int, *, words: int = 30) -> str:
    chance = random.Random(7)
    names = "strap amp pick string cable sound tone price stage stand good bad loud cheap solid broke".split()
    lines = []
    for number in range(count):
        text = " ".join(chance.choices(names, k=words))
        lines.append(
            json.dumps(
                {
                    "customer_id": f"C{number % 97}",
                    "date": "2025-01-01",
                    "item_id": f"P{number % 31}",
                    "text": f"{number} {text}",
                }
            )
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused_by_name(shop: Shop, put: Put, content: bytes) -> None:
    with pytest.raises(DataError, match=r"orders\.csv is empty.*export it again"):
        import_paths(shop, [put("orders.csv", content)])


@pytest.mark.parametrize(
    "content",
    [
        random.Random(1).randbytes(4000),
        random.Random(2).randbytes(90),
        b"PK\x03\x04" + b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"PAR1 no",
        b"\x1f\x8b\x08no",
    ],
    ids=["noise", "short-noise", "excel", "image", "parquet", "gzip"],
)
def test_binary_rubbish_is_refused_by_name(shop: Shop, put: Put, content: bytes) -> None:
    with pytest.raises(DataError, match=r"reviews\.csv"):
        import_paths(shop, [put("reviews.csv", content)])
    good = put("all/reviews.csv", HEAD + "C1,2025-01-01,P1,good\n")
    put("all/broken.csv", content)
    assert import_paths(shop, [good.parent]).total.kept == 1


def test_a_file_that_is_not_there_is_said_to_be_missing(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*nope\.csv"):
        import_paths(shop, [tmp_path / "nope.csv"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_chinese_file_is_read_in_any_common_encoding(shop: Shop, put: Put, encoding: str) -> None:
    body = HEAD + "C1,2025-01-01,P1,这个包很好\uff0c颜色也漂亮\nC2,2025-01-02,P1,“质量”一般…\n"
    report = import_paths(shop, [put("评价.csv", body.encode(encoding))])
    assert (report.total.kept, report.total.repaired, report.total.rejected) == (2, {}, {})
    assert evidence.texts_of(shop, "C2")[0].clean == "“质量”一般…"


def test_lines_in_other_encodings_are_mended_and_hopeless_ones_rejected(shop: Shop, put: Put) -> None:
    good = "C1,2025-01-01,P1,很好用\uff0c推荐".encode()
    lines = [
        HEAD.strip().encode(), good, good.replace(b"C1", b"C2"), "C3,2025-01-01,P1,质量不错".encode("gb18030"),
        "C4,2025-01-01,P1,tr\u00e8s bien caf\u00e9 cr\u00e8me".encode("cp1252"),
        b"C5,2025-01-01,P1,\x81\xff\x8d\xfe\x81\x90\xff", "C6,2025-01-01,P1,包装很好物流也快".encode() + b"\xff",
    ]  # fmt: skip
    report = import_paths(shop, [put("reviews.csv", b"\n".join(lines))])
    one = report.files[0]
    assert evidence.texts_of(shop, "C3")[0].clean == "质量不错"
    assert evidence.texts_of(shop, "C4")[0].clean == "tr\u00e8s bien caf\u00e9 cr\u00e8me"
    assert one.rejected["encoding"].rows == [6]
    assert one.repaired["encoding"].rows == [4, 5] and one.repaired["encoding-damaged"].rows == [7]


def test_an_open_quote_costs_its_own_line_only(shop: Shop, put: Put) -> None:
    body = (
        HEAD
        + 'C1,2025-01-01,P1,"never closed\n'
        + "".join(f"C{n},2025-01-01,P1,t{n}\n" for n in range(2, 9))
        + 'C9,2025-01-01,P1,"two\nlines"\n'
    )
    report = import_paths(shop, [put("reviews.csv", body)])
    assert {name: one.rows for name, one in report.files[0].rejected.items()} == {"bad-csv": [2]}
    assert report.total.kept == 8 and evidence.texts_of(shop, "C9")[0].clean == "two\nlines"


def test_a_file_that_breaks_off_says_where(shop: Shop, put: Put) -> None:
    packed = gzip.compress(reviews(3000).encode())
    report = import_paths(shop, [put("reviews.jsonl.gz", packed[: len(packed) // 2])])
    assert report.total.kept > 500
    assert report.files[0].rejected["truncated-file"].rows == [report.total.kept + 1]


def test_absurd_lines_do_not_stop_the_rest(shop: Shop, put: Put) -> None:
    lines = [
        "[" * 100_000,
        '{"customer_id": "C1", "text": "ok \\ud83d \\u0000"}',
        '{"customer_id": "' + "x" * 500 + '", "text": "a"}',
        "{" + '"a":' * 9999,
    ]
    report = import_paths(shop, [put("reviews.jsonl", '{"customer_id": "C0", "text": "fine"}\n' + "\n".join(lines))])
    assert report.total.kept == 2 and report.total.rejected_rows == 3
    assert evidence.texts_of(shop, "C1")[0].clean == "ok \ufffd \ufffd"


def test_a_full_disk_is_a_store_error_and_the_import_can_be_finished_later(
    shop: Shop, put: Put, contents: Callable[[], Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(importer, "BATCH_ROWS", 100)
    path = put("reviews.jsonl", reviews(1500))
    shop.engine.dispose()
    full = True

    @sa.event.listens_for(shop.engine, "connect")
    def limit(connection: Any, _: Any) -> None:
        if full:
            connection.execute("PRAGMA max_page_count = 150")

    with pytest.raises(StoreError, match="free some disk space") as caught:
        import_paths(shop, [path])
    assert caught.value.code == "store-write" and "strap" not in str(caught.value)
    full = False
    shop.engine.dispose()
    assert 0 < len(read.event_frame(shop)) < 1500
    import_paths(shop, [path])
    assert len(read.event_frame(shop)) == 1500


def run(code: str, *arguments: object, wait: bool = True) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if wait:
        child.wait(90)
    return child


IMPORT = """
    import os, signal, sys
    from pathlib import Path
    from huaxiang.ingest import importer
    from huaxiang.store.shop import Shop
    importer.BATCH_ROWS = 200
    def tell(done, total, name):
        if sys.argv[3] == "kill" and done > total / 2:
            os.kill(os.getpid(), signal.SIGKILL)
    print(importer.import_paths(Shop.open(Path(sys.argv[1])), [Path(sys.argv[2])], progress=tell).total.kept)
"""


def test_an_import_killed_half_way_and_run_again_gives_the_same_shop_as_a_clean_run(
    shop: Shop, put: Put, tmp_path: Path, contents: Callable[[Path | None], Any]
) -> None:
    path = put("reviews.jsonl", reviews(1500) + reviews(20).replace("2025-01-01", "2025-02-01"))
    clean = Shop.create(tmp_path / "clean", settings={"timezone": "Asia/Shanghai"})
    import_paths(clean, [path])
    clean.close()
    assert run(IMPORT, shop.folder, path, "kill").returncode == -signal.SIGKILL
    half = len(read.event_frame(shop))
    assert 0 < half < 1520
    again = import_paths(shop, [path])
    assert again.total.duplicated == half and again.total.kept == 1520 - half
    assert again.customer_ids == {f"C{number}" for number in range(97)}
    assert contents(None) == contents(tmp_path / "clean")


def test_two_processes_that_write_wait_for_each_other(shop: Shop, put: Put) -> None:
    one, two = put("one.jsonl", reviews(600)), put("two.jsonl", reviews(900))
    children = [
        run(IMPORT.replace("done > total / 2", "False"), shop.folder, path, "", wait=False) for path in (one, two)
    ]
    outputs = [child.communicate(timeout=90) for child in children]
    for child, (_, errors) in zip(children, outputs, strict=True):
        assert child.returncode == 0 or "shop-busy" in errors or "another process is writing" in errors, errors
    import_paths(shop, [one, two])
    assert len(read.event_frame(shop)) == 900


def test_while_another_process_writes_for_long_the_import_says_so(shop: Shop, put: Put, monkeypatch: Any) -> None:
    monkeypatch.setattr(Shop, "writing", lambda self, original=Shop.writing: original(self, wait_seconds=0.1))
    path = put("one.jsonl", reviews(5))
    holder = run(
        "import sys,time; from pathlib import Path; from huaxiang.store.shop import Shop\n"
        "with Shop.open(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)",
        shop.folder, wait=False,
    )  # fmt: skip
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process is writing"):
            import_paths(shop, [path])
        assert import_paths(shop, [path], dry_run=True).total.kept == 5
    finally:
        holder.kill()
        holder.communicate()


MEMORY = """
    import json, resource, sys
    from pathlib import Path
    from huaxiang.ingest.importer import import_paths
    from huaxiang.store.shop import Shop
    folder, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    line = json.dumps({"customer_id": "C%d", "date": "2025-01-01", "item_id": "P1", "kind": "view", "page": "x" * 20_000})
    path = folder / "views.jsonl"
    with path.open("w") as file:
        for number in range(megabytes * 1_000_000 // len(line)):
            file.write(line % (number % 50) + "\\n")
    report = import_paths(Shop.create(folder / "shop"), [path])
    print(report.total.kept, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    used = {}
    for megabytes in (20, 60):
        (tmp_path / str(megabytes)).mkdir()
        out, errors = run(MEMORY, tmp_path / str(megabytes), megabytes, wait=False).communicate(timeout=110)
        assert out, errors
        kept, used[megabytes] = map(int, out.split())
        assert kept > megabytes * 40
    assert used[60] < used[20] + 30
