"""The reasons of a likelihood in words."""

from __future__ import annotations

from collections.abc import Iterable

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue import telling as s

_WORDS = {
    s.SAME_ID: N_("same tax or registration number"),
    s.NEAR_ID: N_("number differs in one digit"),
    s.SAME_PHONE: N_("same telephone"),
    s.NEAR_PHONE: N_("telephone differs in one digit"),
    s.SAME_EMAIL: N_("same e-mail"),
    s.NEAR_EMAIL: N_("e-mail differs in one letter"),
    s.SAME_DOMAIN: N_("same website or mail domain"),
    s.SAME_NAME: N_("same name"),
    s.OTHER_SPELLING: N_("name written otherwise"),
    s.LIKE_NAME: N_("similar name"),
    s.SAME_FURTHER: N_("same name"),
    s.OTHER_FURTHER: N_("name written otherwise"),
    s.LIKE_FURTHER: N_("similar name"),
    s.SAME_PLACE: N_("same town"),
    s.SAME_BORN: N_("same date of birth"),
    s.OTHER_ID: N_("but different numbers"),
    s.OTHER_PLACE: N_("but different towns"),
    s.OTHER_BORN: N_("but different dates of birth"),
}
_ORDER = {key: place for place, key in enumerate(_WORDS)}


def reasons_in_words(reasons: Iterable[str]) -> list[str]:
    """Each reason as a few words, what speaks for it first; unknown ones are left out."""
    known = sorted((r for r in reasons if r in _ORDER), key=_ORDER.__getitem__)
    return list(dict.fromkeys(_(_WORDS[reason]) for reason in known))
