"""Write the weightless ONNX graph of `multilingual-e5-small` that ships in `huaxiang/models/graphs/`.

    python -m training.export_e5_graph [--out FILE]

The graph is written by hand instead of traced: it needs no torch; it uses ONNX Runtime's fused operators (attention,
skip + layer norm, bias + gelu) from the start, so no optimiser pass has to find them; the word embedding stays in the
4 bits it comes in (exactly, as `GatherBlockQuantized`), a sixth of the memory; and it has no attention mask, because
one text is one call (docs/decisions/0003-encoder-length.md). Each initializer has its name, type and shape, and no
data: `huaxiang.models.e5_build` fills them from the fetched file.

Model card: architecture of Wang et al. (2024), "Multilingual E5 Text Embeddings" (MIT): BERT, 12 layers, 384 wide, 12
heads, feed-forward 1536, 512 positions, mean pooling, L2 norm. No trained weights are in the graph.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, EPSILON = 384, 12, 12, 1536, 250_037, 512, 1e-12
BLOCK = 32
OUT = Path(__file__).resolve().parent.parent / "huaxiang" / "models" / "graphs" / "e5-small.onnx"
FUSED = "com.microsoft"


class Graph:
    """Collects nodes and the declarations of their weights."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def weight(self, name: str, *shape: int, dtype: int = TensorProto.FLOAT) -> str:
        """Declare a weight without data and return its name."""
        self.weights.append(TensorProto(name=name, data_type=dtype, dims=list(shape)))
        return name

    def constant(self, name: str, dtype: int, values: list[int]) -> str:
        """A small constant that does have its data."""
        self.weights.append(helper.make_tensor(name, dtype, [len(values)], values))
        return name

    def add(self, op: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        """Add a node with one output and return the output's name."""
        self.nodes.append(helper.make_node(op, inputs, [output], name=f"{output}/{op}", domain=domain, **attributes))
        return output

    def matmul(self, source: str, name: str, columns: int, rows: int, output: str) -> str:
        """source (…, columns) times the transposed weight `name`, which is stored as (columns, rows)."""
        return self.add("MatMul", [source, self.weight(name, columns, rows)], output)


def embed(graph: Graph) -> str:
    """Words, positions and the one token type, summed and normalised: (n, tokens, 384)."""
    words = graph.add(
        "GatherBlockQuantized",
        [
            graph.weight("emb.word.packed", VOCABULARY, HIDDEN // 2, dtype=TensorProto.UINT8),
            "input_ids",
            graph.weight("emb.word.scales", VOCABULARY, HIDDEN // BLOCK),
        ],
        "emb.words", domain=FUSED, bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    length = graph.add("Shape", ["input_ids"], "emb.length", start=1, end=2)
    zero, one = graph.constant("zero", TensorProto.INT64, [0]), graph.constant("one", TensorProto.INT64, [1])
    # "emb.pos" already holds position + token type: every text has the one type 0
    positions = graph.add("Slice", [graph.weight("emb.pos", POSITIONS, HIDDEN), zero, length, zero, one], "emb.place")
    summed = graph.add("Add", [words, positions], "emb.sum")
    scale, bias = graph.weight("emb.ln.w", HIDDEN), graph.weight("emb.ln.b", HIDDEN)
    return graph.add("LayerNormalization", [summed, scale, bias], "emb.out", axis=-1, epsilon=EPSILON)


def layer(graph: Graph, number: int, source: str) -> str:
    """One transformer layer (post-norm)."""
    at = f"l{number}."
    q, k, v = (graph.matmul(source, f"{at}{name}.w", HIDDEN, HIDDEN, f"{at}{name}") for name in "qkv")
    attended = graph.add(
        "MultiHeadAttention", [q, k, v, graph.weight(f"{at}qkv.b", 3 * HIDDEN)], f"{at}attended",
        domain=FUSED, num_heads=HEADS,
    )  # fmt: skip
    projected = graph.matmul(attended, f"{at}ao.w", HIDDEN, HIDDEN, f"{at}ao")
    middle = _skip(graph, projected, source, f"{at}ao.b", f"{at}aln")
    wide = graph.matmul(middle, f"{at}fi.w", HIDDEN, FEED_FORWARD, f"{at}fi")
    wide = graph.add("BiasGelu", [wide, graph.weight(f"{at}fi.b", FEED_FORWARD)], f"{at}gelu", domain=FUSED)
    narrow = graph.matmul(wide, f"{at}fo.w", FEED_FORWARD, HIDDEN, f"{at}fo")
    return _skip(graph, narrow, middle, f"{at}fo.b", f"{at}oln")


def _skip(graph: Graph, source: str, skip: str, bias: str, norm: str) -> str:
    weights = [graph.weight(name, HIDDEN) for name in (f"{norm}.w", f"{norm}.b", bias)]
    return graph.add("SkipLayerNormalization", [source, skip, *weights], f"{norm}.out", domain=FUSED, epsilon=EPSILON)


def pool(graph: Graph, source: str) -> str:
    """Mean over the tokens, then L2 norm: (n, 384)."""
    mean = graph.add("ReduceMean", [source], "pool.mean", axes=[1], keepdims=0)
    return graph.add("LpNormalization", [mean], "embeddings", axis=-1, p=2)


def build() -> ModelProto:
    """The whole model: input_ids int64 (n, tokens) without padding, to embeddings float32 (n, 384)."""
    graph = Graph()
    state = embed(graph)
    for number in range(LAYERS):
        state = layer(graph, number, state)
    pool(graph, state)
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "tokens"])]
    outputs = [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", HIDDEN])]
    body = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, outputs, graph.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=8, producer_name="huaxiang")


def main() -> None:
    """Write the graph."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(build().SerializeToString(deterministic=True))
    print(f"{out.name}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
