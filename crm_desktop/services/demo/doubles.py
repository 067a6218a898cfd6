"""Some clients of the demo company were entered twice, by somebody who did not look first."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.writing.staging import Create

ONE_OF = 200
"""One client of so many is there twice."""
SEED = 77


def doubles(stage: Stage, clients: Sequence[Client], amount: int) -> list[Client]:
    """The second records of some clients: another spelling, a wrong digit, less known."""
    chance = Random(SEED)
    known = [c for c in clients if c.values.get("phone") and c.age > 3]
    chosen = chance.sample(known, min(amount, len(known)))
    return [_double(stage, chance, client, number) for number, client in enumerate(chosen)]


def _double(stage: Stage, chance: Random, client: Client, number: int) -> Client:
    values = client.values
    again = {key: values[key] for key in ("kind", "city", "region", "email") if values.get(key)}
    again["name"] = _spelling(chance, str(values["name"]), number)
    again["phone"] = str(values["phone"])
    if number % 3 == 2 and again.get("email"):
        again["phone"] = _wrong(chance, again["phone"])
    again["status"] = stage.book("client_status", "new")
    again["source"] = stage.book("source", "call")
    id_ = stage.new_id()
    return Client(
        id_, chance.uniform(0.5, min(client.age, 40.0)), "new", client.segment, client.street,
        client.responsible, again, [Create("client", again, id=id_)], client.spoken,
    )  # fmt: skip


def _spelling(chance: Random, name: str, number: int) -> str:
    """The name without quotes, as somebody in a hurry enters it, or with two letters swapped."""
    plain = "".join(sign for sign in name if sign not in '«»“”"')
    ways = number % 3
    if ways == 1 and not name.isascii():
        return _in_a_hurry(plain)
    if ways == 2:
        longest = max(plain.split(), key=len)
        at = chance.randrange(1, max(2, len(longest) - 2))
        typed = longest[:at] + longest[at : at + 2][::-1] + longest[at + 2 :]
        return plain.replace(longest, typed, 1)
    return plain


def _in_a_hurry(name: str) -> str:
    """The legal form behind the name; of a person the family name and initials."""
    first, *rest = name.split()
    if first.isupper():
        return f"{' '.join(rest)}, {first}"
    return " ".join([first, *(f"{word[0]}." for word in rest)])


def _wrong(chance: Random, phone: str) -> str:
    at = chance.randrange(len(phone) - 4, len(phone) - 1)
    return phone[:at] + phone[at : at + 2][::-1] + phone[at + 2 :]
