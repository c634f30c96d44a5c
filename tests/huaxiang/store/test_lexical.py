from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from huaxiang.store import lexical
from huaxiang.store.shop import Shop

ROWS = [
    ("t1", "ann", "The strings broke after two days, I returned them."),
    ("t2", "ann", "Lovely guitar, great sound and it stays in tune"),
    ("t3", "李", "这款降噪耳机很好,续航也不错,颜色是黑色"),
    ("t4", "李", "快递太慢了,等了一周。茶不错"),
    ("t5", "bob", "Returns were easy; the GUITAR was a gift for my mother"),
]


@pytest.fixture
def connection(tmp_path: Path):
    shop = Shop.create(tmp_path / "shop")
    with shop.engine.connect() as one:
        lexical.index_rows(one, ROWS)
        yield one
    shop.close()


def found(connection, query, **options):
    return [one for one, _ in lexical.search(connection, query, limit=10, **options)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("guitars", {"t2", "t5"}),
        ("RETURN", {"t1", "t5"}),
        ("Guitar", {"t2", "t5"}),
        ("降噪", {"t3"}),
        ("耳机颜色", {"t3"}),
        ("不错", {"t3", "t4"}),
        ("黑色的 guitar", {"t2", "t3", "t5"}),
        ("nothing like it exists: zebra", set()),
        ("", set()),
        ("!!! ??", set()),
    ],
)
def test_words_and_characters_are_found_in_both_languages(connection, query, expected):
    assert set(found(connection, query)) == expected


def test_search_in_one_customer_sees_no_other(connection):
    assert found(connection, "guitar", customer_id="bob") == ["t5"]
    assert found(connection, "不错", customer_id="ann") == []


def test_more_matching_terms_rank_higher_and_scores_fall(connection):
    hits = lexical.search(connection, "guitar sound tune", limit=10)
    assert [one for one, _ in hits] == ["t2", "t5"]
    assert hits[0][1] > hits[1][1]


def test_indexing_twice_changes_nothing(connection):
    before = lexical.search(connection, "guitar", limit=10)
    lexical.index_rows(connection, [*ROWS, ("t2", "ann", "another text under a known id")])
    assert lexical.search(connection, "guitar", limit=10) == before
    assert lexical.count(connection) == len(ROWS)


def test_a_removed_row_is_not_found_and_leaves_no_word_behind(connection):
    lexical.remove(connection, ["t3", "unknown"], purge=True)
    assert found(connection, "降噪") == []
    connection.execute(sa.text("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'lexical', 'row')"))
    words = set(connection.scalars(sa.text("SELECT term FROM temp.words")))
    assert "guitar" in words and "降噪" not in words


def test_search_before_anything_was_indexed_is_empty(tmp_path):
    shop = Shop.create(tmp_path / "empty")
    with shop.engine.connect() as one:
        assert lexical.search(one, "guitar", limit=5) == []
        assert lexical.count(one) == 0


def test_a_rebuild_holds_exactly_the_evidence_table(connection):
    connection.execute(
        sa.text(
            "INSERT INTO evidence(evidence_id, customer_id, kind, language, clean, clean_en, flags) "
            "VALUES ('s1', 'ann', 'summary', 'zh', '平均每单 120 元', 'average order 120', '')"
        )
    )
    assert lexical.rebuild(connection) == 1
    assert found(connection, "average order") == ["s1"] == found(connection, "平均")
    assert found(connection, "guitar") == []


@pytest.mark.parametrize(
    ("words", "root"),
    [
        (("returned", "returns", "returning", "return"), "return"),
        (("loved", "loves", "loving", "love"), "love"),
        (("stopped", "stops", "stopping"), "stop"),
        (("battery", "batteries"), "batteri"),
        (("glass", "bus", "sing", "red"), None),
    ],
)
def test_forms_of_an_english_word_meet(words, root):
    assert {lexical.stem(word) for word in words} == ({root} if root else set(words))


def test_full_width_accents_and_single_characters_are_folded():
    assert lexical.tokens("ＡＢＣ１２ Café 茶, don't") == ["abc12", "cafe", "茶", "don"]
    assert lexical.tokens("한국어 テスト") == ["한국", "국어", "テス", "スト"]


@settings(max_examples=60, deadline=None)
@given(query=st.text(max_size=60))
def test_no_query_text_breaks_the_search(query):
    engine = sa.create_engine("sqlite://")
    with engine.connect() as one:
        lexical.index_rows(one, [*ROWS, ("t9", "x", query)])
        for text in (query, f'"{query}', f"{query} AND NOT (", f"tokens:{query}*"):
            known = {evidence for evidence, _, _ in ROWS} | {"t9"}
            found = lexical.search(one, text, limit=3)
            assert len(found) <= 3 and {evidence for evidence, _ in found} <= known
            assert not {evidence for evidence, _ in lexical.search(one, text, customer_id=query, limit=3)} - known
    engine.dispose()
