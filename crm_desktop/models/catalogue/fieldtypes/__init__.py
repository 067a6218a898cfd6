"""The field types: what a value of each is, how it is typed, shown, stored, compared and found.

To add a type: a class in one of these modules, a line in `FIELD_TYPES`, a line in the storage
table of `models/schema`, an editor in `ui/editors`; the walk-everything test names what is missing.
"""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes.choices import (
    ChoiceField,
    MultiChoiceField,
)
from crm_desktop.models.catalogue.fieldtypes.contacts import (
    ContactField,
    EmailField,
    PhoneField,
)
from crm_desktop.models.catalogue.fieldtypes.figures import (
    BoolField,
    DecimalField,
    IntegerField,
    MoneyField,
)
from crm_desktop.models.catalogue.fieldtypes.links import (
    LinkField,
    RecordField,
    UserField,
)
from crm_desktop.models.catalogue.fieldtypes.moments import (
    DateField,
    DateTimeField,
    DurationField,
    YearlyField,
)
from crm_desktop.models.catalogue.fieldtypes.tags import TagsField
from crm_desktop.models.catalogue.fieldtypes.texts import (
    AddressField,
    FileField,
    LongTextField,
    PictureField,
    RecurrenceField,
    TextField,
    UrlField,
)

FIELD_TYPES: dict[str, type[Field]] = {
    kind.type_name: kind
    for kind in (
        TextField,
        LongTextField,
        RecurrenceField,
        UrlField,
        AddressField,
        FileField,
        TagsField,
        PhoneField,
        EmailField,
        ContactField,
        IntegerField,
        DecimalField,
        MoneyField,
        BoolField,
        DateField,
        YearlyField,
        DateTimeField,
        DurationField,
        ChoiceField,
        MultiChoiceField,
        LinkField,
        UserField,
        RecordField,
    )
}

__all__ = [
    "AddressField",
    "BoolField",
    "ChoiceField",
    "ContactField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "DurationField",
    "EmailField",
    "FIELD_TYPES",
    "FileField",
    "IntegerField",
    "LinkField",
    "LongTextField",
    "MoneyField",
    "MultiChoiceField",
    "PhoneField",
    "PictureField",
    "RecordField",
    "RecurrenceField",
    "TagsField",
    "TextField",
    "UrlField",
    "UserField",
    "YearlyField",
]
