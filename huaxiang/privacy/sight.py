"""Which profile fields somebody may see: the pack says by role and purpose, and everything that shows a field asks here.

It is a rule of the shop, not a log-in: whoever may run the program may also say `--role admin`. What a field pack does not
declare is nobody's but `admin`'s. Records (orders, reviews, messages) are no fields; computed sentences about them are
hidden with the field they settle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huaxiang.errors import ConfigError, PolicyError
from huaxiang.schema.pack import FieldPack, load_pack
from huaxiang.schema.trait import Profile

if TYPE_CHECKING:
    from huaxiang.ledger.moments import Difference
    from huaxiang.ledger.why import Why
    from huaxiang.store.shop import Shop

ADMIN = "admin"
_GAP = "say_do_gap"
"""Its value names the field that orders contradict (`avoids=wool`): hidden with that field."""

RULE_FIELDS: dict[str, tuple[str, ...]] = {
    "orders.count": ("order_count",), "orders.spend": ("spend_minor",), "orders.average": ("average_order_minor",),
    "orders.largest": ("spend_minor",), "orders.first": ("first_order_on",), "orders.last": ("last_order_on",),
    "orders.cadence": ("order_gap_days",), "discounts.share": ("discount_share",), "returns.count": ("return_count", "return_share"),
    "reviews.count": ("review_count", "avg_rating"), "ratings.low": ("low_rating_share",), "categories.top": ("top_category",),
    "categories.trend": ("top_category",), "brands.top": ("top_brand",), "brands.trend": ("top_brand",),
    "active.hours": ("active_hours",), "active.weekdays": ("active_hours",), "channels": ("main_channel",),
    "tickets.open": ("open_ticket",), "activity.first": ("first_seen_on",), "activity.last": ("last_seen_on",),
    "behaviour": (
        "order_count", "spend_minor", "last_order_on", "order_gap_days", "top_category", "top_brand", "discount_share", "return_count",
        "return_share", "review_count", "avg_rating", "active_hours", "open_ticket", "last_seen_on",
    ),
}  # fmt: skip
"""The fields that a computed sentence tells, by its rule without the version; a test holds it to the rules' own facts."""


@dataclass(frozen=True)
class Sight:
    """What one actor may see of profiles under one field pack."""

    pack: FieldPack
    role: str
    purpose: str

    @classmethod
    def of_shop(cls, shop: Shop) -> Sight:
        """What the actor of the shop's settings may see (`[actor]`, `--role`, `--purpose`)."""
        actor = shop.settings.actor
        return cls(load_pack(shop.settings.packs, shop.folder), actor.role, actor.purpose)

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden."""
        return self.role == ADMIN or not self.hidden

    @property
    def hidden(self) -> tuple[str, ...]:
        """The pack's fields that are not open to this role for this purpose."""
        return self.without(self.pack.fields)

    def sees(self, name: str) -> bool:
        """Whether the field may be shown."""
        spec = self.pack.fields.get(name)
        return self.role == ADMIN if spec is None else spec.visible_to(self.role, self.purpose)

    def sees_value(self, name: str, value: object) -> bool:
        """Whether this value of the field may be shown: a gap names another field."""
        if not self.sees(name):
            return False
        about = str(value).partition("=")[0] if name == _GAP else name
        return about not in self.pack.fields or self.sees(about)

    def sees_rule(self, rule: str | None) -> bool:
        """Whether a computed sentence of this rule may be shown."""
        told = RULE_FIELDS.get((rule or "").partition("@")[0], ())
        return all(self.sees(name) for name in told if name in self.pack.fields)

    def without(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of these fields that the pack declares and hides."""
        return tuple(name for name in names if name in self.pack.fields and not self.sees(name))

    def require(self, *names: str) -> None:
        """Raise unless at least one of these fields may be shown; names the pack does not know are another's to refuse.

        Raises:
            PolicyError: all of them are hidden (`not-allowed`).
        """
        known = [name for name in names if name in self.pack.fields]
        if known and not any(self.sees(name) for name in known):
            raise self.refusal(*known)

    def refusal(self, *names: str) -> PolicyError:
        """The error for fields that are not open to this actor."""
        roles = sorted({one for name in names if name in self.pack.fields for one in self.pack.fields[name].roles})
        return PolicyError(
            f"{', '.join(map(repr, names))}: not open to role {self.role!r} for purpose {self.purpose!r}",
            hint=f"ask somebody in role {' or '.join(roles) or ADMIN}; the field pack decides (`huaxiang fields show`)",
            code="not-allowed",
        )

    def profile(self, profile: Profile) -> Profile:
        """The profile as this actor may see it: hidden fields are neither held nor missing."""
        if self.sees_all:
            return profile
        return profile.model_copy(
            update={
                "traits": tuple(one for one in profile.traits if self.sees_value(one.name, one.value)),
                "missing": {name: reason for name, reason in profile.missing.items() if self.sees(name)},
            }
        )

    def why(self, found: Why) -> Why:
        """What is behind a field, without the values that name a hidden one.

        Raises:
            PolicyError: the field itself is hidden.
        """
        self.require(found.name)
        return found.model_copy(
            update={
                "held": tuple(one for one in found.held if self.sees_value(found.name, one.value)),
                "others": tuple(one for one in found.others if self.sees_value(found.name, one.value)),
            }
        )

    def difference(self, found: Difference) -> Difference:
        """The changes that this actor may see."""
        if self.sees_all:
            return found
        seen = (
            one
            for one in found.changes
            if all(self.sees_value(one.name, value) for value in (one.before, one.after) if value is not None)
            and self.sees(one.name)
        )
        return found.model_copy(update={"changes": tuple(seen)})


def check_role(pack: FieldPack, role: str | None, purpose: str | None) -> None:
    """Refuse a role or purpose that no field of the pack knows: most likely a slip of the pen, and it would hide nearly all.

    Raises:
        ConfigError: unknown role or purpose (`unknown-role`, `unknown-purpose`).
    """
    known = {
        "role": {ADMIN, *(one for spec in pack.fields.values() for one in spec.roles)},
        "purpose": {one for spec in pack.fields.values() for one in spec.purposes},
    }
    for kind, given in (("role", role), ("purpose", purpose)):
        if given is not None and known[kind] and given not in known[kind]:
            raise ConfigError(
                f"no field of this shop's pack knows the {kind} {given!r}",
                hint=f"use one of: {', '.join(sorted(known[kind]))}",
                code=f"unknown-{kind}",
            )
