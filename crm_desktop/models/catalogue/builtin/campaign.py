"""Campaign and cost: what is spent so that people ask for something."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    LinkField,
    LongTextField,
    MoneyField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.shared_traits import Owned
from crm_desktop.models.catalogue.traits import Activities, Files, Lasting

STATES = (
    Choice("planned", N_("Planned"), "neutral"),
    Choice("running", N_("Running"), "ok"),
    Choice("over", N_("Over"), "info"),
)

CAMPAIGN = EntityDef(
    key="campaign",
    number=39,
    label=N_("Campaign"),
    plural=N_("Campaigns"),
    new_label=N_("New campaign"),
    title_field="name",
    icon="campaign",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("кампания", "название")),
        ChoiceField("state", N_("State"), choices=STATES, default="running", indexed=True,
                    listed=True),
        LinkField("source", N_("Source"), target="reference", book="source", indexed=True,
                  listed=True, create=True, inverse=N_("Campaigns"), synonyms=("канал",)),
        DateField("since", N_("Begins"), indexed=True, listed=True, column="begins"),
        DateField("until", N_("Ends"), indexed=True, listed=True, column="ends"),
        MoneyField("budget", N_("Budget"), listed=True, synonyms=("бюджет",)),
        UserField("responsible", N_("Responsible"), target="staff", indexed=True,
                  inverse=N_("Campaigns")),
        LongTextField("note", N_("Note"), synonyms=("примечание",)),
    ),
    traits=(Owned(), Activities(), Files()),
)  # fmt: skip

CHANNEL_COST = EntityDef(
    key="channel_cost",
    number=40,
    label=N_("Cost"),
    plural=N_("Costs of channels"),
    new_label=N_("New cost"),
    title_field="name",
    icon="money",
    navigation=False,
    fields=(
        TextField("name", N_("What for"), required=True, listed=True, length=200,
                  synonyms=("название",)),
        LinkField("source", N_("Source"), target="reference", book="source", required=True,
                  indexed=True, listed=True, create=True, inverse=N_("Costs"),
                  synonyms=("канал", "источник")),
        LinkField("campaign", N_("Campaign"), target="campaign", indexed=True, listed=True,
                  inverse=N_("Costs"), synonyms=("кампания",)),
        DateField("since", N_("From"), required=True, indexed=True, listed=True,
                  column="begins", synonyms=("с", "дата")),
        DateField("until", N_("Until"), indexed=True, listed=True, column="ends",
                  help=N_("Empty: the one day"), synonyms=("по",)),
        MoneyField("amount", N_("Amount"), required=True, listed=True, synonyms=("сумма",)),
        TextField("note", N_("Note"), length=500),
    ),
    traits=(Lasting(),),
)  # fmt: skip
