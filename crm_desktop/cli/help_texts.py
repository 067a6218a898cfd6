"""The longer texts of the help: the JSON that commands take and give, the window, exit codes."""

from __future__ import annotations

from crm_desktop.i18n import _

_WIDE = 56  # columns that an example takes before its explanation


def where_help() -> str:
    """What --where takes."""
    return "\n".join(
        [
            _("JSON of --where (columns may lead over links: client.name):"),
            _line('{"field": "city", "op": "eq", "value": "Omsk"}', _("one condition")),
            _line('{"city": "Omsk", "status": "Active"}', _("short form, all of them")),
            _line('{"and": [...]}, {"or": [...]}, {"not": {...}}', _("joined; a list is “and”")),
            "  op: eq ne contains starts in not_in lt le gt ge between period me empty filled",
            "      comes all any none under exactly in_segment not_in_segment",
            _line('{"in_segment": "Wholesale"}', _("the records of a segment")),
            _line('{"tags": ["VIP", "Wholesale"]}', _("any of these tags; “all”: all of them")),
            _line('{"field": "employment", "op": "any", "value": {"decision": "decides"}}', ""),
            _("  A path may lead to records that point here: employment.person.name."),
            "  period: today yesterday this_week last_week this_month last_month this_year",
            "          last_7_days last_30_days last_90_days",
            _("  A link is given by the name of its record or by its number; one that is not in\n"
              "  the base is refused. Fields, types and choices: crm-desktop objects."),
        ]
    )  # fmt: skip


def map_help() -> str:
    """What --map takes."""
    return "\n".join(
        [
            _("JSON of --map, the columns of the file (by their headings) to the fields of the\n"
              "object:"),
            _line('{"Company": "name", "Tel.": "phone"}', _("short form")),
            '  {"columns": [',
            '     {"from": "Company", "to": "name"},',
            '     {"from": ["Street", "House"], "to": "address", "join": ", "},',
            '     {"from": "Full name", "to": ["last_name", "first_name", "middle_name"],',
            '      "split": "name"},',
            '     {"from": "Manager", "to": "responsible", "create": true},',
            '     {"from": [], "to": "status", "default": "Active"},',
            '     {"from": "Phase", "to": "stage", "values": {"Closed won": "Won"}},',
            '     {"from": "Contact", "to": "person.name"}],',
            '   "match": ["tax_id", "phone"], "on_match": "update", "on_new": "create",',
            '   "empty_wipes": false, "unreadable": "refuse", "name_only": "create",',
            '   "date_order": "dmy", "decimal": ",", "epoch": 1904, "html": true}',
            _("  join: what stands between joined columns; null: the first filled one counts"),
            _("  split: “name” cuts a full name, any other text cuts there"),
            _("  create: make the linked record if there is none of that name: true, false, a\n"
              "      list of the names to make, or leave_out: the row comes in without it"),
            _("  values: what words of the file mean here; \"\" for nothing"),
            _("  to: a field, a field of a linked record (client.tax_id), of a record that\n"
              "      belongs to this one (person.name, person[2].name for the second in a row)"),
            _("  on_match: skip, update or create; on_new: create or skip;\n"
              "  date_order: dmy, mdy or ymd; empty_wipes: an empty cell empties the field"),
            _("  unreadable: refuse the row, or leave_out: it comes in without the value;\n"
              "  name_only: a row with a name alone: create, or refuse it as a heading"),
            _("  epoch: days that are bare numbers begin in 1900 or 1904; html: texts of pages,\n"
              "      such as <br> and &quot;, become plain"),
        ]
    )  # fmt: skip


def merge_help() -> str:
    """What a merge does."""
    return _(
        "What hangs on the others (contacts, activities, people ...) goes to the first record,\n"
        "equal things once; where it says nothing, it takes over what the others say. The others\n"
        "are deleted; “crm-desktop undo OPERATION” brings them back. --keep phone=17,city=42\n"
        "takes those two values from the records 17 and 42."
    )


def window_help() -> str:
    """How the window is opened."""
    return "\n".join(
        [
            _("The window:"),
            "  crm-desktop [BASE.crm] [--base PATH|URL] [--demo] [--language ru|en]",
            "              [--theme system|light|dark] [--scale PERCENT] [--screenshots FOLDER]",
        ]
    )


def base_help() -> str:
    """How bases are named."""
    return _(
        "A base is a file (office.crm) or an address of a Firebird server\n"
        "(firebird+fdb://user:password@host:3050//folder/office.fdb)."
    )


def answer_help(json: str) -> str:
    """What the command prints with --json; a refusal is the same for all."""
    return "\n".join(
        [
            _("JSON that --json prints:"),
            *(f"  {line}" for line in json.splitlines()),
            _line('{"error": "...", "field": "..."}', _("when it is refused")),
        ]
    )


def ending() -> str:
    """What the exit status says."""
    return _("Exit status: 0 done, 1 refused with a reason, 2 wrong usage.")


def _line(example: str, words: str) -> str:
    return f"  {example:<{_WIDE}}{words}"
