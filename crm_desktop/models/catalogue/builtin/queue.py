"""Queue: who gets what comes in: in turn, the least busy, or whoever knows the matter."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    IntegerField,
    LinkField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.sales_traits import Queues

WAYS = (
    Choice("turn", N_("In turn"), "accent"),
    Choice("least", N_("The least busy"), "ok"),
    Choice("skill", N_("By skill and region, then in turn"), "info"),
)

QUEUE = EntityDef(
    key="queue",
    number=41,
    label=N_("Queue"),
    plural=N_("Queues"),
    new_label=N_("New queue"),
    title_field="name",
    icon="queue",
    table="work_queue",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, listed=True, length=150),
        ChoiceField("way", N_("How it is given out"), choices=WAYS, default="turn",
                    required=True, listed=True),
        UserField("head", N_("If nobody is there"), target="staff", indexed=True, listed=True,
                  inverse=N_("Falls to them")),
        BoolField("retired", N_("No longer offered"), listed=True),
    ),
    traits=(Queues("queue_member"),),
)  # fmt: skip

QUEUE_MEMBER = EntityDef(
    key="queue_member",
    number=42,
    label=N_("Place in the queue"),
    plural=N_("Places in the queue"),
    new_label=N_("Add a colleague"),
    title_field="name",
    icon="entity-staff",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), readonly=True, length=250),
        UserField("staff", N_("Colleague"), target="staff", required=True, indexed=True,
                  listed=True, inverse=N_("Queues")),
        IntegerField("position", N_("Order"), column="place_no", listed=True),
        LinkField("skill", N_("Knows about"), target="reference", book="skill", indexed=True,
                  listed=True, create=True, inverse=N_("Places in queues")),
        LinkField("region", N_("Region"), target="reference", book="region", indexed=True,
                  listed=True, inverse=N_("Places in queues")),
        BoolField("pauses", N_("Gets nothing for now"), listed=True),
        DateTimeField("given", N_("Got something last"), listed=True, readonly=True, kept=True,
                      column="given_at"),
        LinkField("queue", N_("Queue"), target="queue", required=True, parent=True, indexed=True,
                  column="work_queue", inverse=N_("Places")),
    ),
)  # fmt: skip
