"""Currencies as people write them: ISO 4217 codes, signs, words and the digits after the point."""

from __future__ import annotations

SYMBOLS = {
    "RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "UAH": "₴", "BYN": "Br",
    "CNY": "¥", "TRY": "₺", "AMD": "֏", "GEL": "₾", "AZN": "₼", "INR": "₹", "PLN": "zł",
    "ILS": "₪", "KRW": "₩", "VND": "₫",
}  # fmt: skip

CODES = frozenset(
    """
    RUB USD EUR GBP KZT UAH BYN CNY TRY AMD GEL AZN INR PLN ILS KRW VND UZS KGS TJS TMT MDL CHF JPY
    CZK SEK NOK DKK AED RSD BGN RON HUF CAD AUD NZD SGD HKD THB MNT BRL MXN ZAR
    """.split()
)

# ISO 4217, minor unit 0; all the others here have two digits.
WITHOUT_MINOR = frozenset({"JPY", "KRW", "VND"})

# As `norm` writes them, without full stops.
WORDS = {
    "руб": "RUB", "рублей": "RUB", "рубля": "RUB", "рубль": "RUB", "р": "RUB", "rur": "RUB",
    "долл": "USD", "доллар": "USD", "доллара": "USD", "долларов": "USD", "us$": "USD",
    "евро": "EUR", "euro": "EUR", "тг": "KZT", "тенге": "KZT", "грн": "UAH", "гривен": "UAH",
    "юаней": "CNY", "юань": "CNY", "юаня": "CNY", "cny¥": "CNY", "бел руб": "BYN", "сум": "UZS",
    "драм": "AMD", "лари": "GEL", "манат": "AZN", "сом": "KGS", "лир": "TRY", "zl": "PLN",
}  # fmt: skip


def currency_of(word: str) -> str | None:
    """The ISO code of a sign, a code or a word in normal form (`norm`); None when unknown."""
    code = word.upper()
    return code if code in CODES else _BY_MARK.get(word.rstrip("."))


def minor_digits(code: str) -> int:
    """How many digits the currency has after the point."""
    return 0 if code in WITHOUT_MINOR else 2


_BY_MARK = {symbol.casefold(): code for code, symbol in SYMBOLS.items()} | WORDS
