"""Attachment: a file kept in the base with the record it belongs to."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    IntegerField,
    RecordField,
    TextField,
)
from crm_desktop.models.catalogue.traits import FileContent

KINDS = (
    Choice("document", N_("Text document"), "accent"),
    Choice("sheet", N_("Spreadsheet"), "ok"),
    Choice("slides", N_("Presentation"), "warn"),
    Choice("pdf", N_("PDF document"), "bad"),
    Choice("image", N_("Picture"), "info"),
    Choice("text", N_("Plain text"), "neutral"),
    Choice("mail", N_("E-mail message"), "info"),
    Choice("sound", N_("Sound or film"), "neutral"),
    Choice("archive", N_("Archive"), "neutral"),
    Choice("program", N_("Program"), "bad"),
    Choice("other", N_("Other file"), "neutral"),
)

ATTACHMENT = EntityDef(
    key="attachment",
    number=18,
    label=N_("File"),
    plural=N_("Files"),
    new_label=N_("New file"),
    title_field="name",
    icon="attach",
    navigation=False,
    fields=(
        TextField("name", N_("File name"), required=True, search=True, listed=True,
                  synonyms=("file", "имя файла", "файл")),
        ChoiceField("kind", N_("Kind of file"), choices=KINDS, default="other", readonly=True,
                    listed=True, synonyms=("тип файла", "file type")),
        TextField("media", N_("Media type"), length=100, readonly=True,
                  synonyms=("mime", "content type")),
        IntegerField("size", N_("Size, bytes"), column="byte_size", readonly=True,
                     synonyms=("размер", "file size")),
        TextField("digest", N_("SHA-256"), length=64, column="sha_256", identifier=True,
                  indexed=True, readonly=True),
        TextField("note", N_("Note"), length=500, search=True, listed=True,
                  synonyms=("примечание", "comment")),
        RecordField("owner", N_("Belongs to"), required=True, parent=True, indexed=True,
                    listed=True, ability="Files", inverse=N_("Files")),
    ),
    traits=(FileContent(kind="kind", media="media", size="size", digest="digest", note="note"),),
)  # fmt: skip
