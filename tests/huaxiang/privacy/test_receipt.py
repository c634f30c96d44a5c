import json

import pytest

from huaxiang.errors import DataError, StoreError
from huaxiang.privacy import receipt, suppression
from huaxiang.privacy.erase import core_holders, erase


@pytest.fixture
def report(shop):
    return erase(shop, ["K1"], core_holders(shop))


def test_a_receipt_is_signed_with_the_shops_key(shop, report):
    stored = receipt.read(report.path)
    assert stored == report.receipt and receipt.verify(stored)
    assert stored.public_key == receipt.own_key(shop)
    assert (shop.folder / receipt.KEY_FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change", [{"customers": 2}, {"found": 1}, {"tombstones": []}, {"issued_at": "2020-01-01"}, {"signature": "AAAA"}]
)
def test_a_changed_receipt_does_not_verify(report, change, tmp_path):
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(json.loads(report.path.read_text()) | change), encoding="utf-8")
    assert not receipt.verify(receipt.read(forged))


def test_a_receipt_holds_nothing_of_the_customer(shop, report):
    text = report.path.read_text(encoding="utf-8")
    # a signature is random letters: only what chance cannot write is looked for
    for word in ('"K1"', "Orla", "orla.finchley", "555-0142", "Dunmore", "wool"):
        assert word not in text
    with shop.engine.connect() as connection:
        salt = suppression.salt_of(connection)
    assert report.receipt.tombstones == (suppression.tombstone(salt, "K1"),)
    assert suppression.tombstone(b"another salt", "K1") not in text


def test_what_is_no_receipt_says_so(tmp_path):
    (tmp_path / "x.json").write_text('{"hello": 1}', encoding="utf-8")
    with pytest.raises(DataError, match="no receipt") as error:
        receipt.read(tmp_path / "x.json")
    assert error.value.code == "bad-receipt"
    with pytest.raises(DataError):
        receipt.read(tmp_path / "none.json")


def test_a_broken_key_is_named_and_not_replaced(shop, report):
    (shop.folder / receipt.KEY_FILE).write_text("no key", encoding="utf-8")
    with pytest.raises(StoreError, match=r"receipt-key\.pem") as error:
        erase(shop, ["K2"], core_holders(shop))
    assert error.value.code == "receipt-key"
    assert (shop.folder / receipt.KEY_FILE).read_text() == "no key"
