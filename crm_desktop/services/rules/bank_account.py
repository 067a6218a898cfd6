"""An account suits its bank: the key by the BIK, the number from the IBAN, the currency."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.services.bank_keys import unsuited
from crm_desktop.services.writing.batch import Batch, Staged

# Signs 6 to 8 of an account, by the classifier of currencies OK 014-2000; 810 is still written.
_CURRENCIES = {"810": "rub", "643": "rub", "840": "usd", "978": "eur", "156": "cny", "933": "byn",
               "398": "kzt", "051": "amd", "944": "azn", "981": "gel", "417": "kgs", "860": "uzs",
               "949": "try", "784": "aed", "356": "inr", "826": "gbp", "756": "chf",
               "392": "jpy"}  # fmt: skip
_RUSSIAN_LENGTH = 20


def check_bank_account(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Completes the account, then refuses one whose key does not suit the BIK."""
    values = staged.after
    if values is None:
        return
    if not values.get("account") and values.get("iban"):
        values["account"] = values["iban"]
    for key, sentence in unsuited(staged.entity, values).items():
        if {key, "bik"} & set(given):
            raise InvalidInput(sentence, field=key)
    account = str(values.get("account") or "")
    if not values.get("currency") and account.isdigit() and len(account) == _RUSSIAN_LENGTH:
        values["currency"] = _CURRENCIES.get(account[5:8])
