"""The objects that come with the program, one file each, in the order of the navigation.

To add one: a file here, its name in `BUILTIN`, a migration, an icon `entity-<key>.svg`, and the
Russian labels in `resources/translations/ru/catalogue.po`.
"""

from __future__ import annotations

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.builtin.activity_link import ACTIVITY_LINK
from crm_desktop.models.catalogue.builtin.activity_set import ACTIVITY_SET, SET_STEP
from crm_desktop.models.catalogue.builtin.annual_date import ANNUAL_DATE
from crm_desktop.models.catalogue.builtin.attachment import ATTACHMENT
from crm_desktop.models.catalogue.builtin.automation import AUTOMATION, FIRING
from crm_desktop.models.catalogue.builtin.bank import BANK
from crm_desktop.models.catalogue.builtin.bank_account import BANK_ACCOUNT
from crm_desktop.models.catalogue.builtin.campaign import CAMPAIGN, CHANNEL_COST
from crm_desktop.models.catalogue.builtin.channel import CHANNEL
from crm_desktop.models.catalogue.builtin.checklist import CHECKLIST_ITEM
from crm_desktop.models.catalogue.builtin.client import CLIENT
from crm_desktop.models.catalogue.builtin.deal import (
    DEAL,
    DEAL_COMPETITOR,
    DEAL_LINE,
    DEAL_PERSON,
    DEAL_STAGE,
)
from crm_desktop.models.catalogue.builtin.deal_template import DEAL_TEMPLATE
from crm_desktop.models.catalogue.builtin.employment import EMPLOYMENT
from crm_desktop.models.catalogue.builtin.lead import ENQUIRY, INTAKE, LEAD
from crm_desktop.models.catalogue.builtin.legal_details import LEGAL_DETAILS
from crm_desktop.models.catalogue.builtin.participation import PARTICIPATION
from crm_desktop.models.catalogue.builtin.person import PERSON
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE, STAGE
from crm_desktop.models.catalogue.builtin.postal_address import POSTAL_ADDRESS
from crm_desktop.models.catalogue.builtin.queue import QUEUE, QUEUE_MEMBER
from crm_desktop.models.catalogue.builtin.reference import REFERENCE
from crm_desktop.models.catalogue.builtin.relation import RELATION
from crm_desktop.models.catalogue.builtin.reminder import REMINDER
from crm_desktop.models.catalogue.builtin.resource import RESOURCE
from crm_desktop.models.catalogue.builtin.selection import SELECTION, SELECTION_MEMBER
from crm_desktop.models.catalogue.builtin.staff import STAFF
from crm_desktop.models.catalogue.builtin.tag import TAG, TAGGING
from crm_desktop.models.catalogue.builtin.wish import WISH
from crm_desktop.models.catalogue.builtin.working_calendar import CALENDAR_DAY, WORKING_CALENDAR
from crm_desktop.models.catalogue.definitions import EntityDef

BUILTIN: tuple[EntityDef, ...] = (
    CLIENT,
    PERSON,
    DEAL,
    LEAD,
    ACTIVITY,
    STAFF,
    REFERENCE,
    EMPLOYMENT,
    CHANNEL,
    LEGAL_DETAILS,
    BANK_ACCOUNT,
    POSTAL_ADDRESS,
    BANK,
    RELATION,
    TAG,
    TAGGING,
    SELECTION,
    SELECTION_MEMBER,
    ATTACHMENT,
    WISH,
    ANNUAL_DATE,
    RESOURCE,
    PARTICIPATION,
    REMINDER,
    CHECKLIST_ITEM,
    WORKING_CALENDAR,
    CALENDAR_DAY,
    ACTIVITY_SET,
    SET_STEP,
    PIPELINE,
    STAGE,
    DEAL_LINE,
    DEAL_PERSON,
    DEAL_COMPETITOR,
    DEAL_STAGE,
    ENQUIRY,
    INTAKE,
    CAMPAIGN,
    CHANNEL_COST,
    QUEUE,
    QUEUE_MEMBER,
    AUTOMATION,
    FIRING,
    DEAL_TEMPLATE,
    ACTIVITY_LINK,
)
