"""What must happen when records of a given object are written: plain functions in one table.

A rule gets the batch and the staged record before it is checked, and the keys that were given; it
may stage further values. The order is the order written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from crm_desktop.services.batch import Batch, Staged
from crm_desktop.services.rules.activity import complete_activity
from crm_desktop.services.rules.attachment import complete_attachment
from crm_desktop.services.rules.channel import complete_channel
from crm_desktop.services.rules.person import complete_person

Rule = Callable[[Batch, Staged, Collection[str]], None]

RULES: dict[str, tuple[Rule, ...]] = {
    "activity": (complete_activity,),
    "attachment": (complete_attachment,),
    "channel": (complete_channel,),
    "person": (complete_person,),
}
