"""Lock new prompt files: `python -m prompts.lock`. A locked version is never edited; write the next one instead."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from prompts.loader import FOLDER, file_hash, files

LOCK = FOLDER / "LOCK.toml"
_HEAD = "# SHA-256 of every released prompt; a test refuses a change. Add new files with: python -m prompts.lock\n"


def key(path: Path) -> tuple[str, str]:
    """Table and key of a prompt file in the lock: (`choose_tools`, `1.zh`)."""
    return path.parent.name, path.name.removesuffix(".md")


def read_lock(lock: Path = LOCK) -> dict[str, dict[str, str]]:
    """Hashes by prompt and version; empty when there is no lock yet."""
    return tomllib.loads(lock.read_text(encoding="utf-8")) if lock.is_file() else {}


def changed(lock: Path = LOCK) -> list[str]:
    """Locked versions whose file is gone or differs, as `name/version.language`."""
    now = {key(path): file_hash(path) for path in files()}
    return [
        f"{name}/{version}"
        for name, versions in read_lock(lock).items()
        for version, digest in versions.items()
        if now.get((name, version)) != digest
    ]


def unlocked(lock: Path = LOCK) -> list[str]:
    """Prompt files that are not locked yet, as `name/version.language`."""
    known = read_lock(lock)
    return ["/".join(key(path)) for path in files() if key(path)[1] not in known.get(key(path)[0], {})]


def add(lock: Path = LOCK) -> list[str]:
    """Lock what is not locked yet; returns what was added. Existing entries are never touched."""
    known, new = read_lock(lock), unlocked(lock)
    for path in files():
        name, version = key(path)
        known.setdefault(name, {}).setdefault(version, file_hash(path))
    lines = [_HEAD]
    for name in sorted(known):
        lines.append(f"[{name}]")
        lines += [f'"{version}" = "{digest}"' for version, digest in sorted(known[name].items())]
        lines.append("")
    lock.write_text("\n".join(lines), encoding="utf-8")
    return new


def main() -> int:
    """Add new prompts to the lock; 1 if a locked one was changed."""
    wrong = changed()
    if wrong:
        sys.stderr.write(f"changed after release: {', '.join(wrong)} — restore them and write a new version\n")
        return 1
    sys.stdout.write("locked: " + (", ".join(add()) or "nothing new") + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
