"""Leads and deals: pipelines with stages, what goes through them, and rules that follow.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import any_link, record_table, text, yes_no

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """New tables."""
    _pipelines()
    _deals()
    _what_belongs_to_deals()
    _leads()
    _enquiries()
    _campaigns()
    _queues()
    _rules()
    _recurring_deals()


def _pipelines() -> None:
    record_table(
        "pipeline",
        *text("name", 150),
        sa.Column("place_no", sa.BigInteger),
        sa.Column("chance_by", sa.String(30)),
        sa.Column("movers", sa.String(30)),
        sa.Column("unit", sa.BigInteger),
        sa.Column("assignment", sa.BigInteger),
        sa.Column("vat_rate", types.Scaled(2)),
        yes_no("vat_included"),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
    )
    record_table(
        "stage",
        *text("name", 150),
        sa.Column("pipeline", sa.BigInteger),
        sa.Column("place_no", sa.BigInteger),
        sa.Column("outcome", sa.String(30)),
        sa.Column("tone", sa.String(30)),
        sa.Column("probability", sa.BigInteger),
        sa.Column("stuck_days", sa.BigInteger),
        *text("to_enter", 1000),
        *text("to_leave", 1000),
        sa.Column("back_movers", sa.String(30)),
        sa.Column("skip_movers", sa.String(30)),
        yes_no("retired"),
    )


def _deals() -> None:
    record_table(
        "deal",
        *text("name", 200),
        sa.Column("client", sa.BigInteger),
        sa.Column("person", sa.BigInteger),
        sa.Column("pipeline", sa.BigInteger),
        sa.Column("stage", sa.BigInteger),
        sa.Column("amount", types.Money),
        yes_no("amount_by_hand"),
        sa.Column("currency", sa.String(30)),
        sa.Column("responsible", sa.BigInteger),
        sa.Column("expected", sa.Date),
        sa.Column("probability", sa.BigInteger),
        sa.Column("chance_by", sa.String(30)),
        sa.Column("source", sa.BigInteger),
        sa.Column("campaign", sa.BigInteger),
        sa.Column("loss_reason", sa.BigInteger),
        *text("loss_comment", 1000),
        *text("tags", 500),
        sa.Column("opened", types.UtcDateTime),
        sa.Column("closed", types.UtcDateTime),
        sa.Column("note", sa.String(1000)),
        sa.Column("state", sa.String(30)),
        sa.Column("stage_since", types.UtcDateTime),
        sa.Column("reached_stage", sa.BigInteger),
        sa.Column("from_lead", sa.BigInteger),
        sa.Column("made_by_template", sa.BigInteger),
        sa.Column("template_turn", sa.Date),
        sa.Column("last_contact", types.UtcDateTime),
        sa.Column("next_step_at", types.UtcDateTime),
        *text("next_step", 200),
    )


def _what_belongs_to_deals() -> None:
    record_table(
        "deal_line",
        sa.Column("place_no", sa.BigInteger),
        *text("name", 300),
        sa.Column("quantity", types.Scaled(3)),
        *text("measure", 30),
        sa.Column("price", types.Money),
        sa.Column("discount", types.Scaled(2)),
        sa.Column("vat_rate", types.Scaled(2)),
        yes_no("vat_included"),
        sa.Column("total", types.Money),
        sa.Column("vat", types.Money),
        sa.Column("deal", sa.BigInteger),
    )
    record_table(
        "deal_person",
        *text("name", 250),
        sa.Column("person", sa.BigInteger),
        sa.Column("role", sa.BigInteger),
        *text("note", 500),
        sa.Column("deal", sa.BigInteger),
    )
    record_table(
        "deal_competitor",
        *text("name", 250),
        sa.Column("competitor", sa.BigInteger),
        sa.Column("price", types.Money),
        yes_no("won"),
        *text("note", 1000),
        sa.Column("deal", sa.BigInteger),
    )
    record_table(
        "deal_stage",
        *text("name", 150),
        sa.Column("pipeline", sa.BigInteger),
        sa.Column("stage", sa.BigInteger),
        sa.Column("entered_at", types.UtcDateTime),
        sa.Column("left_at", types.UtcDateTime),
        sa.Column("working_minutes", sa.BigInteger),
        sa.Column("direction", sa.String(30)),
        sa.Column("responsible", sa.BigInteger),
        sa.Column("mover", sa.BigInteger),
        sa.Column("deal", sa.BigInteger),
    )


def _leads() -> None:
    record_table(
        "sales_lead",
        *text("name", 200),
        *text("company", 250),
        *text("phone", 60),
        *text("email", 254),
        sa.Column("state", sa.String(30)),
        sa.Column("channel", sa.String(30)),
        sa.Column("source", sa.BigInteger),
        sa.Column("campaign", sa.BigInteger),
        sa.Column("responsible", sa.BigInteger),
        sa.Column("received", types.UtcDateTime),
        sa.Column("lead_text", sa.String(1000)),
        *text("city", 120),
        *text("address", 500),
        sa.Column("region", sa.BigInteger),
        sa.Column("skill", sa.BigInteger),
        *text("tags", 500),
        sa.Column("reject_reason", sa.BigInteger),
        *text("reject_comment", 1000),
        sa.Column("taken_at", types.UtcDateTime),
        sa.Column("responded_at", types.UtcDateTime),
        sa.Column("response_minutes", sa.BigInteger),
        sa.Column("client", sa.BigInteger),
        sa.Column("person", sa.BigInteger),
        sa.Column("converted_at", types.UtcDateTime),
        sa.Column("last_contact", types.UtcDateTime),
        sa.Column("next_step_at", types.UtcDateTime),
        *text("next_step", 200),
    )


def _enquiries() -> None:
    record_table(
        "enquiry",
        *text("name", 250),
        sa.Column("received", types.UtcDateTime),
        sa.Column("channel", sa.String(30)),
        sa.Column("source", sa.BigInteger),
        sa.Column("campaign", sa.BigInteger),
        sa.Column("enquiry_text", sa.String(1000)),
        *text("origin", 300),
        *text("digest", 64),
        sa.Column("intake", sa.BigInteger),
        sa.Column("sales_lead", sa.BigInteger),
    )
    record_table(
        "intake",
        *text("name", 150),
        *text("folder_path", 500),
        sa.Column("channel", sa.String(30)),
        sa.Column("source", sa.BigInteger),
        sa.Column("campaign", sa.BigInteger),
        sa.Column("assignment", sa.BigInteger),
        sa.Column("pipeline", sa.BigInteger),
        sa.Column("note", sa.String(1000)),
        *text("machine", 150),
    )


def _campaigns() -> None:
    record_table(
        "campaign",
        *text("name", 200),
        sa.Column("state", sa.String(30)),
        sa.Column("source", sa.BigInteger),
        sa.Column("begins", sa.Date),
        sa.Column("ends", sa.Date),
        sa.Column("budget", types.Money),
        sa.Column("responsible", sa.BigInteger),
        sa.Column("note", sa.String(1000)),
    )
    record_table(
        "channel_cost",
        *text("name", 200),
        sa.Column("source", sa.BigInteger),
        sa.Column("campaign", sa.BigInteger),
        sa.Column("begins", sa.Date),
        sa.Column("ends", sa.Date),
        sa.Column("amount", types.Money),
        *text("note", 500),
    )


def _queues() -> None:
    record_table(
        "work_queue",
        *text("name", 150),
        sa.Column("way", sa.String(30)),
        sa.Column("head", sa.BigInteger),
        yes_no("retired"),
    )
    record_table(
        "queue_member",
        *text("name", 250),
        sa.Column("staff", sa.BigInteger),
        sa.Column("place_no", sa.BigInteger),
        sa.Column("skill", sa.BigInteger),
        sa.Column("region", sa.BigInteger),
        yes_no("pauses"),
        sa.Column("given_at", types.UtcDateTime),
        sa.Column("work_queue", sa.BigInteger),
    )


def _rules() -> None:
    record_table(
        "automation",
        *text("name", 200),
        sa.Column("on_event", sa.String(30)),
        sa.Column("pipeline", sa.BigInteger),
        sa.Column("stage", sa.BigInteger),
        *text("of_object", 40),
        *text("when_field", 40),
        *text("when_value", 100),
        sa.Column("where_query", sa.String(1000)),
        sa.Column("deed", sa.String(30)),
        sa.Column("kind", sa.String(30)),
        *text("subject", 200),
        sa.Column("body", sa.String(1000)),
        sa.Column("whom", sa.String(30)),
        sa.Column("staff", sa.BigInteger),
        *text("job_title", 150),
        sa.Column("assignment", sa.BigInteger),
        sa.Column("due_minutes", sa.BigInteger),
        sa.Column("remind_minutes", sa.BigInteger),
        *text("at_field", 40),
        sa.Column("length_minutes", sa.BigInteger),
        *text("place_field", 40),
        yes_no("escalates"),
        *text("set_field", 40),
        *text("set_value", 300),
        sa.Column("activity_set", sa.BigInteger),
        sa.Column("guard", sa.String(30)),
        sa.Column("place_no", sa.BigInteger),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
    )
    record_table(
        "rule_firing",
        *text("name", 300),
        sa.Column("fired_at", types.UtcDateTime),
        *any_link("about"),
        sa.Column("activity", sa.BigInteger),
        sa.Column("automation", sa.BigInteger),
    )


def _recurring_deals() -> None:
    record_table(
        "deal_template",
        *text("name", 200),
        sa.Column("sample_deal", sa.BigInteger),
        sa.Column("recurrence", sa.String(1000)),
        sa.Column("first_day", sa.Date),
        sa.Column("ahead_days", sa.BigInteger),
        sa.Column("close_days", sa.BigInteger),
        sa.Column("most_deals", sa.BigInteger),
        sa.Column("next_day", sa.Date),
        sa.Column("made_deals", sa.BigInteger),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
    )
