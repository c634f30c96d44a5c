"""The receipt of an erasure: what was removed and looked through, signed with the shop's key, without personal data.

It names customers by their salted tombstones only. Who holds the shop's salt can show that a receipt is about an id;
nobody else can tell.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huaxiang.errors import DataError, StoreError
from huaxiang.require import require
from huaxiang.store.shop import Shop

FOLDER, KEY_FILE = "receipts", "receipt-key.pem"


class HolderLine(BaseModel):
    """One place that kept customer data: what it held before, and what the scan found in it afterwards."""

    model_config = ConfigDict(frozen=True)
    name: str
    held: int
    left: int


class Receipt(BaseModel):
    """What was erased, when, and what the residual scan looked through."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int = 1
    receipt_id: str = ""
    issued_at: str
    program: str
    customers: int
    tombstones: tuple[str, ...] = Field(description="HMAC-SHA256 of each customer's id under the shop's salt")
    holders: tuple[HolderLine, ...]
    scope: str = Field(description="`files`: every file of the shop was scanned; `rows`: a server's tables only")
    files: int
    size: int = Field(description="bytes looked through")
    probes: int = Field(description="ids, word sequences and vectors that were looked for")
    found: int
    public_key: str = ""
    signature: str = ""

    def body(self) -> bytes:
        """What is signed: everything else, as canonical JSON."""
        values = self.model_dump(mode="json", exclude={"signature"})
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def issue(shop: Shop, receipt: Receipt) -> tuple[Receipt, Path]:
    """Sign a receipt and keep it in the shop's `receipts/`; returns it with its file.

    Raises:
        ConfigError: the package `cryptography` is not installed.
        StoreError: the key or the receipt cannot be written or read.
    """
    key = _private_key(shop)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    named = receipt.model_copy(update={"public_key": public})
    named = named.model_copy(update={"receipt_id": hashlib.sha256(named.body()).hexdigest()[:20]})
    signed = named.model_copy(update={"signature": base64.b64encode(key.sign(named.body())).decode()})
    path = shop.folder / FOLDER / f"{signed.receipt_id}.json"
    try:
        path.parent.mkdir(exist_ok=True)
        write_safely(path, (signed.model_dump_json(indent=1) + "\n").encode())
    except OSError as error:
        raise StoreError(
            f"the receipt cannot be written ({error.strerror})",
            hint="free some disk space, then run the same `huaxiang erase` again: it finishes and issues the receipt",
            code="store-write",
        ) from error
    return signed, path


def read(path: Path) -> Receipt:
    """A receipt from its file.

    Raises:
        DataError: the file is missing or is no receipt.
    """
    try:
        return Receipt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name!r} is no receipt of an erasure",
            hint="receipts are in the shop's receipts/",
            code="bad-receipt",
        ) from error


def verify(receipt: Receipt) -> bool:
    """Whether the signature is that of the key which the receipt names, over exactly this content."""
    require("cryptography", extra="app")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(receipt.public_key, validate=True))
        public.verify(base64.b64decode(receipt.signature, validate=True), receipt.body())
    except (InvalidSignature, ValueError):
        return False
    return True


def own_key(shop: Shop) -> str | None:
    """This shop's public key as receipts name it; None before the first erasure."""
    if not (shop.folder / KEY_FILE).is_file():
        return None
    return base64.b64encode(_private_key(shop).public_key().public_bytes_raw()).decode()


def write_safely(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    temporary = path.with_name(path.name + ".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _private_key(shop: Shop) -> Any:
    require("cryptography", extra="app")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = shop.folder / KEY_FILE
    try:
        if not path.is_file():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_safely(path, pem, mode=0o600)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"the shop's receipt key {KEY_FILE!r} cannot be used ({type(error).__name__})",
            hint=f"restore {KEY_FILE} from a backup; if it is lost, move it away and a new one is made",
            code="receipt-key",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(
            f"{KEY_FILE!r} is no Ed25519 key", hint="restore it from a backup, or move it away", code="receipt-key"
        )
    return key
