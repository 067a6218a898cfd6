"""Names by their legal form alone: no posting has those words, for half of all firms would.

Texts of titles are read instead, until there are enough; asked only when nothing else was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.firms import legal_form
from crm_desktop.models.text.normalise import LEGAL_FORMS, words
from crm_desktop.services.search.statements import TITLE_BEGINS, TITLE_WORD, Found

BLOCK = 500


def forms_alone(text: str) -> list[str]:
    """The legal forms that the text consists of, as `words` writes them; none if it holds more."""
    found = words(text)
    if not all(word in LEGAL_FORMS for word in found):
        return []
    return list(dict.fromkeys(words(legal_form(f"{word} x")[0] or word)[0] for word in found))


class TitlesByForm:
    """Looks through the titles of one base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables

    def found(
        self, connection: sa.Connection, forms: Sequence[str], ents: Sequence[int], most: int
    ) -> list[Found]:
        """The first `most` records of each of these objects with all these forms in the title."""
        found: list[Found] = []
        for number in ents:
            entity = self._tables.catalogue.numbered(number)
            if entity.title.storage != "text" or entity.title.extra:
                continue
            mine: list[Found] = []
            for id_, title in self._titles(connection, entity, forms[0]):
                own = words(title)
                if set(forms) <= set(own):
                    place = TITLE_BEGINS if own[0] in forms else TITLE_WORD
                    mine.append(Found(id_, number, place, " ".join(own)))
                    if len(mine) == most:
                        break
            found += mine
        return found

    def _titles(
        self, connection: sa.Connection, entity: EntityDef, form: str
    ) -> Iterator[tuple[int, str]]:
        main = self._tables.main[entity.key]
        title = self._tables.column(entity, entity.title)
        spelled = {form, form.upper(), form.capitalize()}
        holds = sa.or_(*(title.like(f"%{one}%") for one in sorted(spelled)))
        last: int | None = 0
        while last is not None:
            chosen = sa.select(main.c.id, title).where(main.c.id > last, holds)
            rows = connection.execute(
                self._backend.limit(chosen.order_by(main.c.id), BLOCK)
            ).fetchall()
            yield from ((id_, text) for id_, text in rows)
            last = rows[-1][0] if len(rows) == BLOCK else None
