"""Build the int8 encoder in the cache, once: the 4-bit file's weights into the graph that ships, then to 8 bits.

Quantising is dynamic (activations at run time), per output channel, with 7-bit weights, after SmoothQuant (Xiao et
al., 2023): a few channels of the activations are ten times as large as the others, so each input channel j of a matrix
is divided by s_j = ranges_j^a / max|w_j|^(1-a) and its weights multiplied by it. That lifts the cosine to fp32 from
0.996 to 0.999 and costs 4 % of the time. 7 bits, because processors without VNNI overflow on 8 (and they agree then).
`graphs/e5-small.ranges.npz` holds the ranges, from texts of our own (training/calibrate_e5.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models import cache
from huaxiang.models.cache import Progress
from huaxiang.models.cards import ModelCard
from huaxiang.models.e5_file import Q4, E5File, Floats, Vocabulary, read
from huaxiang.require import require

RECIPE = 1
"""Raise it when the same source gives other files; a cache of another recipe is built anew."""

SMOOTHING = 0.7
QMAX = 63
FUSED = "com.microsoft"
Weights = dict[str, npt.NDArray[Any]]


def graph_file(name: str) -> bytes:
    """A file of `graphs/`."""
    return (resources.files("huaxiang.models") / "graphs" / name).read_bytes()


def is_built(folder: Path, card: ModelCard, *, full: bool = False) -> bool:
    """Whether the built files are there, of this recipe and this source, and whole.

    Raises:
        ModelError: they are there but damaged.
    """
    record = cache.read_json(folder / "built.json")
    hashes = record.get("sha256")
    if record.get("recipe") != RECIPE or record.get("source") != card.sha256 or not isinstance(hashes, dict):
        return False
    if not all((folder / file).exists() for file in card.built):
        return False
    for file in card.built:
        mend = f"huaxiang models fetch {card.name} (it builds the file anew)"
        cache.check(folder / file, sha256=str(hashes.get(file)), size=None, full=full, mend=mend)
    return True


def build(source: Path, folder: Path, card: ModelCard, *, progress: Progress) -> None:
    """Write the card's built files into `folder` (about 5 s, 600 MB while it runs)."""
    progress(card.bytes, card.bytes, "building the encoder: reading")
    packed = read(source)
    progress(card.bytes, card.bytes, "building the encoder: 8 bits")
    model = quantise(fill(weights_of(packed)), ranges())
    contents = {
        "model.int8.onnx": model.SerializeToString(deterministic=True),
        "tokenizer.json": tokenizer(packed.vocabulary).to_str().encode(),
        "replace.json": json.dumps({str(code): to for code, to in packed.vocabulary.replace.items()}).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    hashes: dict[str, str] = {}
    for file, content in contents.items():
        temporary = folder / f"{file}.tmp"
        temporary.write_bytes(content)
        temporary.replace(folder / file)
        hashes[file] = hashlib.sha256(content).hexdigest()
        cache.stamp(folder / file, hashes[file])
    cache.write_json(folder / "built.json", {"recipe": RECIPE, "source": card.sha256, "sha256": hashes})


def weights_of(packed: E5File) -> Weights:
    """The weights under the graph's names; matrices as (in, out), positions with the token type added.

    A fine-tuned tier adds its low-rank delta to these before `fill`.
    """
    tensors = packed.tensors
    word = tensors["emb.word"]
    assert isinstance(word, Q4)
    dense: dict[str, Floats] = {
        name: value.dense().T if isinstance(value, Q4) else value
        for name, value in tensors.items()
        if name != "emb.word"
    }
    weights: Weights = {"emb.word.packed": word.packed(), "emb.word.scales": word.scales}
    for layer in range(packed.layers):
        weights[f"l{layer}.qkv.b"] = np.concatenate([dense.pop(f"l{layer}.{part}.b") for part in "qkv"])
    dense["emb.pos"] = dense["emb.pos"].reshape(packed.positions, packed.hidden) + dense.pop("emb.type")
    return weights | dense


def fill(weights: Weights) -> Any:
    """The shipped graph with its weights: an fp32 `onnx.ModelProto`.

    Raises:
        ModelError: a weight is missing or has another shape.
    """
    onnx = require("onnx", extra="app")
    model = onnx.load_model_from_string(graph_file("e5-small.onnx"))
    for declared in model.graph.initializer:
        if declared.raw_data or declared.int64_data:
            continue  # a constant that has its data
        value = weights.get(declared.name)
        if value is None or list(value.shape) != list(declared.dims):
            found = "missing" if value is None else f"of shape {value.shape}"
            raise ModelError(
                f"the weight {declared.name!r} is {found}; the graph wants {list(declared.dims)}",
                hint="the file is of another model: huaxiang models fetch",
                code="model-format",
            )
        declared.raw_data = np.ascontiguousarray(value).tobytes()
    return model


def ranges() -> dict[str, Floats]:
    """Largest absolute activation of each channel, by the name of the tensor that enters a matrix."""
    import io

    with np.load(io.BytesIO(graph_file("e5-small.ranges.npz"))) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def quantise(model: Any, activation: dict[str, Floats], *, smoothing: float = SMOOTHING) -> Any:
    """The model with every weight matrix in 7 bits; `model` (fp32, from `fill`) is not changed.

    The three matrices that read the same input (query, key, value) become one.
    """
    helper = require("onnx.helper", extra="app")
    onnx = require("onnx", extra="app")
    quantiser = _Quantiser(model, activation, smoothing)
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in quantiser.dense:
            quantiser.matrix(node)
        else:
            quantiser.nodes.append(node)
    kept = [weight for weight in model.graph.initializer if weight.name not in quantiser.dense]
    body = helper.make_graph(
        quantiser.nodes, model.graph.name, model.graph.input, model.graph.output, [*kept, *quantiser.new]
    )
    opsets: Iterable[Any] = model.opset_import
    return onnx.helper.make_model(body, opset_imports=opsets, ir_version=model.ir_version, producer_name="huaxiang")


class _Quantiser:
    def __init__(self, model: Any, activation: dict[str, Floats], smoothing: float) -> None:
        self.helper = require("onnx.helper", extra="app")
        self.numpy = require("onnx.numpy_helper", extra="app")
        self.activation, self.smoothing = activation, smoothing
        self.dense = {w.name: self.numpy.to_array(w) for w in model.graph.initializer if w.name.endswith(_MATRICES)}
        self.nodes: list[Any] = []
        self.new: list[Any] = [self.numpy.from_array(np.full(3, 384, np.int64), "thirds")]

    def matrix(self, node: Any) -> None:
        """Replace one MatMul; those of query and key are left to that of value, which does all three."""
        layer, kind, _ = node.input[1].split(".")
        if kind in "qk":
            return
        if kind == "v":
            joined = np.concatenate([self.dense[f"{layer}.{part}.w"] for part in "qkv"], axis=1)
            self._multiply(node.input[0], f"{layer}.qkv", joined, f"{layer}.qkv")
            thirds = [f"{layer}.{part}" for part in "qkv"]
            self.nodes.append(self.helper.make_node("Split", [f"{layer}.qkv", "thirds"], thirds, axis=-1))
        else:
            self._multiply(node.input[0], f"{layer}.{kind}", self.dense[node.input[1]], node.output[0])

    def _multiply(self, source: str, name: str, weights: Floats, output: str) -> None:
        largest = np.maximum(np.abs(weights).max(axis=1), 1e-6)
        smooth = np.maximum(self.activation[source], 1e-3) ** self.smoothing / largest ** (1 - self.smoothing)
        smooth /= np.exp(np.log(smooth).mean())
        scaled = weights * smooth[:, None]
        steps = np.maximum(np.abs(scaled).max(axis=0) / QMAX, 1e-8).astype(np.float32)
        whole = np.clip(np.rint(scaled / steps), -QMAX, QMAX).astype(np.int8)
        values = {"smooth": (1 / smooth).astype(np.float32), "int8": whole, "step": steps}
        self.new += [self.numpy.from_array(value, f"{name}.{kind}") for kind, value in values.items()]
        self.nodes.append(self.helper.make_node("Mul", [source, f"{name}.smooth"], [f"{name}.in"]))
        inputs = [f"{name}.in", f"{name}.int8", f"{name}.step"]
        self.nodes.append(self.helper.make_node("DynamicQuantizeMatMul", inputs, [output], domain=FUSED))


_MATRICES = (".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w", ".fo.w")


def tokenizer(vocabulary: Vocabulary) -> Any:
    """The Unigram tokenizer as a `tokenizers.Tokenizer`; text must have gone through `vocabulary.replace` before.

    The special pieces get names that no text holds, since a customer may well write "</s>".
    """
    tokenizers = require("tokenizers", extra="app")
    pieces = list(vocabulary.pieces)
    special = (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk, len(pieces) - 1)
    for index in special:
        pieces[index] = (f"\0{pieces[index][0]}", pieces[index][1])
    made = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unk_id=vocabulary.unk, byte_fallback=False))
    made.normalizer = tokenizers.normalizers.Replace(tokenizers.Regex(" {2,}"), " ")
    made.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = pieces[vocabulary.bos][0], pieces[vocabulary.eos][0]
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, vocabulary.bos), (end, vocabulary.eos)]
    )
    return made
