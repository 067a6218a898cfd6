"""Telephones, e-mail and web addresses."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.models.text import contacts, phones
from crm_desktop.models.validation.verdict import LONGEST, Asked, Verdict, right, wrong

USUAL_COUNTRY = "RU"


def phone(text: str, asked: Asked) -> Verdict:
    """A telephone number by the plans of numbering in libphonenumber; kept as E.164."""
    given = text[:LONGEST].strip()
    if not given:
        return wrong(_("Nothing is given"))
    country = asked.country.strip().upper() or USUAL_COUNTRY
    found = phones.parse_phone(given, country)
    if found is not None:
        return right(found.stored)
    count = sum(map(str.isdigit, given))
    if count < 5:
        return wrong(_("A telephone number has more digits"))
    return wrong(
        _("No telephone number of {country} looks like this: {count} digits").format(
            country=_country_of(given, country), count=count
        )
    )


def _country_of(text: str, country: str) -> str:
    return _("the world") if text.startswith("+") else country


def email(text: str, _asked: Asked) -> Verdict:
    """An e-mail address (RFC 5321); the domain in small letters."""
    given = text.strip()
    if not given:
        return wrong(_("Nothing is given"))
    found = contacts.normalise_email(given)
    if found is not None:
        return right(found)
    if "@" not in given:
        return wrong(_("The sign @ is missing"))
    domain = given.rpartition("@")[2].strip(" >")
    if not contacts.is_domain(domain.lower()):
        return wrong(_("There is no such domain as “{domain}”").format(domain=domain[:60]))
    return wrong(_("What stands before the sign @ cannot be part of an address"))


def url(text: str, _asked: Asked) -> Verdict:
    """A web address (http or https); https is added where nothing was typed."""
    given = text.strip()
    if not given:
        return wrong(_("Nothing is given"))
    found = contacts.normalise_url(given)
    return right(found) if found else wrong(_("This is not an address of a web page"))
