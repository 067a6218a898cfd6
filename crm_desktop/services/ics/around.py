"""What stands around an activity in a calendar file: people, reminders, checklist, links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from icalendar import Alarm, Component, vDuration

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import EmailField, LinkField
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Checklist, Reminds, TakesPart
from crm_desktop.services.activities.concerns import concerned
from crm_desktop.services.ics.found import LINK, linked_fields, quiet
from crm_desktop.services.ics.lookup import children, who_fields
from crm_desktop.services.ics.properties import put, put_raw
from crm_desktop.services.workspace import Workspace

Rows = dict[int, dict[str, Any]]
_ANSWERS = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE"}


class Around:
    """Reads once what belongs to the activities in `rows`, then writes it with each."""

    def __init__(self, workspace: Workspace, entity: EntityDef, rows: Rows) -> None:
        catalogue = workspace.catalogue
        self._workspace = workspace
        self._entity = entity
        self._linked = linked_fields(entity)
        self._further = concerned(workspace, rows)
        self._taking, self._part = catalogue.with_trait(TakesPart)
        self._reminding, self._reminds = catalogue.with_trait(Reminds)
        steps, self._ticked = catalogue.with_trait(Checklist)
        self._who_fields = who_fields(self._taking, self._part)
        self._people = self._children(self._taking, self._part.event, rows)
        self._alarms = self._children(self._reminding, self._reminds.event, rows)
        self._steps = self._children(steps, self._ticked.owner, rows)
        refs = [ref for values in rows.values() for ref in self._refs(values).values()]
        refs += [ref for several in self._people.values() for p in several if (ref := self._who(p))]
        whom = self._reminds.whom
        refs += [r for several in self._alarms.values() for a in several
                 if (r := self._link(self._reminding, whom, a))]  # fmt: skip
        further = [ref for of in self._further.values() for ref in of.values()]
        self._titles = workspace.titles.of([*refs, *further])
        self._mails = self._addresses(refs)

    def put(self, made: Component, id_: int, values: Mapping[str, Any]) -> None:
        """Adds it all to the entry of an activity."""
        for key, ref in self._refs(values).items():
            put(made, self._linked[key], f"{ref.entity}/{ref.id}", X_CRM_NAME=self._name(ref))
        for ref in self._further.get(id_, {}).values():
            put(made, LINK, f"{ref.entity}/{ref.id}", X_CRM_NAME=self._name(ref))
        people = self._people.get(id_, [])
        author = self._refs(values).get("author")
        if people and author is not None:
            address = self._address(author, "")
            put_raw(made, "ORGANIZER", address, CN=self._name(author))
        for one in people:
            self._attendee(made, one)
        for one in sorted(self._steps.get(id_, []), key=self._place):
            done = {"X_CRM_DONE": "1"} if one.get(self._ticked.done) else {}
            put(made, "X-CRM-CHECK", one[self._ticked.text], **done)
        if made.name != "VJOURNAL":
            for one in self._alarms.get(id_, []):
                made.add_component(self._alarm(one, values))

    # --- one thing --------------------------------------------------------------------------------

    def _attendee(self, made: Component, one: Mapping[str, Any]) -> None:
        ref = self._who(one)
        mail = str(one.get("address") or "")
        mail = "" if is_held(mail) else mail
        name = self._name(ref) if ref else mail or str(one.get("name") or "")
        thing = one.get(self._part.resource) is not None
        params = {
            "CN": name, "CUTYPE": "RESOURCE" if thing else "INDIVIDUAL",
            "ROLE": "NON-PARTICIPANT" if one.get("role") == "auditor" else "REQ-PARTICIPANT",
            "PARTSTAT": _ANSWERS.get(str(one.get("answer")), "NEEDS-ACTION"),
            "X_CRM_ROLE": str(one.get("role") or ""), "X_CRM_REASON": str(one.get("reason") or ""),
            "X_CRM_REF": f"{ref.entity}/{ref.id}" if ref else "",
        }  # fmt: skip
        address = self._address(ref, mail)
        put_raw(made, "ATTENDEE", address, **{k: quiet(v) for k, v in params.items() if v})

    def _alarm(self, one: Mapping[str, Any], values: Mapping[str, Any]) -> Alarm:
        channel = str(one.get(self._reminds.channel) or "")
        alarm = Alarm()
        put_raw(alarm, "ACTION", "DISPLAY")
        put(alarm, "DESCRIPTION", values.get("subject") or "…")
        if channel != self._reminds.window:
            put_raw(alarm, "X-CRM-CHANNEL", channel)
        trigger = vDuration(-timedelta(minutes=one.get(self._reminds.offset) or 0))
        if values.get("starts") is None and not values.get("rule"):
            trigger.params["RELATED"] = "END"
        alarm.add("TRIGGER", trigger, encode=False)
        ref = self._link(self._reminding, self._reminds.whom, one)
        if ref is not None:
            put(alarm, "X-CRM-WHOM", f"{ref.entity}/{ref.id}", X_CRM_NAME=self._name(ref))
        return alarm

    def _place(self, step: Mapping[str, Any]) -> int:
        return int(step.get(self._ticked.place) or 0)

    # --- what was read ----------------------------------------------------------------------------

    def _children(self, entity: EntityDef, owner: str, rows: Rows) -> dict[int, list[Any]]:
        found = children(self._workspace, entity, owner, rows)
        return {id_: [values for _id, values in sorted(of.items())] for id_, of in found.items()}

    def _refs(self, values: Mapping[str, Any]) -> dict[str, Ref]:
        """The records that an activity points to, by field."""
        found = {}
        for key in self._linked:
            ref = self._link(self._entity, key, values)
            if ref is not None:
                found[key] = ref
        return found

    def _link(self, entity: EntityDef, key: str, values: Mapping[str, Any]) -> Ref | None:
        value, f = values.get(key), entity.field(key)
        if value is None or isinstance(value, Ref):
            return value
        return Ref(f.target, value) if isinstance(f, LinkField) else None

    def _who(self, part: Mapping[str, Any]) -> Ref | None:
        found = (self._link(self._taking, key, part) for key in self._who_fields)
        return next((ref for ref in found if ref is not None), None)

    def _name(self, ref: Ref) -> str:
        title = self._titles.get(ref)
        return quiet(title.text) if title else ""

    def _address(self, ref: Ref | None, mail: str) -> str:
        known = mail or (self._mails.get(ref, "") if ref else "")
        if known:
            return f"mailto:{known}"
        return f"urn:x-crm-desktop:{ref.entity}:{ref.id}" if ref else "urn:x-crm-desktop:nobody"

    def _addresses(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        found: dict[Ref, str] = {}
        for key in {ref.entity for ref in refs}:
            entity = self._workspace.catalogue[key]
            field = next((f for f in entity.fields if isinstance(f, EmailField)), None)
            if field is None:
                continue
            ids = [ref.id for ref in refs if ref.entity == key]
            rows = self._workspace.reader.many(key, ids, [field.key])
            found |= {
                Ref(key, id_): r[field.key] for id_, r in rows.items()
                if r[field.key] and not is_held(r[field.key])
            }  # fmt: skip
        return found
