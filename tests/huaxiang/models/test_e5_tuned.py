"""Low-rank changes merged into a small graph of the cached kind: what comes out, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huaxiang.errors import ModelError
from huaxiang.models.e5_tuned import POOLED, Delta, matrices, merge

onnx = pytest.importorskip("onnx", reason="merging needs onnx: pip install 'huaxiang[app]'")
runtime = pytest.importorskip("onnxruntime", reason="running needs onnxruntime: pip install 'huaxiang[app]'")


WIDE = 32


def graph() -> Any:
    """x (n, tokens, 32) through l0.ao, l0.qkv (cut to its first third) and the mean, as the cached graph names them."""
    rng = np.random.default_rng(3)
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    weights, nodes, source = [], [], "x"
    for name, columns in (("l0.ao", WIDE), ("l0.qkv", 3 * WIDE)):
        whole = rng.integers(-63, 64, (WIDE, columns)).astype(np.int8)
        values = {
            "smooth": rng.uniform(0.5, 2, WIDE).astype(np.float32),
            "int8": whole,
            "step": rng.uniform(0.001, 0.002, columns).astype(np.float32),
        }
        weights += [numpy_helper.from_array(value, f"{name}.{kind}") for kind, value in values.items()]
        nodes.append(helper.make_node("Mul", [source, f"{name}.smooth"], [f"{name}.in"]))
        nodes.append(
            helper.make_node(
                "DynamicQuantizeMatMul",
                [f"{name}.in", f"{name}.int8", f"{name}.step"],
                [f"{name}.out"],
                domain="com.microsoft",
            )
        )
        source = f"{name}.out"
    weights.append(numpy_helper.from_array(rng.integers(0, 256, (5, WIDE // 2)).astype(np.uint8), "emb.word.packed"))
    weights.append(numpy_helper.from_array(np.ones((5, 1), np.float32), "emb.word.scales"))
    nodes.append(helper.make_node("ReduceMean", [source], [POOLED], axes=[1], keepdims=0))
    nodes.append(helper.make_node("LpNormalization", [POOLED], ["embeddings"], axis=-1, p=2))
    inputs = [helper.make_tensor_value_info("x", 1, ["n", "tokens", WIDE])]
    outputs = [helper.make_tensor_value_info("embeddings", 1, ["n", 3 * WIDE])]
    body = helper.make_graph(nodes, "small", inputs, outputs, weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=8)


def change(**low_rank: tuple[int, int]) -> Delta:
    rng = np.random.default_rng(4)
    pairs = {
        name.replace("_", "."): (
            rng.normal(0, 0.2, (rows, 4)).astype(np.float16),
            rng.normal(0, 0.2, (4, columns)).astype(np.float16),
        )
        for name, (rows, columns) in low_rank.items()
    }
    head = (np.ones((WIDE, 2), np.float32), np.zeros(2, np.float32))
    return Delta(pairs, head, {"tokens": 16})


def test_a_merged_matrix_is_the_old_one_plus_its_change() -> None:
    before = matrices(graph())
    delta = change(l0_ao=(WIDE, WIDE), l0_v=(WIDE, WIDE))
    after = matrices(merge(graph(), delta))
    for name in ("l0.ao", "l0.v"):
        down, up = delta.low_rank[name]
        wanted = before[name] + down.astype(np.float32) @ up.astype(np.float32)
        step = np.abs(wanted).max() / 63
        assert np.abs(after[name] - wanted).max() <= 2 * step  # rounded in a smoothed space, whose scales are 0.5-2
        assert not np.allclose(after[name], before[name], atol=step)
    for name in ("l0.q", "l0.k", "emb.word"):
        assert np.abs(after[name] - before[name]).max() < 1e-2


def test_the_merged_graph_runs_and_gives_the_mean_without_a_norm() -> None:
    x = np.random.default_rng(5).normal(size=(1, 7, WIDE)).astype(np.float32)
    merged = merge(graph(), change(l0_v=(WIDE, WIDE)))
    weights = matrices(merged)
    wanted = (x @ weights["l0.ao"] @ weights["l0.v"]).mean(axis=1)[0]
    session = runtime.InferenceSession(merged.SerializeToString(), providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_outputs()] == [POOLED]
    found = session.run(None, {"x": x})[0][0]
    assert np.corrcoef(found[2 * WIDE :], wanted)[0, 1] > 0.999


@pytest.mark.parametrize("unlike", [{"l7_ao": (WIDE, WIDE)}, {"l0_ao": (WIDE, 8)}, {"l0_v": (8, WIDE)}])
def test_a_change_of_another_encoder_is_refused(unlike: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ModelError, match="huaxiang models fetch"):
        merge(graph(), change(**unlike))


def test_a_saved_change_is_read_as_it_was(tmp_path: Path) -> None:
    delta = change(l0_ao=(WIDE, WIDE))
    delta.save(tmp_path / "one.npz")
    again = Delta.load(tmp_path / "one.npz")
    assert again.about == delta.about
    assert all(np.array_equal(a, b) for a, b in zip(again.low_rank["l0.ao"], delta.low_rank["l0.ao"], strict=True))
    assert np.array_equal(again.head[0], delta.head[0])


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04cut short"])
def test_a_damaged_file_says_how_to_get_it_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "one.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="train sentiment --tier accurate"):
        Delta.load(path)
