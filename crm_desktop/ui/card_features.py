"""What features add to cards and forms: explicit tables, one line a part.

A part imports its widgets when they are first seen, so that the first paint does not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_desktop.ui.activities.attempts_part import AttemptsPart
from crm_desktop.ui.activities.part import ActsPart
from crm_desktop.ui.card_parts import CardParts, DropPart, FigureSource, FormPart, HeaderPart
from crm_desktop.ui.deals.parts import LinesPart, RibbonPart, WorthFigures
from crm_desktop.ui.duplicates.parts import DuplicatesPart, LikenessPart
from crm_desktop.ui.files.parts import FilesDrop, FilesPart
from crm_desktop.ui.leads.part import LeadPart
from crm_desktop.ui.legal_details.parts import AddressesTab, DirectoryPart, LegalDetailsTab
from crm_desktop.ui.marks.links_part import LinksPart
from crm_desktop.ui.marks.part import MarksPart
from crm_desktop.ui.next_steps.begin_part import BeginPart
from crm_desktop.ui.photos.parts import PhotoDrop, PhotoPart
from crm_desktop.ui.planner.part import ClashPart, TogetherPart
from crm_desktop.ui.progress_figures import ProgressFigures
from crm_desktop.ui.record_card.annual_part import AnnualFigures
from crm_desktop.ui.record_card.wish_part import WishPart
from crm_desktop.ui.record_list.lazy_kit import condition_kit
from crm_desktop.ui.relations.part import RelationsPart
from crm_desktop.ui.reminders.form_line import RemindersInForm
from crm_desktop.ui.reminders.part import RemindersPart
from crm_desktop.ui.rights.standing_part import StandingPart
from crm_desktop.ui.sales_setup.parts import RulePart

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.card_tabs import ExtraTab

CARD_TABS: Mapping[str, ExtraTab] = {
    "legal_details.owner": LegalDetailsTab(),
    "postal_address.owner": AddressesTab(),
    "attachment.owner": FilesPart(),
    "relation.one": RelationsPart(),
    "deal_line.deal": LinesPart(),
    "participation.activity": TogetherPart(),
}
"""Tabs of a card that are more than a list of linked records, by their key."""

CARD_HEADER: Mapping[str, HeaderPart] = {
    "stages": RibbonPart(),
    "standing": StandingPart(),
    "photo": PhotoPart(),
    "leads": LeadPart(),
    "wishes": WishPart(),
    "acts": ActsPart(),
    "attempts": AttemptsPart(),
    "begins": BeginPart(),
    "marks": MarksPart(),
    "links": LinksPart(),
    "duplicates": DuplicatesPart(),
    "reminders": RemindersPart(),
}
"""Chips under the name and strips under the header of cards (`ui.card_parts.HeaderPart`)."""

CARD_FIGURES: Mapping[str, FigureSource] = {
    "worth": WorthFigures(),
    "progress": ProgressFigures(),
    "annual": AnnualFigures(),
}
"""Next step, last contact, balance, turnover: figures of the header (`FigureSource`)."""

FORM_STRIPS: Mapping[str, FormPart] = {
    "directory": DirectoryPart(),
    "likeness": LikenessPart(),
    "clashes": ClashPart(),
    "reminders": RemindersInForm(),
    "rule": RulePart(condition_kit),
}
"""Strips above forms, such as found duplicates (`FormPart`)."""

CARD_DROPS: Mapping[str, DropPart] = {"files": FilesDrop(), "photo": PhotoDrop()}
"""Who takes what is dropped on a card or pasted into it (`DropPart`)."""

CARD_PARTS = CardParts(CARD_TABS, CARD_HEADER, CARD_FIGURES, FORM_STRIPS, CARD_DROPS)
