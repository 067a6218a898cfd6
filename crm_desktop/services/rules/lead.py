"""A lead: what it is called, when it came and was taken on, what it consists of, how it ends.

The lead of an office is taken when it leaves the state New: a colleague puts it to work, takes it
over, answers it, converts or rejects it. Whoever rejects one says why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.phones import format_phone
from crm_desktop.services.writing.batch import Batch, Staged

NEW, WORKING, CONVERTED, REJECTED = "new", "working", "converted", "rejected"
LONGEST_NAME = 200
WAITING = "leads to be looked up"
"""Where a batch holds new ones until known clients and open leads with the same contacts are asked
for all of them together (`leads/landing`)."""
SURELY_NEW = "lead looked up already"
"""Where a batch holds the one that is known to repeat no other."""
_CONVERTING = "leads that are converted"
_REPEATED = ("received", "channel", "source", "campaign", "text")
"""What the first enquiry of a lead says as the lead does."""


def complete_lead(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fills in what follows from the rest; `InvalidInput` for a rejection without a reason."""
    values = staged.after
    if values is None:
        return
    if not values.get("name"):
        values["name"] = lead_name(values)
    if staged.before is None:
        values["received"] = values.get("received") or batch.now
        if batch.alone:  # many come from a file or the demo: a past that nobody can be asked about
            _check_end(batch, staged, given)
        cast(list[Staged], batch.asked.setdefault(WAITING, list[Staged]())).append(staged)
        _first_enquiry(batch, staged)
    else:
        _take_over(batch, staged, given)
        _check_end(batch, staged, given)
    _note_state(batch, values, (staged.before or {}).get("state"))


def lead_name(values: Mapping[str, Any]) -> str:
    """What a lead without a name is called: company, telephone, address, whatever is there."""
    phone = values.get("phone")
    found = values.get("company") or (format_phone(str(phone)) if phone else "")
    text = str(found or values.get("email") or "").strip()
    if not text and values.get("text"):
        text = str(values["text"]).strip().partition("\n")[0]
    return text[:LONGEST_NAME] or _("Without a name")


def _take_over(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """A new lead that somebody makes their own is in work."""
    values = staged.after or {}
    mine = batch.author is not None and values.get("responsible") == batch.author
    if mine and "responsible" in given and "state" not in given and values.get("state") == NEW:
        values["state"] = WORKING


def converting(batch: Batch, lead: int) -> None:
    """Notes that a lead is being converted: by hand it is not called so."""
    cast(set[int], batch.asked.setdefault(_CONVERTING, set[int]())).add(lead)


def _check_end(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """A rejection says why; converted is what was converted, or comes so from a file with whom it
    became."""
    values, before = staged.after or {}, (staged.before or {}).get("state")
    state = values.get("state")
    if state == REJECTED and values.get("reject_reason") is None:
        raise InvalidInput(_("Say why the lead is rejected"), field="reject_reason")
    known = batch.brought_in and (values.get("client") or values.get("person"))
    converted = staged.id in cast(set[int], batch.asked.get(_CONVERTING, set[int]()))
    if state == CONVERTED != before and not known and not converted:
        raise InvalidInput(
            _("Convert the lead into a client, so that nothing of it is lost"), field="state"
        )
    if before == REJECTED != state:
        for key in ("reject_reason", "reject_comment"):
            if key not in given:
                values[key] = None


def _take(batch: Batch, values: dict[str, Any]) -> None:
    """Taken on now by whoever is responsible, else by whoever writes; a later change of the
    responsible changes none of it."""
    values["taken"] = batch.now
    values["taken_by"] = values.get("responsible") or batch.author


def _note_state(batch: Batch, values: dict[str, Any], before: Any) -> None:
    """When it was taken and when it was converted."""
    state = values.get("state")
    if state != before and state != NEW and values.get("taken") is None and before is not None:
        _take(batch, values)
    if state == CONVERTED and values.get("converted") is None:
        values["converted"] = batch.now
        if values.get("taken") is None:
            _take(batch, values)
    elif state != CONVERTED and before == CONVERTED:
        values["converted"] = None


def _first_enquiry(batch: Batch, staged: Staged) -> None:
    """A lead consists of enquiries from the first one on; it gives way to one that says more."""
    values = staged.after or {}
    if values.get("channel") is None and not values.get("text"):
        return
    entity = batch.catalogue["enquiry"]
    made = {key: values.get(key) for key in _REPEATED if values.get(key) is not None}
    text = str(values.get("text") or "").strip()
    made["name"] = (text.partition("\n")[0] or str(values.get("name")))[:LONGEST_NAME]
    batch.proposed.add(batch.create(entity, {**made, "lead": staged.id}).id)
