"""The pipeline a base begins with: the usual way of a sale, to be changed as one likes."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE, STAGE
from crm_desktop.models.catalogue.sales_traits import StageTable
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Create

FIRST_PIPELINE = Title(N_("The first pipeline"))
NAMES = {"en": "Sales", "ru": "Продажи"}
VAT_RATE = 20


class FirstStage(NamedTuple):
    """A stage of the first pipeline; `stuck` in days."""

    english: str
    russian: str
    tone: str
    probability: int
    stuck: int | None = None
    outcome: str = "open"


STAGES = (
    FirstStage("New enquiry", "Новая заявка", "neutral", 10, 2),
    FirstStage("Contact made", "Контакт установлен", "accent", 20, 5),
    FirstStage("Offer sent", "Предложение отправлено", "info", 40, 7),
    FirstStage("Negotiation", "Переговоры", "warn", 60, 10),
    FirstStage("Contract", "Договор", "accent", 80, 7),
    FirstStage("Won", "Выиграна", "ok", 100, outcome="won"),
    FirstStage("Lost", "Проиграна", "bad", 0, outcome="lost"),
)


def names_of(name: str) -> set[str]:
    """How a pipeline or stage of this name may be called, in normal form: those that a base begins
    with are known by their names in both languages."""
    wanted = norm(name.strip())
    pairs = [*((one.english, one.russian) for one in STAGES), (NAMES["en"], NAMES["ru"])]
    same = (pair for pair in pairs if wanted in map(norm, pair))
    return {wanted, *(norm(one) for pair in same for one in pair)}


def seed_pipeline(records: Records, language: str) -> None:
    """The first pipeline for an older base that has none."""
    table = records.tables.main[PIPELINE.key]
    with records.backend.read() as connection:
        known = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
    if not known:
        records.apply(first_pipeline(records, language), FIRST_PIPELINE)


def first_pipeline(records: Records, language: str) -> list[Create]:
    """The pipeline and its stages, in Russian if the language is "ru", else in English."""
    with records.backend.write() as connection:
        (id_,) = records.backend.ids(connection, 1)
    name = NAMES["ru" if language == "ru" else "en"]
    usual = {"name": name, "position": 1, "vat_rate": VAT_RATE, "vat_included": True}
    made = [Create(PIPELINE.key, usual, id=id_)]
    link = STAGE.trait(StageTable)
    assert link is not None
    for place, one in enumerate(STAGES, start=1):
        values = {
            "name": one.russian if language == "ru" else one.english, link.pipeline: id_,
            "position": place, "outcome": one.outcome, "tone": one.tone,
            "probability": one.probability, "stuck_days": one.stuck,
        }  # fmt: skip
        made.append(Create(STAGE.key, values))
    return made
