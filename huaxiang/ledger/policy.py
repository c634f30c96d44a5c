"""What may never be stored, whatever the pack says: sensitive fields and sensitive words in open values."""

from __future__ import annotations

import functools
from typing import Any

from huaxiang.errors import DataError, PolicyError
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.sensitive import SENSITIVE_FIELDS, is_sensitive
from huaxiang.schema.trait import Basis, Trait


@functools.lru_cache(maxsize=2_000)
def _names_something_sensitive(field: str) -> bool:
    return SENSITIVE_FIELDS.search(field) is not None


def check(pack: FieldPack, trait: Trait) -> None:
    """Refuse what must not be written; see `check_parts`."""
    check_parts(pack, trait.name, trait.value, trait.basis, has_evidence=bool(trait.evidence))


def check_parts(pack: FieldPack, name: str, value: Any, basis: Basis, *, has_evidence: bool) -> None:
    """Refuse what must not be written.

    Raises:
        PolicyError: a sensitive field, or a sensitive word in the value (`sensitive-field`); nobody overrides it.
        DataError: an undeclared field, a basis the field does not allow, a value of the wrong type, or no evidence.
    """
    if _names_something_sensitive(name) or (isinstance(value, str) and is_sensitive(value)):
        raise PolicyError(
            f"field {name!r}: sensitive facts are not kept in a profile",
            hint="store what the shop needs to know (what to avoid), not the reason",
            code="sensitive-field",
        )
    spec = pack.field(name)
    if basis not in spec.bases:
        raise DataError(
            f"field {name!r} does not take the basis {basis!r}",
            hint=f"allowed: {', '.join(spec.bases)}",
            code="basis-not-allowed",
        )
    if not has_evidence and basis != "staff":
        raise DataError(f"field {name!r}: no evidence, no claim", hint="cite what it stands on", code="no-evidence")
    pack.check_value(name, value)
