import gzip
import json
import sqlite3
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huaxiang.privacy import sqlite_file
from huaxiang.privacy.near import NearVectors
from huaxiang.privacy.needles import Needles
from huaxiang.privacy.probes import Probes, windows
from huaxiang.privacy.scan import scan

WORDS = "the quiet kettle sings at dawn"
CHINESE = "这把壶清晨会唱歌"


def unit(seed, dim=48):
    row = np.random.default_rng(seed).normal(size=dim)
    return (row / np.linalg.norm(row)).astype(np.float16)


def who(**more):
    given = {
        "customers": frozenset({"K7"}), "keys": frozenset({"0123456789abcdef0123"}), "words": frozenset({WORDS, CHINESE}),
        "vectors": np.stack([unit(1), unit(2)]), **more,
    }  # fmt: skip
    return Probes(**given)


def found(folder, probes=None):
    report = scan(folder, probes or who())
    return {(one.place, one.what) for one in report.residues}


def test_a_clean_folder_has_no_residue_and_every_file_counts(tmp_path):
    (tmp_path / "a.txt").write_text("K77 and xK7 are others", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.bin").write_bytes(np.random.default_rng(3).bytes(300_000))
    report = scan(tmp_path, who())
    assert report.residues == [] and report.files == 2 and report.bytes == 300_022


@pytest.mark.parametrize(
    "text",
    [
        f"…{WORDS}…", json.dumps({"q": CHINESE}), json.dumps({"q": CHINESE}, ensure_ascii=False), "e0123456789abcdef0123",
        "t0123456789abcdef0123", '{"customer": "K7"}', "about K7, again", "K7",
    ],
)  # fmt: skip
def test_whatever_form_it_has_in_a_text_file_it_is_found(tmp_path, text):
    (tmp_path / "log.jsonl").write_text("something else\n" + text + "\nand more\n", encoding="utf-8")
    assert {place for place, _ in found(tmp_path)} == {"log.jsonl"}


def test_it_is_found_across_the_border_of_two_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("huaxiang.privacy.scan._BLOCK", 4096)
    for shift in range(-40, 10, 7):
        content = bytearray(b"." * 20_000)
        content[8192 + shift : 8192 + shift + len(WORDS)] = WORDS.encode()
        (tmp_path / "big.txt").write_bytes(bytes(content))
        (one,) = scan(tmp_path, who()).residues
        assert (one.what, one.count) == ("words", 1)


def test_archives_are_looked_into(tmp_path):
    with gzip.open(tmp_path / "old.jsonl.gz", "wb") as file:
        file.write(f"{WORDS}\n".encode())
    with zipfile.ZipFile(tmp_path / "model.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("names.npy", CHINESE)
    assert found(tmp_path) == {("old.jsonl.gz", "words"), ("model.npz", "words")}


def test_an_archive_that_cannot_be_read_is_not_called_clean(tmp_path):
    (tmp_path / "broken.gz").write_bytes(gzip.compress(b"x" * 10_000)[:-20])
    assert found(tmp_path) == {("broken.gz", "unreadable")}


@pytest.mark.parametrize("kind", ["<f2", "<f4"])
def test_a_vector_is_found_at_any_offset(tmp_path, kind):
    noise = np.random.default_rng(4).bytes(2001)
    (tmp_path / "data.bin").write_bytes(noise + unit(2).astype(kind).tobytes() + noise)
    assert found(tmp_path) == {("data.bin", "vector")}


def test_a_vector_normalised_anew_is_near_identical_and_found_another_is_not(tmp_path):
    again = unit(1).astype(np.float32)
    again = again / np.linalg.norm(again) + np.random.default_rng(5).normal(size=48).astype(np.float32) * 1e-4
    (tmp_path / "graph.bin").write_bytes(b"abc" + again.astype("<f4").tobytes() + unit(9).astype("<f4").tobytes())
    assert found(tmp_path) == {("graph.bin", "vector")}
    (tmp_path / "graph.bin").write_bytes(b"abc" + unit(8).astype("<f4").tobytes() + unit(9).astype("<f4").tobytes())
    assert found(tmp_path) == set()


def test_sparse_vectors_are_found_among_many_like_them():
    sparse = np.zeros((40, 64), np.float16)
    for row in range(40):
        sparse[row, np.random.default_rng(row).choice(64, 5, replace=False)] = 0.447
    near = NearVectors(sparse[:1])
    assert near.count_in(sparse.astype("<f4").tobytes()) == 1
    assert near.count_in(sparse[1:].astype("<f4").tobytes()) == 0


def database(path, *, secure=False):
    made = sqlite3.connect(path, isolation_level=None)
    made.execute(f"PRAGMA secure_delete={'ON' if secure else 'OFF'}")
    made.execute("PRAGMA synchronous=OFF")
    made.execute("CREATE TABLE notes (id TEXT, who TEXT, text TEXT)")
    rows = [
        (str(n), "K7" if n == 50 else f"C{n}", WORDS if n == 50 else f"note number {n} of somebody") for n in range(200)
    ]
    made.executemany("INSERT INTO notes VALUES (?, ?, ?)", rows)
    return made


def test_a_deleted_row_that_lingers_in_a_page_is_found(tmp_path):
    made = database(tmp_path / "x.sqlite")
    made.execute("DELETE FROM notes WHERE who = 'K7'")
    made.close()
    assert found(tmp_path) == {("x.sqlite", "words"), ("x.sqlite", "id")}
    made = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    made.execute("VACUUM")
    made.close()
    assert found(tmp_path) == set()


def test_a_short_id_in_a_live_value_is_found_and_in_another_word_is_not(tmp_path):
    made = database(tmp_path / "x.sqlite", secure=True)
    made.execute("UPDATE notes SET text = 'gone' WHERE id = '50'")
    made.close()
    assert found(tmp_path) == {("x.sqlite", "id")}
    made = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    made.execute("PRAGMA secure_delete=ON")
    made.execute("UPDATE notes SET who = 'K77', text = 'model XK7-b' WHERE id = '50'")
    made.close()
    assert found(tmp_path) == set()


def test_what_only_the_write_ahead_log_holds_is_found(tmp_path):
    made = database(tmp_path / "x.sqlite")
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("INSERT INTO notes VALUES ('x', 'somebody', ?)", (CHINESE,))
    assert ("x.sqlite-wal", "words") in found(tmp_path)
    made.close()


def test_a_file_of_the_freelist_is_slack(tmp_path):
    made = database(tmp_path / "x.sqlite")
    made.execute("CREATE TABLE big (text TEXT)")
    made.executemany("INSERT INTO big VALUES (?)", [("about K7, " + "x" * 900,)] * 40)
    made.execute("DROP TABLE big")
    made.execute("DELETE FROM notes WHERE who = 'K7'")
    made.close()
    assert any(b"about K7" in piece for piece in sqlite_file.slack(tmp_path / "x.sqlite"))


def test_an_id_that_is_a_word_of_others_is_looked_for_as_a_whole_value_only(tmp_path):
    ann = Probes(customers=frozenset({"ann"}), shared=frozenset({"ann"}))
    made = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    made.execute("CREATE TABLE notes (who TEXT, text TEXT)")
    made.execute("INSERT INTO notes VALUES ('bob', 'my neighbour ann has one too')")
    assert found(tmp_path, ann) == set()
    made.execute("INSERT INTO notes VALUES ('ann', 'x')")
    made.close()
    assert found(tmp_path, ann) == {("x.sqlite", "id")}


def test_model_files_and_links_out_of_the_shop_are_left_out(tmp_path):
    (tmp_path / "shop" / "models").mkdir(parents=True)
    (tmp_path / "shop" / "models" / "m.bin").write_text(WORDS, encoding="utf-8")
    (tmp_path / "outside.txt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "shop" / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert scan(tmp_path / "shop", who()).files == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.binary(min_size=8, max_size=12), min_size=1, max_size=20),
    st.lists(st.binary(max_size=30), max_size=8),
    st.randoms(),
)
def test_needles_are_found_exactly_where_a_plain_search_finds_them(needles, hay, random):
    pieces = [*hay, *random.sample(needles, k=random.randint(0, len(needles)))]
    random.shuffle(pieces)
    block = b"".join(pieces)
    expected = {(at, one) for one in needles for at in range(len(block)) if block.startswith(one, at)}
    assert {(at, one) for at, one, _ in Needles(dict.fromkeys(needles, "x")).hits(block)} == expected


def test_a_needle_of_seven_bytes_is_refused():
    with pytest.raises(ValueError, match="fewer than eight"):
        Needles({b"1234567": "x"})


def test_probes_survive_the_journal():
    probes = who(shared=frozenset({"K7"}))
    again = Probes.from_json(probes.to_json())
    assert (again.customers, again.keys, again.words, again.shared) == (
        probes.customers, probes.keys, probes.words, probes.shared,
    )  # fmt: skip
    assert np.array_equal(again.vectors, probes.vectors)


def test_a_text_is_cut_into_stretches_that_cover_it_in_both_languages():
    assert windows("I can't wear wool, my arms itch for hours.") == [
        "I can't wear wool, my", "arms itch for hours.", "i can wear wool my arm itch for hour",
    ]  # fmt: skip
    assert windows("这把壶清晨会唱歌，我很喜欢它的颜色") == [
        "这把壶清晨会唱歌", "我很喜欢它的颜色", "这把 把壶 壶清 清晨 晨会 会唱 唱歌 我很 很喜", "喜欢 欢它 它的 的颜 颜色",
    ]  # fmt: skip
