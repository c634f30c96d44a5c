"""Hidden states below the trained layers, from the very int8 graph that runs in use, kept for the whole training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from huaxiang.require import require
from huaxiang.text.aspects_passage import Passage


class Lower:
    """The encoder cut after a layer."""

    def __init__(self, model: Any, layers: int, *, threads: int = 1) -> None:
        runtime, helper = require("onnxruntime", extra="app"), require("onnx.helper", extra="app")
        extract = require("onnx.utils", extra="app").Extractor
        name = f"l{layers - 1}.oln.out"
        model.graph.value_info.append(helper.make_tensor_value_info(name, 1, ["n", "tokens", 384]))
        cut = extract(model).extract_model(["input_ids"], [name])
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(cut.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def run(self, passages: Sequence[Passage]) -> list[Tensor]:
        """States of each passage, fp16 (n_pieces, 384)."""
        return [self.states(passage.ids) for passage in passages]

    def states(self, ids: npt.NDArray[np.int64]) -> Tensor:
        """States of one text of piece ids, fp16 (n_pieces, 384)."""
        return torch.from_numpy(self._session.run(None, {"input_ids": ids[None]})[0][0].astype(np.float16))


class Kept:
    """States of every passage that was asked for, in memory: about 1 kB a piece."""

    def __init__(self, lower: Lower) -> None:
        self._lower = lower
        self._states: dict[bytes, Tensor] = {}

    def of(self, examples: Sequence[Any]) -> list[Tensor]:
        """States of examples that have a `passage`."""
        return [self._state(one.passage) for one in examples]

    def _state(self, passage: Passage) -> Tensor:
        key = passage.ids.tobytes()
        if key not in self._states:
            self._states[key] = self._lower.run([passage])[0]
        return self._states[key]
