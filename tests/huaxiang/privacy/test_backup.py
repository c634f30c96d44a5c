import io
import json
import shutil
import tarfile
from contextlib import closing

import pytest
from filelock import FileLock

from huaxiang.errors import ConfigError, StoreError
from huaxiang.ledger.project import current_profile
from huaxiang.privacy import journal
from huaxiang.privacy.erase import copies_of, core_holders, erase
from huaxiang.privacy.probes import Probes
from huaxiang.store import backup as module
from huaxiang.store import read, restore
from huaxiang.store.backup import backup
from huaxiang.store.shop import Shop


def erase_again(place):
    with closing(Shop.open(place)) as shop:
        back = restore.returned(shop)
        if back:
            erase(shop, back, core_holders(shop))


def snapshot(folder):
    """Every file but logs and locks, by name."""
    skip = (".lock", "-wal", "-shm")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(skip)
    }  # fmt: skip


@pytest.fixture
def saved(shop, tmp_path):
    (shop.folder / "packs").mkdir()
    (shop.folder / "packs" / "own.yaml").write_text("name: own\n", encoding="utf-8")
    (shop.folder / "index" / "chroma").mkdir()
    (shop.folder / "index" / "chroma" / "x.bin").write_bytes(b"x" * 100)
    backup(shop, tmp_path / "saved.tar")
    return tmp_path / "saved.tar"


def test_a_restored_shop_is_the_shop_and_what_can_be_made_again_is_left_out(shop, saved, tmp_path):
    report = restore.restore(saved, tmp_path / "again")
    assert not report.replaced and (tmp_path / "again" / "packs" / "own.yaml").is_file()
    assert not (tmp_path / "again" / "index" / "chroma").exists()
    with closing(Shop.open(tmp_path / "again")) as again:
        assert read.customer_list(again) == read.customer_list(shop)
        for one in ("K1", "K2", "K3", "K4"):
            assert current_profile(again, one) == current_profile(shop, one)
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_is_taken_while_somebody_reads_and_has_what_only_the_log_held(shop, tmp_path):
    with shop.engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM events")
        with shop.begin() as connection:
            connection.exec_driver_sql("INSERT INTO meta VALUES ('late', 'yes')")
        backup(shop, tmp_path / "b.tar")
    restore.restore(tmp_path / "b.tar", tmp_path / "again")
    with closing(Shop.open(tmp_path / "again")) as again, again.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'late'").scalar() == "yes"


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_one_changed_byte_is_found_and_nothing_is_replaced(shop, saved, place):
    before = snapshot(shop.folder)
    content = bytearray(saved.read_bytes())
    content[int(len(content) * place) // 512 * 512 + 100] ^= 1
    saved.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="nothing was changed") as error:
        restore.restore(saved, shop.folder, replace=True)
    assert error.value.code == "backup-damaged" and snapshot(shop.folder) == before


def test_a_cut_off_backup_and_a_file_that_is_none_are_refused(saved, tmp_path):
    (tmp_path / "half.tar").write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    (tmp_path / "text.tar").write_text("hello", encoding="utf-8")
    for name in ("half.tar", "text.tar", "none.tar"):
        with pytest.raises(StoreError) as error:
            restore.restore(tmp_path / name, tmp_path / "again")
        assert error.value.code == "backup-damaged" and not (tmp_path / "again").exists()


@pytest.mark.parametrize("name", ["../evil", "/evil", "shop.sqlite"])
def test_a_member_that_leads_out_of_the_folder_or_was_slipped_in_is_refused(saved, tmp_path, name):
    bad = tmp_path / "bad.tar"
    with tarfile.open(saved) as old, tarfile.open(bad, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(content)
                if name != "shop.sqlite":
                    manifest["parts"].append(
                        {
                            "name": name,
                            "bytes": 1,
                            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                        }
                    )
                content = json.dumps(manifest).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        extra = tarfile.TarInfo(name)
        extra.size = 1
        new.addfile(extra, io.BytesIO(b"x"))
    with pytest.raises(StoreError, match="does not name"):
        restore.restore(bad, tmp_path / "again")
    assert not (tmp_path / "evil").exists()


def test_who_was_erased_after_the_backup_does_not_come_back_with_it(shop, saved, everything):
    erase(shop, ["K1"], core_holders(shop))
    report = restore.restore(saved, shop.folder, replace=True, before_swap=erase_again)
    assert report.replaced
    with closing(Shop.open(shop.folder)) as again:
        assert {row["customer_id"] for row in read.customer_list(again)} == {"K2", "K3", "K4"}
        assert restore.returned(again) == []
    assert b"orla.finchley" not in everything(shop.folder)
    assert len(list((shop.folder / "receipts").iterdir())) == 2


def test_a_backup_of_another_shop_does_not_take_over_the_list(shop, saved, tmp_path, made):
    shutil.copytree(made / "shop", tmp_path / "other")
    with closing(Shop.open(tmp_path / "other")) as other:
        erase(other, ["K2"], core_holders(other))
        backup(other, tmp_path / "other.tar")
    erase(shop, ["K1"], core_holders(shop))
    restore.restore(tmp_path / "other.tar", shop.folder, replace=True, before_swap=erase_again)
    with closing(Shop.open(shop.folder)) as again:
        assert {row["customer_id"] for row in read.customer_list(again)} == {"K1", "K3", "K4"}


def test_a_full_disk_leaves_neither_half_a_backup_nor_a_note_of_it(shop, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_add", full)
    with pytest.raises(StoreError, match="nothing was left behind") as error:
        backup(shop, tmp_path / "b.tar")
    assert error.value.code == "store-write"
    assert [path.name for path in tmp_path.iterdir() if "b.tar" in path.name or "huaxiang-backup" in path.name] == []
    assert copies_of(shop) == ()


def test_a_full_disk_while_restoring_leaves_the_shop_as_it_was(shop, saved, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    before = snapshot(shop.folder)
    monkeypatch.setattr(restore.shutil, "copyfileobj", full)
    with pytest.raises(StoreError, match="as it was") as error:
        restore.restore(saved, shop.folder, replace=True)
    assert error.value.code == "store-write" and snapshot(shop.folder) == before
    assert [path.name for path in shop.folder.parent.iterdir() if "restoring" in path.name] == []


def test_a_restore_killed_between_the_two_renames_is_put_right_by_the_next(shop, saved):
    folder = shop.folder
    before = snapshot(folder)
    folder.rename(folder.with_name(f".{folder.name}.replaced"))
    with pytest.raises(StoreError, match="--replace"):
        restore.restore(saved, folder)
    assert snapshot(folder) == before
    restore.restore(saved, folder, replace=True)
    assert not folder.with_name(f".{folder.name}.replaced").exists()


def test_a_shop_is_only_replaced_when_asked(shop, saved):
    with pytest.raises(StoreError, match="--replace") as error:
        restore.restore(saved, shop.folder)
    assert error.value.code == "shop-exists"


def test_backups_are_refused_where_they_would_be_lost_or_overwrite(shop, saved, tmp_path):
    with pytest.raises(ConfigError, match="another folder"):
        backup(shop, shop.folder / "b.tar")
    with pytest.raises(ConfigError, match="another name"):
        backup(shop, saved)
    journal.write(shop, Probes(frozenset({"K1"})))
    with pytest.raises(StoreError, match="run first: huaxiang erase"):
        backup(shop, tmp_path / "c.tar")


def test_an_erasure_names_the_backups_that_still_hold_the_customer(shop, saved):
    assert erase(shop, ["K1"], core_holders(shop)).copies == ("saved.tar",)


def test_a_backup_waits_for_the_writer_and_then_says_so(shop, tmp_path, monkeypatch):
    writing = Shop.writing
    monkeypatch.setattr(Shop, "writing", lambda self: writing(self, wait_seconds=0.05))
    with FileLock(shop.folder / ".write.lock"), pytest.raises(StoreError, match="another process is writing"):
        backup(shop, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()
