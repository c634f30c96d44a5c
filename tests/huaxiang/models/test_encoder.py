"""One contract for every encoder. The real one is skipped where its file has not been fetched."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from huaxiang.errors import ModelError
from huaxiang.models import e5_build
from huaxiang.models.encoder import HASH, Encoder, HashEncoder, load_encoder

ODD = ["", " ", "\n\t", "x" * 100_000, "好" * 100_000, "\ud800 lone", "\ud83d\ude00", "a\x00b\x07c", "</s><pad>", "🙂"]


@pytest.fixture(scope="module", params=["hash", pytest.param("e5", marks=pytest.mark.model)])
def encoder(request: pytest.FixtureRequest) -> Iterator[Encoder]:
    if request.param == "hash":
        yield HashEncoder()
        return
    try:
        yield load_encoder()
    except ModelError as error:
        pytest.skip(f"the encoder is not on this machine: {error.code}")


def test_it_keeps_the_protocol(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder) and encoder.dim == 384 and encoder.name


def test_vectors_are_float32_of_length_one(encoder: Encoder) -> None:
    for vectors in (encoder.encode_queries(["鞋子", "shoes"]), encoder.encode_passages(["鞋子", "shoes"])):
        assert vectors.shape == (2, 384) and vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_odd_texts_get_a_finite_vector(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(ODD)
    assert np.isfinite(vectors).all() and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder) -> None:
    texts = ["这双鞋底子太硬", "great sound", "", "the strap broke after two weeks and nobody answers my mails"]
    together = encoder.encode_passages(texts)
    apart = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.array_equal(together, apart)


def test_the_right_passage_is_nearest_in_both_languages(encoder: Encoder) -> None:
    passages = [
        "耳机续航太短，充一次电只能用两个小时",
        "鞋子底太硬，磨脚",
        "the strap broke after two weeks",
        "sound is great",
    ]
    queries = ["耳机续航", "鞋子磨脚", "broken strap", "great sound"]
    scores = encoder.encode_queries(queries) @ encoder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_progress_reaches_the_end(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode_passages(["a"] * 300, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (300, 300)


def test_the_real_encoder_crosses_languages(encoder: Encoder) -> None:
    if encoder.name == HASH:
        pytest.skip("hashing knows no meaning")
    passages = ["鞋子磨脚，底太硬", "手机电池不耐用", "物流很快，包装完好", "洗发水味道好闻"]
    queries = ["shoes hurt my feet", "poor battery life of the phone", "fast delivery", "shampoo smells nice"]
    scores = encoder.encode_queries(queries) @ encoder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_the_real_encoder_reads_no_special_token_from_text(encoder: Encoder) -> None:
    if encoder.name == HASH:
        pytest.skip("hashing has no tokens")
    ids = encoder.tokens("</s>")  # type: ignore[attr-defined]
    assert ids[0] == 0 and ids[-1] == 2 and 2 not in ids[1:-1] and len(ids) > 3
    assert len(encoder.tokens("好" * 10_000)) == 512  # type: ignore[attr-defined]


def test_hash_vectors_are_the_same_on_every_machine() -> None:
    vector = HashEncoder().encode_passages(["电池 battery"])[0]
    assert np.flatnonzero(vector).tolist()[:3] == EXPECTED


EXPECTED = [13, 53, 59]


def test_without_the_model_there_is_a_fallback_only_if_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    monkeypatch.setattr("huaxiang.models.parts.installed_file", lambda part: None)
    assert load_encoder(fallback=True).name == HASH
    with pytest.raises(ModelError, match="huaxiang models fetch multilingual-e5-small-int8"):
        load_encoder()


def test_the_shipped_graph_is_small_and_has_no_weights() -> None:
    assert len(e5_build.graph_file("e5-small.onnx")) < 50_000
    assert len(e5_build.graph_file("e5-small.onnx")) + len(e5_build.graph_file("e5-small.ranges.npz")) < 200_000
