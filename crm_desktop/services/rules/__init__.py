"""What must happen when records of a given object are written: plain functions in one table.

A rule gets the batch and the staged record before it is checked, and the keys that were given; it
may stage further values. The order is the order written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from crm_desktop.services.rules.activity import complete_activity
from crm_desktop.services.rules.activity_set import check_beginning
from crm_desktop.services.rules.annual_date import move_planned, move_planned_of_field
from crm_desktop.services.rules.attachment import complete_attachment
from crm_desktop.services.rules.automation import check_automation
from crm_desktop.services.rules.bank_account import check_bank_account
from crm_desktop.services.rules.channel import complete_channel
from crm_desktop.services.rules.deal import keep_stage
from crm_desktop.services.rules.deal_template import keep_turn
from crm_desktop.services.rules.employment import complete_employment
from crm_desktop.services.rules.enquiry import complete_enquiry
from crm_desktop.services.rules.hierarchy import check_place
from crm_desktop.services.rules.lead import complete_lead
from crm_desktop.services.rules.lead_response import note_first_response
from crm_desktop.services.rules.legal_details import complete_legal_details
from crm_desktop.services.rules.named_after import named_after
from crm_desktop.services.rules.person import complete_person
from crm_desktop.services.rules.private import (
    keep_private,
    keep_private_part,
    keep_private_record,
)
from crm_desktop.services.rules.queue_member import complete_queue_member
from crm_desktop.services.rules.reference import check_place_in_tree
from crm_desktop.services.rules.relation import complete_relation
from crm_desktop.services.rules.reminder import complete_reminder, remind_of_activity
from crm_desktop.services.rules.selection import complete_member
from crm_desktop.services.rules.series import keep_series, leave_out
from crm_desktop.services.rules.stage import check_stage, keep_used
from crm_desktop.services.rules.tag import check_tag, complete_tagging
from crm_desktop.services.rules.whole_days import keep_whole_days
from crm_desktop.services.rules.working_calendar import (
    check_calendar_day,
    check_working_calendar,
)
from crm_desktop.services.writing.batch import Batch, Staged

Rule = Callable[[Batch, Staged, Collection[str]], None]

RULES: dict[str, tuple[Rule, ...]] = {
    "activity": (
        keep_private,
        keep_whole_days,
        complete_activity,
        keep_series,
        remind_of_activity,
        note_first_response,
    ),
    "activity_link": (named_after("record"),),
    "annual_date": (move_planned,),
    "activity_set": (check_beginning,),
    "attachment": (complete_attachment,),
    "automation": (check_automation,),
    "bank_account": (check_bank_account,),
    "calendar_day": (check_calendar_day,),
    "channel": (complete_channel,),
    "deal": (keep_stage,),
    "deal_competitor": (named_after("competitor"),),
    "deal_person": (named_after("person"),),
    "deal_template": (keep_turn,),
    "employment": (complete_employment,),
    "enquiry": (complete_enquiry,),
    "lead": (complete_lead,),
    "legal_details": (complete_legal_details,),
    "participation": (keep_private_part,),
    "person": (complete_person,),
    "queue_member": (complete_queue_member,),
    "reference": (check_place_in_tree,),
    "relation": (complete_relation,),
    "reminder": (complete_reminder,),
    "selection_member": (complete_member,),
    "staff": (check_place,),
    "stage": (check_stage,),
    "tag": (check_tag,),
    "tagging": (complete_tagging,),
    "working_calendar": (check_working_calendar,),
}

OF_ALL: tuple[Rule, ...] = (move_planned_of_field,)
"""What must happen when records of any object are changed; not when they are made."""

Parting = Callable[[Batch, Staged], None]

PARTINGS: dict[str, tuple[Parting, ...]] = {
    "activity": (keep_private_record, leave_out),
    "pipeline": (keep_used,),
    "stage": (keep_used,),
}
"""What follows when records of an object are deleted."""
