"""What the search box shows: commands that suit, hits by object, what was used lately first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.actions import Action
from crm_desktop.ui.widgets.command_palette import PaletteGroup, PaletteItem

if TYPE_CHECKING:
    from crm_desktop.services.search.service import Hit

ONLY_ACTIONS = ">"
_FIRST = ("new", "quick-add", "log-call", "my-day", "planner", "import", "operations", "settings")
_LAST = ("back", "forward", "next-tab", "previous-tab", "close-tab")
"""What the empty line offers before anything was used, and what hands do by keys."""
_MOST_ACTIONS = 6
_MOST_RECENT = 5
_MOST_PER_OBJECT = 8
_MOST_CREATED = 3
_LONGEST = 40


@dataclass(frozen=True)
class Question:
    """What was typed: the text, and whether only commands are meant."""

    text: str
    only_actions: bool

    @staticmethod
    def of(typed: str) -> Question:
        """Reads the line."""
        stripped = typed.strip()
        only = stripped.startswith(ONLY_ACTIONS)
        return Question(stripped.removeprefix(ONLY_ACTIONS).strip(), only)


def action_key(action: Action) -> str:
    """The key of a command in the list."""
    return f"action:{action.id}"


def record_key(ref: Ref) -> str:
    """The key of a record in the list."""
    return f"record:{ref.entity}:{ref.id}"


def create_key(entity: str) -> str:
    """The key of the offer to make a record."""
    return f"create:{entity}"


def list_key(entity: str) -> str:
    """The key of the list of an object."""
    return f"list:{entity}"


ANYWHERE, PLAN = "anywhere", "plan"
HIDDEN = "-"
"""The group of actions that the list does not offer."""


def ref_of(key: str) -> Ref | None:
    """The record behind a key; None if it is no record's."""
    kind, _sep, rest = key.partition(":")
    entity, _sep, number = rest.rpartition(":")
    return Ref(entity, int(number)) if kind == "record" and number.isdigit() else None


def suiting(actions: Iterable[Action], question: Question, recent: Sequence[str]) -> list[Action]:
    """The commands whose words begin as the typed ones, in either layout, the recent first."""
    ranks = {key: place for place, key in enumerate(recent)}
    wanted = [norm(question.text).split(), norm(other_layout(question.text) or "").split()]
    found = [
        action
        for action in actions
        if action.group != HIDDEN
        and (not question.text or any(words and _begins(action.text(), words) for words in wanted))
    ]
    found.sort(key=lambda action: ranks.get(action_key(action), len(ranks)))
    return found


def offered(actions: Sequence[Action], recent: Sequence[str]) -> list[Action]:
    """The same for the line in which nothing stands: what begins a day's work comes before what
    moves between tabs, which hands do by keys."""
    known = {action_key(action) for action in actions} & set(recent)
    places = {name: place for place, name in enumerate(_FIRST)}
    places |= dict.fromkeys(_LAST, len(places) + 1)
    return sorted(
        actions,
        key=lambda a: -1 if action_key(a) in known else places.get(a.id, len(_FIRST)),
    )


def _begins(text: str, words: list[str]) -> bool:
    own = norm(text).split()
    return all(any(one.startswith(word) for one in own) for word in words)


def action_group(actions: Sequence[Action], *, most: int = _MOST_ACTIONS) -> PaletteGroup:
    """Commands with their shortcuts; what the person may not do with a lock and the reason."""
    items = [
        PaletteItem(action_key(a), "lock" if why else a.icon or "command", a.text(), why, a.keys())
        for a in actions[:most]
        for why in (a.why(),)
    ]
    return PaletteGroup(_("Commands"), items)


def list_group(entities: Iterable[EntityDef], question: Question) -> PaletteGroup:
    """The lists of objects whose name begins so; directories have no other way in."""
    wanted = [norm(question.text).split(), norm(other_layout(question.text) or "").split()]
    items = [
        PaletteItem(list_key(e.key), e.icon, _(e.plural), _("List"))
        for e in entities
        if (e.navigation or e.independent)
        and any(words and _begins(_(e.plural), words) for words in wanted)
    ]
    return PaletteGroup(_("Go to"), items)


def hit_groups(catalogue: Catalogue, hits: Sequence[Hit]) -> list[PaletteGroup]:
    """Hits under the names of their objects; the object of the best hit first."""
    by_entity: dict[str, list[PaletteItem]] = {}
    for hit in hits:
        if not catalogue.has(hit.entity):
            continue
        items = by_entity.setdefault(hit.entity, [])
        if len(items) < _MOST_PER_OBJECT:
            icon = catalogue[hit.entity].icon
            key = record_key(Ref(hit.entity, hit.id))
            items.append(PaletteItem(key, icon, hit.title, hit.detail))
    return [PaletteGroup(_(catalogue[key].plural), items) for key, items in by_entity.items()]


def recent_group(
    catalogue: Catalogue, titles: Mapping[Ref, str], recent: Sequence[str]
) -> PaletteGroup:
    """Records opened lately, for the empty line."""
    refs = [ref for key in recent if (ref := ref_of(key)) is not None and ref in titles]
    items = [
        PaletteItem(
            record_key(ref), catalogue[ref.entity].icon, titles[ref], _(catalogue[ref.entity].label)
        )
        for ref in refs[:_MOST_RECENT]
        if catalogue.has(ref.entity)
    ]
    return PaletteGroup(_("Opened lately"), items)


def further_group(
    question: Question, entities: Sequence[EntityDef], *, anywhere: bool, plan: bool = False
) -> PaletteGroup:
    """What can be done with the typed text: planned where it names a day, made into a record,
    looked for everywhere."""
    text = question.text if len(question.text) <= _LONGEST else question.text[: _LONGEST - 1] + "…"
    items = []
    if plan:
        items.append(PaletteItem(PLAN, "clock", _("Plan “{text}”").format(text=text)))
    if anywhere:
        title = _("Search “{text}” anywhere in all texts").format(text=text)
        items.append(PaletteItem(ANYWHERE, "search", title))
    for entity in entities[:_MOST_CREATED]:
        new = _(entity.new_label) or _("New record")
        title = _("{new} “{text}”").format(new=new, text=text)
        items.append(PaletteItem(create_key(entity.key), "add", title))
    return PaletteGroup(_("With this text"), items)
