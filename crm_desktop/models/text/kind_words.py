"""Words at the beginning of a typed line that say what kind of activity is meant."""

from __future__ import annotations

from crm_desktop.models.text.normalise import norm

CALL = "call"
_CALLS = frozenset(
    """позвонить позвони звонок перезвонить перезвони созвониться созвон дозвониться обзвонить
    call phone ring telephone""".split()
)


def kind_meant(subject: str) -> str:
    """The key of the kind that the first word names; '' where it names none."""
    first = norm(subject).partition(" ")[0]
    return CALL if first.strip(".,:;!") in _CALLS else ""
