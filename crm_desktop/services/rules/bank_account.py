"""An account suits its bank: the key by the BIK, the number from the IBAN, the currency."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.validation.kinds import verdict
from crm_desktop.models.validation.verdict import Asked
from crm_desktop.services.batch import Batch, Staged

# Signs 6 to 8 of an account, by the classifier of currencies OK 014-2000; 810 is still written.
_CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY", "933": "BYN",
               "398": "KZT", "051": "AMD", "944": "AZN", "981": "GEL", "417": "KGS", "860": "UZS",
               "949": "TRY", "784": "AED", "356": "INR", "826": "GBP", "756": "CHF",
               "392": "JPY"}  # fmt: skip
_RUSSIAN_LENGTH = 20


def check_bank_account(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Completes the account, then refuses one whose key does not suit the BIK."""
    values = staged.after
    if values is None:
        return
    if not values.get("account") and values.get("iban"):
        values["account"] = values["iban"]
    account, bank = str(values.get("account") or ""), values.get("bik")
    if bank and account and {"account", "bik"} & set(given) and account != values.get("iban"):
        _check(staged, "account", "account", str(bank))
    if bank and values.get("correspondent") and {"correspondent", "bik"} & set(given):
        _check(staged, "correspondent", "correspondent", str(bank))
    if not values.get("currency") and account.isdigit() and len(account) == _RUSSIAN_LENGTH:
        values["currency"] = _CURRENCIES.get(account[5:8])


def _check(staged: Staged, key: str, kind: str, bank: str) -> None:
    said = verdict(kind, str((staged.after or {}).get(key)), Asked(bik=bank))
    if not said.valid:
        label = _(staged.entity.field(key).label)
        sentence = _("{field}: {reason}").format(field=label, reason=said.reason)
        raise InvalidInput(sentence, field=key)
