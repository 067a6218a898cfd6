"""Entries of the search that nobody's work made, and that stand in the way of what belongs there.

An employee may add rows to the search with a tool, of his own records and of any number. Whoever
then saves such a record, or makes the one that gets the number, would be refused. So the triggers
of these views, which see all rows, take out what is no entry, and have a word that is there.
"""

from __future__ import annotations

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.strict.names import view_name, writer_name

DOCUMENT, POSTING = "search_doc", "search_posting"


def with_entries(catalogue: Catalogue) -> list[EntityDef]:
    """The objects whose records are found as themselves."""
    return [e for e in catalogue if e.search_fields() and not e.search_through]


def cleared(catalogue: Catalogue) -> str:
    """The steps of a trigger that take an entry of the new one's number out: one that the account
    sees and so may take out anyway, one without words, or of a record that is not there. Any other
    stays, and the new one is refused."""
    there = " OR ".join(
        f"(d.ent = {e.number} AND EXISTS(SELECT 1 FROM {e.table_name} x WHERE x.id = d.id))"  # noqa: S608
        for e in with_entries(catalogue)
    )
    return (
        f"DELETE FROM {view_name(DOCUMENT)} WHERE id = NEW.id;\n"  # noqa: S608
        f" DELETE FROM {DOCUMENT} d WHERE d.id = NEW.id AND (d.body = '' OR NOT ({there}));"
    )


def writers(catalogue: Catalogue) -> dict[str, str]:
    """The statement that makes the trigger of each of the two views, by the table's name, where no
    role hides words of texts. A telephone of one's own may end like one that is not shown."""
    document = (
        f"{cleared(catalogue)}\n"  # noqa: S608
        f" INSERT INTO {DOCUMENT} (id, ent, body) VALUES (NEW.id, NEW.ent, NEW.body);"
    )
    posting = (
        f"INSERT INTO {POSTING} (ent, tok, rid) VALUES (NEW.ent, NEW.tok, NEW.rid);"  # noqa: S608
        "\n WHEN GDSCODE unique_key_violation DO BEGIN END"
    )
    return {
        name: f"CREATE OR ALTER TRIGGER {writer_name(name)} FOR {view_name(name)} ACTIVE"
        f" BEFORE INSERT POSITION 0 AS BEGIN\n {body}\nEND"
        for name, body in ((DOCUMENT, document), (POSTING, posting))
    }
