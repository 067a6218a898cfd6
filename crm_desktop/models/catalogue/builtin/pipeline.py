"""Pipeline and stage: the way deals of one kind go, and what each step of it asks for."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.reference import COLOURS
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DecimalField,
    IntegerField,
    LinkField,
    LongTextField,
    TextField,
)
from crm_desktop.models.catalogue.sales_traits import StageTable

MOVERS = (
    Choice("all", N_("Anybody"), "ok"),
    Choice("own", N_("The responsible and the heads"), "info"),
    Choice("head", N_("Only the heads"), "warn"),
    Choice("none", N_("Nobody"), "bad"),
)
CHANCES = (
    Choice("stage", N_("By the stage"), "neutral"),
    Choice("history", N_("By what became of earlier deals"), "info"),
    Choice("hand", N_("By hand"), "warn"),
)
OUTCOMES = (
    Choice("open", N_("In progress"), "accent"),
    Choice("won", N_("Won"), "ok",
           synonyms=("closed won", "win", "success", "успешно", "сделка успешна",
                     "успешно реализовано", "успешно завершена", "сделка выиграна", "выиграно")),
    Choice("lost", N_("Lost"), "bad",
           synonyms=("closed lost", "lose", "failed", "провалена", "сделка провалена",
                     "закрыто и не реализовано", "не реализовано", "сделка проиграна",
                     "проиграно", "отказ")),
)  # fmt: skip
"""Of stages, and of the deals that stand in them."""

PIPELINE = EntityDef(
    key="pipeline",
    number=29,
    label=N_("Pipeline"),
    plural=N_("Pipelines"),
    new_label=N_("New pipeline"),
    title_field="name",
    icon="pipeline",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  length=150, synonyms=("воронка", "название")),
        IntegerField("position", N_("Order"), column="place_no", listed=True),
        ChoiceField("chance_by", N_("Probability"), choices=CHANCES[:2], default="stage",
                    listed=True),
        ChoiceField("moves", N_("Who moves its deals"), choices=MOVERS[:3], default="all",
                    listed=True, column="movers"),
        LinkField("unit", N_("Only for the department"), target="reference", book="department",
                  listed=True, inverse=N_("Pipelines")),
        LinkField("queue", N_("Who gets new deals"), target="queue", indexed=True,
                  column="assignment", inverse=N_("Pipelines")),
        DecimalField("vat_rate", N_("Usual VAT rate, %"), column="vat_rate"),
        BoolField("vat_included", N_("Prices include VAT")),
        BoolField("retired", N_("No longer offered"), listed=True),
        LongTextField("note", N_("Note"), synonyms=("примечание",)),
    ),
)  # fmt: skip

STAGE = EntityDef(
    key="stage",
    number=30,
    label=N_("Stage"),
    plural=N_("Stages"),
    new_label=N_("New stage"),
    title_field="name",
    icon="forward",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  length=150, synonyms=("этап", "стадия", "название")),
        LinkField("pipeline", N_("Pipeline"), target="pipeline", required=True, parent=True,
                  indexed=True, inverse=N_("Stages")),
        IntegerField("position", N_("Order"), column="place_no", listed=True),
        ChoiceField("outcome", N_("Outcome"), choices=OUTCOMES, default="open", required=True,
                    listed=True),
        ChoiceField("tone", N_("Colour"), choices=COLOURS, default="accent", listed=True),
        IntegerField("probability", N_("Probability, %"), least=0, most=100, listed=True),
        IntegerField("stuck_days", N_("Stuck after, days"), least=1, most=3650, listed=True),
        TextField("to_enter", N_("Needed to enter"), length=1000,
                  help=N_("Fields of the deal, separated by commas")),
        TextField("to_leave", N_("Needed to leave"), length=1000,
                  help=N_("Fields of the deal, separated by commas")),
        ChoiceField("back", N_("Who moves back from here"), choices=MOVERS, default="all",
                    column="back_movers"),
        ChoiceField("skip", N_("Who passes over it"), choices=MOVERS, default="all",
                    column="skip_movers"),
        BoolField("retired", N_("No longer offered")),
    ),
    traits=(StageTable("pipeline"),),
)  # fmt: skip
