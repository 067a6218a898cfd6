"""What a line costs, the VAT in it, and what the lines come to together.

A line's total is quantity x price less the discount, VAT is reckoned from that total; each is
rounded on its own line, halves up, as invoices show it (the sum of rounded lines, not the rounded
sum). Tax Code of Russia, article 164 (4): of a price that includes VAT the share rate / (100 +
rate) is the tax; article 168 (1): else it comes on top.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import DecimalField, LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel, PricedLines
from crm_desktop.services.writing.batch import Batch, Staged, same

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def line_total(
    quantity: Decimal | None, price: Decimal | None, discount: Decimal | None
) -> Decimal:
    """What a line costs; `discount` in percent."""
    full = (quantity or Decimal()) * (price or Decimal())
    return (full * (HUNDRED - (discount or Decimal())) / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def line_vat(total: Decimal, rate: Decimal | None, *, included: bool) -> Decimal | None:
    """The VAT of a line, in its total or on top; None without a rate: then there is none."""
    if rate is None:
        return None
    base = HUNDRED + rate if included else HUNDRED
    return (total * rate / base).quantize(CENT, ROUND_HALF_UP)


class Sums(NamedTuple):
    """What lines come to: without what is added, their VAT, and what is to be paid."""

    total: Decimal
    vat: Decimal
    amount: Decimal


def sums(lines: Iterable[Mapping[str, Any]]) -> Sums:
    """The sums of lines whose totals are reckoned."""
    total, vat, added = Decimal("0.00"), Decimal("0.00"), Decimal("0.00")
    for line in lines:
        own = line.get("vat") or Decimal()
        total += line.get("total") or Decimal()
        vat += own
        added += Decimal() if line.get("vat_included") else own
    return Sums(total, vat, total + added)


def priced(entity: EntityDef, values: dict[str, Any]) -> None:
    """Puts total and VAT into the values of a line; `InvalidInput` for what cannot be."""
    for key in ("discount", "vat_rate"):
        number = values.get(key)
        if number is not None and not 0 <= number <= HUNDRED:
            sentence = _("{field}: choose a number from 0 to 100")
            raise InvalidInput(sentence.format(field=_(entity.field(key).label)), field=key)
    total = line_total(values.get("quantity"), values.get("price"), values.get("discount"))
    known, money = values.get("price") is not None, entity.field("total")
    values["total"] = money.check(total) if known else None
    included = bool(values.get("vat_included"))
    values["vat"] = line_vat(total, values.get("vat_rate"), included=included) if known else None


@dataclass
class LineTotals:
    """Keeps the totals of lines and the amounts of their owners in one batch (`PricedLines`)."""

    batch: Batch
    _lines: dict[tuple[str, int], tuple[Staged, set[str]]] = field(default_factory=dict)
    _owners: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    """Of each object of lines: owners to be reckoned, and which of their fields were given."""

    def __post_init__(self) -> None:
        catalogue = self.batch.catalogue
        self._traits = {e.key: t for e in catalogue if (t := e.trait(PricedLines)) is not None}
        self._of = {self._owner(catalogue[key]).key: key for key in self._traits}

    def written(self, staged: Staged, given: Collection[str]) -> None:
        """A record was staged or deleted; `given`: the fields that were written."""
        key = staged.entity.key
        if key in self._traits:
            self._line_written(staged, given)
        elif key in self._of and staged.before is not None and staged.after is not None:
            own = self._funnel(self.batch.catalogue[self._of[key]])
            if own.amount in given or own.by_hand in given:
                known = self._owners.setdefault(self._of[key], {})
                known.setdefault(staged.id, set()).update(given)

    def _line_written(self, staged: Staged, given: Collection[str]) -> None:
        trait = self._traits[staged.entity.key]
        known = self._lines.setdefault((staged.entity.key, staged.id), (staged, set()))
        known[1].update(given)
        for values in (staged.before, staged.after):
            owner = (values or {}).get(trait.owner)
            if owner is not None:
                self._owners.setdefault(staged.entity.key, {}).setdefault(owner, set())

    def settle(self) -> None:
        """Reckons what was written, asking the base once for all owners and their lines."""
        for key, owners in self._owners.items():
            entity, trait = self.batch.catalogue[key], self._traits[key]
            self.batch.prefetch(self._owner(entity), sorted(owners))
            self.batch.prefetch_linked(entity, entity.field(trait.owner), sorted(owners))
            self._complete_lines(entity)
            for id_, given in owners.items():
                self._settle_owner(entity, id_, given)

    # --- lines ------------------------------------------------------------------------------------

    def _complete_lines(self, entity: EntityDef) -> None:
        for (key, _id), (staged, given) in self._lines.items():
            if key != entity.key or staged.after is None:
                continue
            if staged.before is None:
                self._begin(staged, given)
            priced(entity, staged.after)

    def _begin(self, staged: Staged, given: Collection[str]) -> None:
        """A new line is one piece, stands last and has the VAT of its owner's pipeline."""
        values, trait = staged.after or {}, self._traits[staged.entity.key]
        if values.get("quantity") is None:
            values["quantity"] = Decimal(1)
        if values.get(trait.position) is None and values.get(trait.owner) is not None:
            others = self._lines_of(staged.entity, values[trait.owner])
            places = [(s.after or {}).get(trait.position) or 0 for s in others]
            values[trait.position] = max(places, default=0) + 1
        usual = self._usual_vat(staged.entity, values.get(trait.owner))
        for key in ("vat_rate", "vat_included"):
            if key not in given:
                values[key] = usual.get(key)

    def _usual_vat(self, entity: EntityDef, owner: int | None) -> Mapping[str, Any]:
        staged = self.batch.rows.get((self._owner(entity).key, owner or 0))
        link = self._owner(entity).field(self._funnel(entity).pipeline)
        id_ = (staged.after or {}).get(link.key) if staged is not None else None
        if id_ is None or not isinstance(link, LinkField):
            return {}
        return self.batch.row(self.batch.catalogue[link.target], id_).after or {}

    # --- owners -----------------------------------------------------------------------------------

    def _settle_owner(self, entity: EntityDef, id_: int, given: Collection[str]) -> None:
        owner = self.batch.rows.get((self._owner(entity).key, id_))
        if owner is None or owner.after is None:
            return
        own, lines = self._funnel(entity), self._lines_of(entity, id_)
        if not lines and given:  # nothing but what was typed
            return
        amount = sums([s.after or {} for s in lines]).amount if lines else None
        stands = owner.after.get(own.amount)
        if own.amount in given and own.by_hand not in given and stands != amount:
            self.batch.put(owner, own.by_hand, True)
        elif not owner.after.get(own.by_hand) and not same(stands, amount):
            money = self._owner(entity).field(own.amount)
            assert isinstance(money, DecimalField)
            self.batch.put(owner, own.amount, money.check(amount))

    def _lines_of(self, entity: EntityDef, owner: int) -> list[Staged]:
        return self.batch.linked(entity, entity.field(self._traits[entity.key].owner), owner)

    def _owner(self, entity: EntityDef) -> EntityDef:
        link = entity.field(self._traits[entity.key].owner)
        assert isinstance(link, LinkField)
        return self.batch.catalogue[link.target]

    def _funnel(self, entity: EntityDef) -> Funnel:
        trait = self._owner(entity).trait(Funnel)
        assert trait is not None
        return trait
