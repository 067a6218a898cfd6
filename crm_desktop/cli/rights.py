"""The commands about who may do what in a shared base: roles, the result for a person, reasons."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from crm_desktop.cli import standing_in
from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.output import complain
from crm_desktop.cli.values import find_record
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.rights import words
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.rights.roles import Role, Roles

ROLE, RIGHTS = "role", "rights"
_ROLES = '{"total": 1, "rows": [{"role": "...", "built_in": "seller", "holders": [7]}]}'


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop role` and `crm-desktop rights`."""
    whole = command(commands, ROLE, _("roles: what they allow, and who has them"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    command(acts, "list", _("all roles and who has them"), answer=_ROLES)
    shown = command(
        acts, "show", _("what a role allows"),
        answer='{"role": "...", "given": {"client": {"see": "own"}, "*": {...}},\n'
               ' "fields": {"client": {"phone": "readonly"}}, "holders": [7]}',
    )  # fmt: skip
    _add_role(shown)
    added = command(acts, "add", _("a new role"), answer='{"role": "..."}')
    added.add_argument("role", metavar="NAME", help=_("how it is called"))
    added.add_argument("--like", metavar="ROLE", help=_("allows what this role allows"))
    _add_role(command(acts, "drop", _("take a role of one’s own away"), answer='{"role": "..."}'))
    _setting(acts)
    for name, text in (("give", _("give a role to a colleague")),
                       ("take", _("take a role from a colleague"))):  # fmt: skip
        holding = command(acts, name, text, answer='{"role": "...", "colleague": 7}')
        _add_role(holding)
        _add_person(holding)
    standing_in.add_words(acts)
    _results(commands)


def _setting(acts: Commands) -> None:
    known = ", ".join(action.key for action in words.ACTIONS)
    scopes = ", ".join(words.SCOPES)
    setting = command(
        acts, "set", _("say what a role allows on an object"), answer='{"role": "..."}'
    )  # fmt: skip
    _add_role(setting)
    setting.add_argument("object", metavar="OBJECT", help=_("an object; * for all others"))
    setting.add_argument(
        "rights", metavar="ACTION=SCOPE", nargs="*",
        help=_("actions: {actions}; scopes: {scopes}").format(actions=known, scopes=scopes),
    )  # fmt: skip
    setting.add_argument(
        "--field", metavar="FIELD=HOW", action="append", default=[],
        help=_("how a field is held back: {known}; empty for not at all").format(
            known=", ".join(words.SHOWN)),
    )  # fmt: skip
    setting.add_argument("--progress", action="store_true", help=_("JSON lines on standard error"))


def _results(commands: Commands) -> None:
    whole = command(commands, RIGHTS, _("what a person may do in a shared base, and why"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    of = command(
        acts, "of", _("what a person may do, and which role gives it"),
        answer='{"colleague": 7, "roles": ["..."], "rows": [{"object": "client",\n'
               ' "see": {"scope": "own", "roles": ["..."]}}]}',
    )  # fmt: skip
    _add_person(of)
    why = command(
        acts, "why", _("why somebody may or may not do something, and the role to ask for"),
        answer='{"allowed": false, "why": "...", "ask_for": "..."}',
    )  # fmt: skip
    _add_person(why)
    why.add_argument("what", metavar="ACTION", choices=[a.key for a in words.ACTIONS],
                     help=_("one of the actions of roles"))  # fmt: skip
    why.add_argument("object", metavar="OBJECT", help=_("an object of the base"))
    why.add_argument("id", metavar="ID", nargs="?", type=int, help=_("one record of it"))


def _add_role(words_: ArgumentParser) -> None:
    words_.add_argument("role", metavar="ROLE", help=_("its name, or the key of a built-in one"))


def _add_person(words_: ArgumentParser) -> None:
    words_.add_argument("whom", metavar="PERSON", help=_("a colleague, by name or number"))


# --- roles ----------------------------------------------------------------------------------------


def run_role(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on roles."""
    from crm_desktop.services.administrators import only_administrators
    from crm_desktop.services.rights.roles import Roles

    if not workspace.login:
        raise only_administrators(shared=False)
    acts = {
        "list": _list, "show": _show, "add": _add, "drop": _drop, "set": _set, "give": _hold,
        "take": _hold, standing_in.STAND_IN: standing_in.run_stand_in,
        standing_in.STAND_INS: standing_in.run_stand_ins, standing_in.END: standing_in.run_end,
    }  # fmt: skip
    return acts[given.action](workspace, Roles(workspace), given)


def _list(workspace: Workspace, roles: Roles, _given: Namespace) -> Answer:
    found = roles.all()
    rows = [
        {"role": one.name, "built_in": one.built_in, "holders": list(one.holders)} for one in found
    ]
    names = _names(workspace, [id_ for one in found for id_ in one.holders])
    cells = [(one.name, one.note, ", ".join(names[id_] for id_ in one.holders)) for one in found]
    head = (_("Role"), _("Note"), _("Who has it"))
    return Answer({"total": len(rows), "rows": rows}, table(head, cells))


def _show(workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    role = roles.named(given.role)
    value = {
        "role": role.name, "given": _plain_given(workspace, role),
        "fields": _plain_fields(workspace, role), "holders": list(role.holders),
    }  # fmt: skip
    lines = [
        (_object_name(workspace, number), _(words.TITLES[action]), _(words.SCOPE_TITLES[scope]))
        for (number, action), scope in sorted(role.given.items())
        if action in words.TITLES and scope in words.SCOPE_TITLES
    ]
    held = [
        (_object_name(workspace, number), key, _(words.SHOWN_TITLES[how]))
        for (number, key), how in sorted(role.fields.items())
        if how in words.SHOWN_TITLES
    ]
    head = (_("Object"), _("Action or field"), _("Allowed"))
    return Answer(value, table(head, lines + held))


def _plain_given(workspace: Workspace, role: Role) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (number, action), scope in sorted(role.given.items()):
        found.setdefault(_key(workspace, number), {})[action] = scope
    return found


def _plain_fields(workspace: Workspace, role: Role) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (number, key), how in sorted(role.fields.items()):
        found.setdefault(_key(workspace, number), {})[key] = how
    return found


def _key(workspace: Workspace, number: int) -> str:
    known = number and workspace.catalogue.has_number(number)
    return workspace.catalogue.numbered(number).key if known else "*"


def _object_name(workspace: Workspace, number: int) -> str:
    known = number and workspace.catalogue.has_number(number)
    return _(workspace.catalogue.numbered(number).plural) if known else _("all others")


def _add(_workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    like = roles.named(given.like) if given.like else None
    role = roles.add(given.role, like=like)
    return Answer({"role": role.name}, [_("The role “{role}” is there").format(role=role.name)])


def _drop(_workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    role = roles.named(given.role)
    roles.drop(role)
    return Answer({"role": role.name}, [_("The role “{role}” is gone").format(role=role.name)])


def _set(workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    role = roles.named(given.role)
    entity = None if given.object == "*" else _entity(workspace, given.object)
    if given.rights:
        roles.set(role, entity, dict(_pairs(given.rights, "ACTION=SCOPE")))
    shown = dict(_pairs(given.field, "FIELD=HOW"))
    if entity is not None:
        roles.show_all(role, entity, shown, _told if given.progress else None)
    elif shown:
        raise InvalidInput(_("Name the object whose field it is"))
    return Answer({"role": role.name}, [_("The role “{role}” was changed").format(role=role.name)])


def _told(done: int, whole: int) -> None:
    """How far the words of fields that are hidden for the first time are."""
    complain(json.dumps({"done": done, "whole": whole}))


def _pairs(texts: list[str], shape: str) -> list[tuple[str, str]]:
    for text in texts:
        if "=" not in text:
            said = _("Write {shape} instead of “{text}”")
            raise InvalidInput(said.format(shape=shape, text=text))
    return [(name, value) for name, _sign, value in (text.partition("=") for text in texts)]


def _hold(workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    role, who = roles.named(given.role), _person(workspace, given.whom)
    name = _names(workspace, [who]).get(who, "")
    if given.action == "give":
        roles.give(role, who)
        said = _("{name} has the role “{role}” now")
    else:
        roles.take(role, who)
        said = _("{name} no longer has the role “{role}”")
    return Answer({"role": role.name, "colleague": who}, [said.format(name=name, role=role.name)])


# --- the result -----------------------------------------------------------------------------------


def run_rights(workspace: Workspace, given: Namespace) -> Answer:
    """What a person may do, or why not."""
    return (_of if given.action == "of" else _why)(workspace, given)


def _of(workspace: Workspace, given: Namespace) -> Answer:
    from crm_desktop.services.rights.result import result

    found = result(workspace, _person(workspace, given.whom))
    rows: list[dict[str, Any]] = []
    cells = []
    for line in found.lines:
        plain = {
            key: {"scope": one.scope, "roles": list(one.roles)} for key, one in line.given.items()
        }
        rows.append({"object": line.entity.key, **plain, "fields": line.fields})
        said = [
            f"{_(words.TITLES[key])}: {_(words.SCOPE_TITLES[one.scope])}"
            for key, one in line.given.items() if one.scope != words.NONE
        ]  # fmt: skip
        said += [
            f"{_(line.entity.field(key).label)}: {_(words.SHOWN_TITLES[how])}"
            for key, how in sorted(line.fields.items())
        ]
        cells.append((_(line.entity.plural), "; ".join(said)))
    value = {"colleague": found.who, "roles": list(found.roles), "rows": rows}
    lines = [_("Roles: {roles}").format(roles=", ".join(found.roles))]
    return Answer(value, lines + table((_("Object"), _("Allowed")), cells))


def _why(workspace: Workspace, given: Namespace) -> Answer:
    from crm_desktop.services.rights.result import why

    who, entity = _person(workspace, given.whom), _entity(workspace, given.object)
    found = why(workspace, who, given.what, entity, given.id)
    value = {"allowed": found.allowed, "why": found.sentence, "ask_for": found.role}
    return Answer(value, [found.sentence])


def _entity(workspace: Workspace, name: str) -> EntityDef:
    return workspace.catalogue.find(name)


def _person(workspace: Workspace, text: str) -> int:
    if text.isdecimal():
        return int(text)
    return find_record(workspace, workspace.catalogue.staff().key, text)


def _names(workspace: Workspace, ids: list[int]) -> dict[int, str]:
    from crm_desktop.models.catalogue.definitions import Ref

    staff = workspace.catalogue.staff().key
    found = workspace.titles.of([Ref(staff, id_) for id_ in ids])
    return {id_: found[Ref(staff, id_)].text if Ref(staff, id_) in found else str(id_)
            for id_ in ids}  # fmt: skip
