"""The kinds of values that can be checked, by the names people give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from crm_desktop.i18n import N_
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.validation import abroad, bank, contacts, russian
from crm_desktop.models.validation.verdict import Asked, Verdict

Judge = Callable[[str, Asked], Verdict]


class Kind(NamedTuple):
    """A kind of value: `title` for people (marked), further `names`, and who judges."""

    key: str
    title: str
    judge: Judge
    names: tuple[str, ...] = ()


_ALL = (
    Kind("inn", N_("INN, Russian tax number"), russian.inn, ("инн",)),
    Kind("inn10", N_("INN of an organisation"), russian.inn_of_organisation),
    Kind("inn12", N_("INN of a person"), russian.inn_of_person),
    Kind("kpp", N_("KPP, code of tax registration"), russian.kpp, ("кпп",)),
    Kind("ogrn", N_("OGRN or OGRNIP, registration number"), russian.ogrn, ("огрн",)),
    Kind("ogrn13", N_("OGRN of an organisation"), russian.ogrn_of_organisation),
    Kind("ogrnip", N_("OGRNIP of a sole trader"), russian.ogrnip, ("огрнип",)),
    Kind("okpo", N_("OKPO, code of enterprises"), russian.okpo, ("окпо",)),
    Kind("snils", N_("SNILS, insurance number"), russian.snils, ("снилс",)),
    Kind("bik", N_("BIK, code of a Russian bank"), bank.bik, ("бик",)),
    Kind("account", N_("Account in a Russian bank; its key takes the BIK"), bank.account,
         ("settlement", "rs", "р/с", "счет", "расчетный счет")),
    Kind("correspondent", N_("Correspondent account; its key takes the BIK"), bank.correspondent,
         ("corr", "corr_account", "correspondent_account", "ks", "к/с", "корр. счет",
          "корреспондентский счет")),
    Kind("any_account", N_("Account in any bank"), bank.any_account),
    Kind("iban", N_("IBAN, international account number"), bank.iban),
    Kind("swift", N_("SWIFT code of a bank"), bank.swift, ("bic", "swift/bic")),
    Kind("eu_vat", N_("VAT number of the European Union"), abroad.eu_vat, ("eu vat", "eu-vat")),
    Kind("vat", N_("VAT number; --country names the country"), abroad.vat),
    Kind("tax_id", N_("Tax number; --country names the country"), abroad.tax_number,
         ("tax number", "tax-id", "foreign_tax_id")),
    Kind("unp", N_("UNP of Belarus"), abroad.numbers("by.unp"), ("унп", "унп (by)")),
    Kind("edrpou", N_("EDRPOU of Ukraine"), abroad.numbers("ua.edrpou"),
         ("єдрпоу", "єдрпоу (ua)", "едрпоу")),
    Kind("voen", N_("VOEN of Azerbaijan"), abroad.numbers("az.voen"), ("vöen", "vöen (az)")),
    Kind("regon", N_("REGON of Poland"), abroad.numbers("pl.regon"), ("regon (pl)",)),
    Kind("luhn", N_("Number with a check digit by Luhn"), abroad.numbers("luhn")),
    Kind("phone", N_("Telephone; --country for one without"), contacts.phone, ("телефон", "tel")),
    Kind("email", N_("E-mail address"), contacts.email, ("e-mail", "почта")),
    Kind("url", N_("Web address"), contacts.url, ("сайт", "web")),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}
"""Every kind by its key, in the order they are told to people."""


def find(name: str) -> Kind | None:
    """The kind a person means: its key or one of its further names, in any case."""
    wanted = norm(name)
    return next((kind for kind in _ALL if wanted in _names(kind)), None)


def _names(kind: Kind) -> frozenset[str]:
    return frozenset(norm(name) for name in (kind.key, *kind.names))


def verdict(kind: str, text: str, asked: Asked | None = None) -> Verdict:
    """What is to be said of a value of the kind (its key); KeyError for an unknown kind."""
    return KINDS[kind].judge(text, asked or Asked())
