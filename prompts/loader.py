"""Read prompt files: `NAME/VERSION.LANGUAGE.md`, TOML front matter between `+++` lines, Markdown body.

The body is cut into chat messages at the headings `## system`, `## user` and `## assistant` (none: one user message).
It is cut before `$name` placeholders are filled, so no variable can begin a message of its own.
"""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huaxiang.errors import ConfigError

FOLDER = Path(__file__).parent
_FILE = re.compile(r"(\d+)\.([a-z]{2})\.md")
_ROLE = re.compile(r"^## (system|user|assistant)[ \t]*$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
FENCE = ("«", "»")

Message = dict[str, str]


@dataclass(frozen=True)
class Prompt:
    """One released prompt. `id` looks like `choose_statements@1.zh#9f2c1a` and is stamped into traits and traces."""

    name: str
    version: int
    language: str
    hash: str
    purpose: str
    variables: tuple[str, ...]
    output: str
    body: str

    @property
    def id(self) -> str:
        """Name, version, language and the first six digits of the file's hash."""
        return f"{self.name}@{self.version}.{self.language}#{self.hash[:6]}"

    def messages(self, **variables: str) -> list[Message]:
        """The chat messages with every `$name` filled.

        Values are made `plain` first: a language model's control tokens in them become ordinary text.

        Raises:
            ValueError: a variable is missing or not declared.
        """
        if set(variables) != set(self.variables):
            raise ValueError(f"{self.id} takes {sorted(self.variables)}, got {sorted(variables)}")
        values = {name: plain(value) for name, value in variables.items()}
        return [{"role": role, "content": string.Template(text).substitute(values)} for role, text in _split(self.body)]

    def render(self, **variables: str) -> str:
        """The same as one text, for a log or for an endpoint without roles."""
        return "\n\n".join(message["content"] for message in self.messages(**variables))


def load(name: str, *, language: str, version: int | None = None) -> Prompt:
    """The newest version of a prompt in a language (or the one asked for).

    Raises:
        ConfigError: no such prompt, or its file lacks the front matter.
    """
    return _load(name, language, version)


def files() -> list[Path]:
    """All prompt files, sorted."""
    return sorted(path for path in FOLDER.glob("*/*.md") if _FILE.fullmatch(path.name))


def file_hash(path: Path) -> str:
    """SHA-256 of a prompt file, line endings made equal."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()


def plain(text: str) -> str:
    """Text without control characters and without a model's control tokens (`<|im_end|>` and the like).

    A server tokenises the whole conversation at once, so such a token inside a text would end the message.
    """
    return _CONTROL.sub("", text).replace("<|", "< |").replace("|>", "| >").replace("<<SYS>>", "< <SYS> >")


def fence(text: str, *, max_chars: int = 600) -> str:
    """What a customer wrote, on one line between « and », which cannot occur inside; longer text is cut."""
    inner = plain(text).replace(FENCE[0], '"').replace(FENCE[1], '"')
    inner = " ".join(inner.split())
    if len(inner) > max_chars:
        inner = inner[: max_chars - 1].rstrip() + "…"
    return f"{FENCE[0]}{inner}{FENCE[1]}"


@lru_cache(maxsize=64)
def _load(name: str, language: str, version: int | None) -> Prompt:
    found: dict[int, Path] = {}
    for path in (FOLDER / name).glob(f"*.{language}.md"):
        match = _FILE.fullmatch(path.name)
        if match:
            found[int(match[1])] = path
    if not found or (version is not None and version not in found):
        raise ConfigError(
            f"no prompt {name!r} in language {language!r}" + (f", version {version}" if version is not None else ""),
            hint=f"prompts/{name}/ has versions {sorted(found)}; the installation may be incomplete",
            code="no-such-prompt",
        )
    chosen = version if version is not None else max(found)
    return _read(found[chosen], name, chosen, language)


def _read(path: Path, name: str, version: int, language: str) -> Prompt:
    parts = path.read_text(encoding="utf-8").replace("\r\n", "\n").split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ConfigError(f"prompt {name}/{path.name} has no front matter between +++ lines", code="bad-prompt")
    head = tomllib.loads(parts[1])
    return Prompt(
        name=name,
        version=version,
        language=language,
        hash=file_hash(path),
        purpose=str(head["purpose"]),
        variables=tuple(head["variables"]),
        output=str(head["output"]),
        body=parts[2].strip(),
    )


def _split(body: str) -> list[tuple[str, str]]:
    pieces = _ROLE.split(body)
    if len(pieces) == 1:
        return [("user", body)]
    return [(role, text.strip()) for role, text in zip(pieces[1::2], pieces[2::2], strict=True)]
