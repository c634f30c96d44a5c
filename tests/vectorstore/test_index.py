import pytest

from huaxiang.errors import ModelError, StoreError, ToolInputError
from huaxiang.store import evidence, lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import vectors
from vectorstore.index import Index


def no_encoder(_: Shop):
    raise ModelError("no model file", hint="huaxiang models fetch")


def quotes(hits):
    return [hit.quote for hit in hits]


def other(encoder, name, **changes):
    return type(encoder)(name=name, **changes)


def test_search_in_one_customer_quotes_the_sentence_that_answers(shop, encoder):
    index = Index.open(shop, encoder)
    index.build()
    hits = index.search_customer("ann", "does the guitar stay in tune")
    assert hits[0].quote == "It stays in tune." or hits[0].quote.startswith("Lovely guitar")
    assert {hit.evidence.customer_id for hit in hits} == {"ann"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    index.close()


@pytest.mark.parametrize(("query", "customer"), [("guitar for mother", "bob"), ("降噪耳机 颜色", "李")])
def test_search_over_all_finds_the_customer(shop, encoder, query, customer):
    with Index.open(shop, encoder) as index:
        index.build()
        assert index.search(query, limit=1)[0].evidence.customer_id == customer


def test_words_alone_work_before_any_embedding_and_without_an_encoder(shop):
    index = Index(shop, None, no_encoder)
    report = index.build()
    assert (report.encoder, report.words, report.embedded) == (None, 6, 0)
    assert index.search("refund")[0].quote == "Where is my refund for the strings?"
    status = index.status()
    assert status.mode == "words only" and "huaxiang models fetch" in status.notes[0]


def test_building_again_embeds_nothing_and_new_text_is_embedded_alone(shop, encoder):
    with Index.open(shop, encoder) as index:
        assert index.build().embedded == 6
        again = index.build()
        assert (again.embedded, again.kept, again.approximate) == (0, 6, "in step")
        with shop.begin() as connection:
            connection.execute(
                t.evidence.update().where(t.evidence.c.clean.contains("mother")).values(clean="A flute for my aunt")
            )
        assert index.build().embedded == 1
        assert encoder.passages == 7
        assert index.search("flute aunt", recipe="meaning", limit=1)[0].evidence.customer_id == "bob"


def test_a_killed_build_goes_on_where_it_stopped(shop, encoder, monkeypatch):
    index = Index.open(shop, encoder)
    monkeypatch.setattr("vectorstore.index.BATCH", 2)

    def stop(done, total, what):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.build(stop)
    assert vectors.counts(shop) == {"bag": 4}
    assert index.build().embedded == 2
    index.close()


def test_only_some_customers_can_be_embedded_first(shop, encoder):
    with Index.open(shop, encoder) as index:
        assert index.build(only=["bob"]).embedded == 1
        assert index.status().pending == 5


def test_evidence_that_is_gone_leaves_the_index(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
        with shop.begin() as connection:
            connection.execute(t.evidence.delete().where(t.evidence.c.customer_id == "bob"))
        assert [hit for hit in index.search("gift for my mother") if hit.evidence.customer_id == "bob"] == []
        report = index.build()
        assert (report.removed, report.words) == (1, 5)


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({"kinds": ["ticket"]}, {"Where is my refund for the strings?"}),
        ({"since": 150, "until": 250}, {"Lovely guitar with a great sound. It stays in tune. My son plays it daily."}),
        ({"item_id": "b1", "until": 150}, {"The strings broke after two days. I sent them back."}),
    ],
)
def test_filters_apply_to_words_and_meaning(shop, encoder, options, texts):
    with Index.open(shop, encoder) as index:
        index.build()
        assert {hit.evidence.clean for hit in index.search_customer("ann", "strings guitar sound", **options)} == texts
        assert texts <= {hit.evidence.clean for hit in index.search("strings guitar sound", **options)}


def test_undated_evidence_passes_until_and_fails_since(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
        until = index.search_customer("李", "耳机", until=100)
        since = index.search_customer("李", "耳机", since=100)
        assert quotes(until) == ["耳机什么时候到货?"] and len(since) == 1


def test_a_summary_is_found_in_both_languages_and_cited_whole(shop, encoder):
    with shop.begin() as connection:
        connection.execute(
            t.evidence.insert().values(
                evidence_id="s1",
                customer_id="ann",
                kind="summary",
                clean="平均每单 120 元。共 3 单。",
                clean_en="Average order 120. 3 orders.",
            )
        )
    with Index.open(shop, encoder) as index:
        index.build()
        for query in ("average order", "平均每单"):
            hit = index.search_customer("ann", query)[0]
            assert (hit.evidence.evidence_id, hit.quote) == ("s1", "平均每单 120 元。共 3 单。")
        assert "s1" in {hit.evidence.evidence_id for hit in index.search_customer("ann", "average", kinds=["summary"])}


def test_a_question_in_another_language_can_quote_by_meaning(shop, encoder):
    bridge = other(encoder, "bridge", like={"退货": "sent", "寄回": "sent"})
    with Index.open(shop, bridge) as index:
        index.build()
        hits = [hit for hit in index.search_customer("ann", "退货") if "strings broke" in hit.evidence.clean]
        assert quotes(index.sharpen("退货", hits)) == ["I sent them back."]


def test_vectors_of_a_real_encoder_are_only_replaced_on_purpose(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
    with Index.open(shop, other(encoder, "hash-64")) as index:
        with pytest.raises(StoreError, match="huaxiang index --rebuild") as caught:
            index.build()
        assert caught.value.code == "index-encoder"
        assert index.search("refund", limit=1)[0].evidence.event_kind == "ticket"
        assert index.status().mode == "words only"
        assert index.rebuild().embedded == 6
        assert index.status().vectors == {"hash-64": 6}


def test_the_fallback_gives_way_to_a_real_encoder_without_asking(shop, encoder):
    with Index.open(shop, other(encoder, "hash-64")) as index:
        index.build()
        index.use(other(encoder, "real", dim=32))
        report = index.build()
        assert (report.encoder, report.embedded, report.approximate) == ("real", 6, "in step")


def test_a_rebuild_keeps_good_vectors(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
        with shop.begin() as connection:
            lexical.drop(connection)
        report = index.rebuild()
        assert (report.embedded, report.kept, report.words) == (0, 6, 6)
        assert index.rebuild(reembed=True).embedded == 6


def test_an_unknown_recipe_names_the_known_ones(shop, encoder):
    with pytest.raises(ToolInputError, match="both, words, meaning"):
        Index.open(shop, encoder).search("x", recipe="magic")


def test_matches_tell_how_good_a_hit_is(shop, encoder):
    with Index.open(shop, encoder) as index:
        index.build()
        first, *_, last = index.matches("降噪耳机", customer_id="李")
        assert first.words is not None and first.meaning is not None and first.meaning > (last.meaning or 0)
        assert first.evidence_id in evidence.get(shop, [first.evidence_id])


@pytest.mark.parametrize("query", ["", "   ", "\"'()*:^", "\x00", "的", "🎸🎸"])
def test_odd_queries_are_harmless(shop, encoder, query):
    with Index.open(shop, encoder) as index:
        index.build()
        index.search(query)
        index.search_customer("ann", query)
        assert index.search_customer("nobody", query) == []
