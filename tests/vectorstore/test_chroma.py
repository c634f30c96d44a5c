import subprocess
import sys
import textwrap

import pytest

from huaxiang.errors import ConfigError, StoreError
from huaxiang.store.shop import Shop
from vectorstore import chroma, vectors
from vectorstore.index import Index

pytest.importorskip("chromadb")


@pytest.fixture
def built(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
    return shop


def test_chroma_is_used_when_warm_and_agrees_with_the_exact_scan(built, encoder):
    with Index.open(built, encoder) as index:
        exact = index.matches("guitar strings", recipe="meaning")
        assert index.status().approximate == "not opened"
        index.warm()
        near = index.matches("guitar strings", recipe="meaning")
        assert index.status().approximate == "in step"
        expected = {one.evidence_id: pytest.approx(one.meaning, abs=0.002) for one in exact}
        assert {one.evidence_id: one.meaning for one in near} == expected


def test_it_holds_ids_and_vectors_and_no_text(built):
    files = [path for path in chroma.folder(built).rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert b"guitar" not in content and "耳机".encode() not in content


def test_an_index_behind_the_vectors_is_not_searched(built, encoder):
    with Index.open(built, encoder) as index:
        index.warm()
        vectors.remove_all(built)
        index.build(only=["bob"])
        assert {one.evidence_id for one in index.matches("guitar", recipe="meaning")} == set(
            vectors.everything(built, encoder.name)[0]
        )
        assert "behind the vectors" in index.notes[0]
        index.build()
        index.search("guitar")
        assert index.notes == () and index.status().approximate == "in step"


def test_a_half_copied_index_goes_on(built, encoder):
    with Index.open(built, encoder) as index:
        index.warm()
        collection = index._collection
        collection._restamp(state="building")
        collection._collection.delete(ids=collection._collection.get(include=[])["ids"][:3])
        assert len(index.search("guitar strings refund 耳机", recipe="meaning", limit=8)) == 6  # exact meanwhile
        assert index.build().approximate == "in step"
        assert collection.count() == 6


def test_a_damaged_index_is_named_and_search_goes_on_without_it(built, encoder):
    (chroma.folder(built) / "chroma.sqlite3").write_bytes(b"not a database" * 1000)
    with Index.open(built, encoder) as index:
        index.warm()
        assert index.search("refund", limit=1)[0].evidence.event_kind == "ticket"
        assert "huaxiang index --rebuild" in index.notes[0]
        assert index.status().approximate == "unavailable"
        with pytest.raises(StoreError, match="huaxiang index --rebuild") as caught:
            index.build()
        assert caught.value.code == "index-damaged"
        assert index.rebuild().approximate == "in step"
        assert index.notes == ()


def test_an_index_of_another_encoder_is_refused(built, encoder):
    with pytest.raises(StoreError, match="huaxiang index --rebuild") as caught:
        chroma.Collection.open(built, "other", 64)
    assert caught.value.code == "index-encoder"
    chroma.Collection.open(built, encoder.name, encoder.dim).close()  # the lock was let go


def test_while_another_process_owns_it_search_and_build_use_the_database(built, encoder):
    script = textwrap.dedent("""
        import sys
        from filelock import FileLock
        lock = FileLock(sys.argv[1])
        lock.acquire()
        print("held", flush=True)
        sys.stdin.read()
    """)
    lock = str(built.folder / "index" / ".owner.lock")
    with subprocess.Popen(
        [sys.executable, "-c", script, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout.readline() == "held\n"
        with Index.open(built, encoder) as index:
            index.warm()
            assert index.search("refund", limit=1)[0].evidence.event_kind == "ticket"
            report = index.build()
            assert report.approximate == "skipped" and "another process owns" in report.notes[0]
            with pytest.raises(StoreError) as caught:
                index.rebuild()
            assert caught.value.code == "index-busy"
        owner.stdin.close()
    with Index.open(built, encoder) as index:
        assert index.rebuild().approximate == "in step"


def test_a_rebuild_leaves_no_old_vector_on_disk(built, encoder):
    name, matrix = vectors.everything(built, encoder.name)
    victim = next(place for place, one in enumerate(name) if matrix[place].any())
    needle = matrix[victim].astype("<f4").tobytes()

    def on_disk():
        return any(needle in path.read_bytes() for path in chroma.folder(built).rglob("*") if path.is_file())

    assert on_disk()
    with Index.open(built, encoder) as index:
        with built.begin() as connection:
            vectors._delete(connection, [name[victim]])
            connection.exec_driver_sql("DELETE FROM evidence WHERE evidence_id = ?", (name[victim],))
        index.rebuild()
    assert not on_disk()


def test_a_server_that_does_not_answer_costs_only_the_approximation(built, encoder):
    remote = Shop.open(built.folder, overrides={"shop.chroma_url": "http://127.0.0.1:9"})
    with Index.open(remote, encoder) as index:
        index.warm()
        assert index.search("refund", limit=1) and "[shop] chroma_url" in index.notes[0]
    wrong = Shop.open(built.folder, overrides={"shop.chroma_url": "chroma.internal"})
    with pytest.raises(ConfigError, match="http"):
        chroma.Collection.open(wrong, encoder.name, encoder.dim)
    remote.close()
    wrong.close()
