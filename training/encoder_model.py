"""The cached encoder as a trainable torch model, and the way back: low-rank changes in a file of plain arrays.

The weights are those of the cached int8 graph (`huaxiang models fetch`), read into a `transformers.BertModel`: training
starts from exactly what it will be added to. `peft` brings the low-rank matrices (Hu et al. 2021, "LoRA"); what is
written is each matrix's A and B in fp16, which `huaxiang.models.e5_tuned` merges into the cached graph without torch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from huaxiang.models.e5 import whole_characters
from huaxiang.models.e5_tuned import Delta, matrices
from huaxiang.text.normalise import normalise_many

MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
PAD = 1


@dataclass(frozen=True, slots=True)
class Adapter:
    """Size of the low-rank change: `rank` for the matrices `parts` of the layers from `first_layer` on.

    The change is scaled by alpha / rank. Query and key stay as they are: they decide where to look, which a pretrained
    encoder knows, and leaving them saves a tenth of the time.
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    first_layer: int = 0
    parts: tuple[str, ...] = ("v", "ao", "fi", "fo")


class Tokens:
    """Texts to token ids as the runtime makes them: canonical spelling, no prefix, cut at `limit` tokens."""

    def __init__(self, folder: Path, *, limit: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limit)
        replace = json.loads((folder / "replace.json").read_text(encoding="utf-8"))
        self._replace = {int(code): to for code, to in replace.items()}

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """One list of ids a text."""
        clean = [whole_characters(text[:4000]).translate(self._replace) for text in normalise_many(texts)]
        return [list(one.ids) for one in self._tokenizer.encode_batch(clean)]


def bert(folder: Path) -> Any:
    """The cached encoder of `folder` as a `transformers.BertModel` in float32, without dropout."""
    import onnx
    from onnx import numpy_helper
    from transformers import BertConfig, BertModel

    model = onnx.load(str(folder / "model.int8.onnx"))
    plain = {
        weight.name: numpy_helper.to_array(weight)
        for weight in model.graph.initializer
        if not weight.name.endswith((".int8", ".smooth", ".step", ".packed", ".scales"))
    }
    dense = matrices(model)
    layers = 1 + max(int(name[1:].split(".")[0]) for name in dense if re.match(r"l\d+\.", name))
    config = BertConfig(
        vocab_size=dense["emb.word"].shape[0],
        hidden_size=dense["emb.word"].shape[1],
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=dense["l0.fi"].shape[1],
        max_position_embeddings=plain["emb.pos"].shape[0],
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=PAD,
    )
    # the fused attention of torch is five times slower backward on a CPU
    made = BertModel._from_config(  # type: ignore[no-untyped-call]
        config, attn_implementation="eager", add_pooling_layer=False
    )
    state: dict[str, npt.NDArray[Any]] = {
        "embeddings.word_embeddings.weight": dense["emb.word"],
        "embeddings.position_embeddings.weight": plain["emb.pos"],
        "embeddings.token_type_embeddings.weight": np.zeros((2, config.hidden_size), np.float32),
        "embeddings.LayerNorm.weight": plain["emb.ln.w"],
        "embeddings.LayerNorm.bias": plain["emb.ln.b"],
    }
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        biases = dict(zip("qkv", np.split(plain[f"l{layer}.qkv.b"], 3), strict=True))
        biases |= {kind: plain[f"l{layer}.{kind}.b"] for kind in ("ao", "fi", "fo")}
        for kind, module in MATRICES.items():
            state[f"{at}.{module}.weight"] = dense[f"l{layer}.{kind}"].T
            state[f"{at}.{module}.bias"] = biases[kind]
        for kind, module in NORMS.items():
            state[f"{at}.{module}.weight"] = plain[f"l{layer}.{kind}.w"]
            state[f"{at}.{module}.bias"] = plain[f"l{layer}.{kind}.b"]
    tensors = {name: torch.from_numpy(np.array(value, np.float32, order="C")) for name, value in state.items()}
    made.load_state_dict(tensors, strict=True)
    return made


class Classifier(nn.Module):
    """Encoder with low-rank changes, mean over the tokens, and a linear head of `outputs`."""

    def __init__(self, encoder: Any, adapter: Adapter, *, outputs: int) -> None:
        from peft import LoraConfig, get_peft_model

        super().__init__()
        layers = list(range(adapter.first_layer, encoder.config.num_hidden_layers))
        config = LoraConfig(
            r=adapter.rank,
            lora_alpha=adapter.alpha,
            lora_dropout=adapter.dropout,
            target_modules=[MATRICES[part] for part in adapter.parts],
            layers_to_transform=layers,
            layers_pattern="layer",
        )
        self.adapter = adapter
        self.encoder = get_peft_model(encoder, config)
        self.head = nn.Linear(encoder.config.hidden_size, outputs)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores, shape (n, outputs), of token ids, shape (n, tokens); `mask` is 0 where padded."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        part = mask.unsqueeze(-1).float()
        pooled = (states.float() * part).sum(1) / part.sum(1).clamp(min=1)
        return torch.as_tensor(self.head(pooled))

    def trained(self) -> dict[str, torch.Tensor]:
        """What training changes, by name: the low-rank matrices and the head."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}

    def delta(self, about: dict[str, Any]) -> Delta:
        """The change as plain arrays; A and B so that x @ A @ B is added to x @ W."""
        scale = self.adapter.alpha / self.adapter.rank
        kinds = {module: kind for kind, module in MATRICES.items()}
        low_rank: dict[str, Any] = {}
        values = {name: value.detach().float().numpy() for name, value in self.trained().items()}
        for name, down in values.items():
            found = re.search(r"layer\.(\d+)\.(.+)\.lora_A", name)
            if found:
                up = values[name.replace("lora_A", "lora_B")]
                key = f"l{found[1]}.{kinds[found[2]]}"
                low_rank[key] = (down.T.astype(np.float16), (up.T * scale).astype(np.float16))
        head = (values["head.weight"].T.astype(np.float32), values["head.bias"].astype(np.float32))
        return Delta(low_rank, head, about)
