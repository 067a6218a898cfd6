"""Generic code asks the catalogue: a list that knows "client" would not work for a new object."""

from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.catalogue.builtin import BUILTIN
from tests.architecture.source import Source, listed, source_of, sources

KEYS = {entity.key for entity in BUILTIN}
MAY_NAME = (
    "models/catalogue/builtin/*",
    "models/layouts/*",
    "models/text/*",  # words of languages; lies below the catalogue and cannot ask it
    "models/migrations/*",
    "services/rules/*",
    "services/demo*",
    "ui/features.py",
)
WHAT_TO_DO = "ask the catalogue for a trait or a link, or take the object as an argument"


def breaches(source: Source) -> Iterator[str]:
    for text in source.strings():
        if text.value in KEYS:
            yield f"{source.at(text)} names {text.value!r}"


def test_generic_code_names_no_object() -> None:
    generic = [source for source in sources() if not source.within(*MAY_NAME)]
    found = [breach for source in generic for breach in breaches(source)]

    assert not found, listed(found, WHAT_TO_DO)


def test_the_check_sees_a_breach() -> None:
    key = min(KEYS)

    assert list(breaches(source_of(f"if entity.key == {key!r}: pass")))
    assert not list(breaches(source_of(f'"""About {key}."""')))
