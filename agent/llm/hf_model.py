"""What `agent.llm.hf` needs of `transformers`: a checkpoint's tokens, one step of it, and the tokens a grammar allows."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agent.llm.base import Message
from huaxiang.errors import ModelError
from huaxiang.require import require

_TOP = 10


@dataclass
class Kept:
    """The tokens read so far with their keys and values, ready to be read on from."""

    ids: list[int] = field(default_factory=list)
    cache: Any = None

    def keep_common(self, prompt: Sequence[int]) -> int:
        """Drop all but what `prompt` begins with; at least its last token is to be read anew. Returns how many are kept."""
        same = 0
        while same < min(len(self.ids), len(prompt) - 1) and self.ids[same] == prompt[same]:
            same += 1
        drop = len(self.ids) - same
        if drop and self.cache is not None:
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # layers that cannot go back
                self.cache.crop(-drop)
            if self.cache.get_seq_length() != same:
                self.cache, same = None, 0
        self.ids = list(prompt[:same])
        return same


@dataclass(frozen=True)
class Checkpoint:
    """A causal language model with its tokenizer, on the GPU where there is one."""

    model: Any
    tokenizer: Any
    guide: Any
    ends: frozenset[int]
    context_tokens: int

    @classmethod
    def load(cls, name: str, *, threads: int = 0) -> Checkpoint:
        """Read a folder, a GGUF file (its weights become float32), or a name on the hub.

        Raises:
            ModelError: `model-missing`: there is no such checkpoint, or it has no safetensors; `model-load`: it has no chat
                template or no fast tokenizer.
        """
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        torch, transformers = require("torch", extra="hf"), require("transformers", extra="hf")
        guidance = require("llguidance.hf", extra="hf")
        transformers.utils.logging.disable_progress_bar()
        if threads:
            torch.set_num_threads(threads)
        place, more = _place(name)
        if "gguf_file" in more:
            require("gguf", extra="hf")
        gpu = torch.cuda.is_available()
        more["trust_remote_code"] = False
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, **more)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                place,
                dtype="auto" if gpu else torch.float32,
                use_safetensors=True if "gguf_file" not in more else None,
                **more,
            )
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{Path(name).name!r} is no checkpoint that can be read ({type(error).__name__})",
                hint="[llm] model: a folder with config.json, tokenizer.json and *.safetensors, or a .gguf file",
                code="model-missing",
            ) from error
        if not tokenizer.is_fast or not tokenizer.chat_template:
            raise ModelError(
                f"the checkpoint {Path(name).name!r} has no {'chat template' if tokenizer.is_fast else 'fast tokenizer'}",
                hint="take an instruction-tuned checkpoint with tokenizer.json",
                code="model-load",
            )
        if gpu:
            model = model.to("cuda")
        model.eval()
        width = int(model.get_output_embeddings().weight.shape[0])
        ends = _ends(model, tokenizer)
        guide = guidance.from_tokenizer(tokenizer, n_vocab=width, eos_token=min(ends))
        return cls(model, tokenizer, guide, ends, _room(model))

    def tokens(self, messages: Sequence[Message]) -> list[int]:
        """The conversation in the checkpoint's own form, up to where it answers."""
        return list(
            self.tokenizer.apply_chat_template(
                list(messages), add_generation_prompt=True, tokenize=True, return_dict=False
            )
        )

    def text(self, ids: Sequence[int]) -> str:
        """What tokens say, control tokens left out."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True))

    def read(self, kept: Kept, ids: Sequence[int]) -> Any:
        """Read further tokens; the scores of the next one, shape (vocabulary,), float32 on the CPU."""
        torch = require("torch", extra="hf")
        with torch.inference_mode():
            entry = torch.tensor([list(ids)], device=self.model.device)
            out = self.model(input_ids=entry, past_key_values=kept.cache, use_cache=True, logits_to_keep=1)
        kept.cache = out.past_key_values
        kept.ids.extend(ids)
        return out.logits[0, -1].float().cpu().numpy()

    def matcher(self, grammar: str) -> Any:
        """A grammar at its beginning.

        Raises:
            ModelError: the grammar library refuses it.
        """
        found = require("llguidance", extra="hf").LLMatcher(self.guide, grammar, log_level=0)
        if found.is_error():
            raise ModelError(
                "the answer's schema cannot be enforced", hint="a defect: report it", code="model-bad-request"
            )
        return found

    def best(self, logits: Any, bound: Any) -> int | None:
        """The likeliest token, of those that `bound` allows; None at the end of the answer."""
        if bound is None:
            token = int(np.argmax(logits))
            return None if token in self.ends else token
        if bound.is_stopped():
            return None
        allowed = np.unpackbits(np.frombuffer(bound.compute_bitmask(), np.uint8), bitorder="little")[: len(logits)]
        scores = np.where(allowed.astype(bool), logits[: len(allowed)], -np.inf)
        token = int(np.argmax(scores))
        if token in self.ends or not bound.consume_token(token):
            return None
        return token

    def likely(self, logits: Any) -> dict[str, float]:
        """The likeliest next tokens as text, with the natural logarithms of their probabilities."""
        shifted = logits - logits.max()
        shifted = shifted - np.log(np.exp(shifted).sum())
        order = np.argsort(-shifted)[:_TOP]
        return {self.tokenizer.decode([int(token)]): float(shifted[token]) for token in order}


def _place(name: str) -> tuple[str, dict[str, Any]]:
    path = Path(name)
    if name.endswith(".gguf"):
        return str(path.parent), {"gguf_file": path.name}
    return name, {"local_files_only": True} if path.is_dir() else {}


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Tokens that end an answer: the tokenizer's and those of the generation settings."""
    said = getattr(model.generation_config, "eos_token_id", None)
    more = [said] if isinstance(said, int) else list(said or ())
    return frozenset(one for one in [tokenizer.eos_token_id, *more] if one is not None)


def _room(model: Any) -> int:
    return int(getattr(model.config, "max_position_embeddings", 0) or 1 << 20)
