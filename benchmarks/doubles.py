"""Clients with known duplicates, and clients that only look like duplicates; a fixed seed.

Nothing here knows how the program compares: the spellings, the letters for letters and the
mistakes are this module's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

Client = dict[str, str]

STARTS = """
Север Юг Восток Запад Волга Урал Сибирь Нева Дон Кама Байкал Алтай Мир Союз Прогресс Энерго Пром
Строй Агро Авто Мед Фарм Тех Электро Метал Лес Мебель Тепло Водо Газ Нефте Транс Спец Гранд
Альфа Бета Омега Вектор Гамма Дельта Орион Сириус Титан Феникс Меридиан Горизонт Эталон Стандарт
Импульс Ритм Арсенал Бастион Виктория Глория Диалог Евро Жемчуг Заря Искра Кристалл Лидер Маяк
Надежда Олимп Парус Радуга Салют Трион Ува Факел Хорс Центр Чайка Шанс Щит Эверест Юпитер Янтарь
""".split()
ENDS = """
строй сервис торг пром маш снаб комплект монтаж проект инвест лизинг логистик транс дизайн
мебель пласт хим свет окна двери фуд маркет текс тара пак принт медиа софт лаб мед фарм дент
авто шина диск кабель насос кран лифт бетон кирпич лес стекло сталь металл ойл газ энерго тепло
вент климат клин сад агро корм зерно молоко мясо рыба хлеб
""".split()
TAILS = ["", "", "", "", "", "-М", " Плюс", " Групп", " Регион", " ДВ", " Про", " 21"]
MIDDLES = "ап ер ил он ум ас ек ит ор ув ан ел ин ос ур ат ем из об уд".split()
ENGLISH = """
Amber Atlas Beacon Birch Bright Canyon Cedar Cobalt Coral Delta Eagle Ember Falcon Forge Granite
Harbor Heron Indigo Jasper Juniper Keystone Lantern Maple Meadow Mercury Nimbus Oak Onyx Orchid
Pioneer Quartz Raven Redwood River Saffron Sierra Silver Sparrow Summit Tiger Vertex Willow
Zenith
""".split()
TRADES = """
Systems Partners Foods Textiles Tools Motors Press Pharma Lighting Logistics Plastics Bakery
Furniture Software Consulting Builders Dental Energy Steel Glass Paper Optics Studio Farms
Marine
""".split()
CITIES = """
Москва Казань Омск Тверь Пермь Самара Уфа Тула Курск Псков Рязань Калуга Орёл Брянск Томск Чита
Сочи Воронеж Саратов Пенза Ижевск Барнаул Иркутск Хабаровск Владивосток Ярославль Вологда Киров
Сургут Тюмень Челябинск Екатеринбург Новосибирск Красноярск Мурманск Архангельск Смоленск Липецк
Тамбов Белгород
""".split()
TOWNS = """
London Leeds Bristol Boston Denver Austin Chicago
Seattle Dublin Berlin Munich Vienna Zurich
""".split()
FAMILIES = """
Иванов Петров Сидоров Кузнецов Смирнов Попов Васильев Соколов Михайлов Новиков Фёдоров Морозов
Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров
Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин
Фролов Александров Щербаков Жуков Цветков Чернов Хохлов Шубин Юдин Ященко Гаврилов Ефимов
Тихонов Мельников Денисов
""".split()
MEN = """
Иван Пётр Сергей Алексей Дмитрий Андрей Михаил Николай
Юрий Евгений Виктор Олег Игорь Павел
""".split()
WOMEN = """
Анна Мария Елена Ольга Наталья Татьяна Ирина Светлана Юлия Екатерина Галина Людмила
""".split()

FATHERS = """
Иванов Петров Сергеев Алексеев Дмитриев Андреев Михайлов Николаев Юрьев Евгеньев Викторов
""".split()
FORMS = ["ООО", "ООО", "ООО", "ООО", "АО", "ЗАО", "ПАО"]
LATIN_FORMS = {
    "ООО": ["LLC", "OOO", "Ltd"],
    "АО": ["JSC", "AO"],
    "ЗАО": ["ZAO", "CJSC"],
    "ПАО": ["PJSC"],
    "ИП": ["IP"],
    "Ltd": ["Limited", "LTD."],
    "Inc": ["Inc."],
    "LLC": ["L.L.C."],
    "": [""],
}
LONG_FORMS = {
    "ООО": "Общество с ограниченной ответственностью",
    "АО": "Акционерное общество",
    "ЗАО": "Закрытое акционерное общество",
    "ПАО": "Публичное акционерное общество",
    "ИП": "Индивидуальный предприниматель",
    "LLC": "Limited Liability Company",
}
GOST = dict(
    zip(
        "абвгдеёзийклмнопрстуфхцчшщъыьэ",
        "a b v g d e e z i j k l m n o p r s t u f h c ch sh shh  y  e".split(" "),
        strict=False,
    )
) | {"ж": "zh", "ю": "yu", "я": "ya"}
PASSPORT = GOST | {
    "х": "kh",
    "ц": "ts",
    "щ": "shch",
    "й": "i",
    "ю": "iu",
    "я": "ia",
    "ы": "y",
    "ъ": "ie",
}
USUAL = GOST | {"х": "kh", "ц": "ts", "щ": "sch", "й": "y", "ё": "yo"}
FREE = ["mail.ru", "yandex.ru", "gmail.com", "bk.ru"]
NEAR_KEYS = dict(zip("йцукенгшщзфывапролдячсмитьбю", "цйкуенгшщзывапролджчсмитьбюэ", strict=False))


def latin(text: str, table: dict[str, str]) -> str:
    """Letters for letters, capitals kept."""
    found = []
    for sign in text:
        other = table.get(sign.lower(), sign)
        found.append(other.capitalize() if sign.isupper() and other != sign else other)
    return "".join(found)


def inn(chance: Random, length: int = 10) -> str:
    """A number of a taxpayer with right check digits (order MM-3-06/435, annex 7)."""
    digits = [chance.randint(1, 9), *(chance.randint(0, 9) for _n in range(length - 2))]

    def check(weights: tuple[int, ...]) -> int:
        return sum(w * d for w, d in zip(weights, digits, strict=False)) % 11 % 10

    if length == 10:
        return "".join(map(str, [*digits, check((2, 4, 10, 3, 5, 9, 4, 6, 8))]))
    digits = digits[:10]
    digits.append(check((7, 2, 4, 10, 3, 5, 9, 4, 6, 8)))
    digits.append(check((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)))
    return "".join(map(str, digits))


def phone(chance: Random) -> str:
    """A number of Russia as the program keeps it."""
    return (
        f"+7{chance.choice(['9', '495', '812', '383', '343'])}{chance.randint(0, 10**9 - 1):09d}"[
            :12
        ]
    )


# --- those who exist ------------------------------------------------------------------------------


def russian_firm(chance: Random) -> Client:
    """A firm of a made-up name."""
    start = chance.choice(STARTS)
    if chance.random() < 0.5:
        start = start[: chance.randint(2, 4)] + chance.choice(MIDDLES) + chance.choice(MIDDLES)
    name = start + chance.choice(ENDS) + chance.choice(TAILS)
    if chance.random() < 0.25:
        name = f"{start} {chance.choice(ENDS).capitalize()}{chance.choice(MIDDLES)}"
    host = latin(name, USUAL).lower().replace(" ", "-") + f"{chance.randint(1, 999)}.ru"
    free = f"{latin(start, USUAL).lower()}{chance.randint(10, 9999)}@{chance.choice(FREE)}"
    return {
        "form": chance.choice(FORMS), "name": name, "tax_id": inn(chance), "phone": phone(chance),
        "email": chance.choice([f"info@{host}", f"office@{host}", free]),
        "city": chance.choice(CITIES),
    }  # fmt: skip


def english_firm(chance: Random) -> Client:
    """A firm with an English name."""
    name = f"{chance.choice(ENGLISH)} {chance.choice(ENGLISH)} {chance.choice(TRADES)}"
    host = name.lower().replace(" ", "") + f"{chance.randint(1, 999)}.com"
    return {
        "form": chance.choice(["Ltd", "LLC", "Inc"]), "name": name, "tax_id": "",
        "phone": f"+44{chance.randint(2 * 10**9, 10**10 - 1)}", "email": f"sales@{host}",
        "city": chance.choice(TOWNS),
    }  # fmt: skip


def person(chance: Random) -> Client:
    """A private person or a sole trader."""
    woman = chance.random() < 0.5
    family = chance.choice(FAMILIES)
    if chance.random() < 0.6:
        family = family[:-2] + chance.choice(["енков", "ушкин", "юхин", "анов", "ейкин"])
    first = chance.choice(WOMEN if woman else MEN)
    father = chance.choice(FATHERS) + ("на" if woman else "ич")
    name = f"{family}{'а' if woman and family[-1] in 'вн' else ''} {first} {father}"
    mail = f"{latin(family, USUAL).lower()}{chance.randint(10, 9999)}@{chance.choice(FREE)}"
    trader = chance.random() < 0.4
    return {
        "form": "ИП" if trader else "", "name": name, "tax_id": inn(chance, 12) if trader else "",
        "phone": phone(chance), "email": mail, "city": chance.choice(CITIES),
    }  # fmt: skip


def written(client: Client) -> Client:
    """As it stands in the base: the legal form before the name."""
    row = dict(client)
    form, name = row.pop("form"), row["name"]
    english = form in ("Ltd", "LLC", "Inc")
    row["name"] = f"{name} {form}" if english else f"{form} {name}".strip()
    return row


# --- the same again -------------------------------------------------------------------------------


def typo(chance: Random, text: str) -> str:
    """One letter wrong, missing, doubled, or swapped with the next."""
    at = chance.randrange(1, max(2, len(text) - 1))
    kind = chance.choice("wmds")
    if kind == "w":
        return text[:at] + NEAR_KEYS.get(text[at].lower(), "e") + text[at + 1 :]
    if kind == "m":
        return text[:at] + text[at + 1 :]
    if kind == "d":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def swapped(chance: Random, number: str) -> str:
    """Two neighbouring digits swapped, or one wrong."""
    at = chance.randrange(3, max(4, len(number) - 1))
    if chance.random() < 0.6:
        return number[:at] + number[at : at + 2][::-1] + number[at + 2 :]
    return number[:at] + str((int(number[at]) + chance.randint(1, 9)) % 10) + number[at + 1 :]


def _other_form(chance: Random, row: Client, form: str, name: str) -> None:
    kind = chance.randrange(5)
    if kind == 0:
        row["name"] = name
    elif kind == 1:
        row["name"] = f"{name}, {form}" if form else name
    elif kind == 2:
        row["name"] = f"{form} «{name}»".strip()
    elif kind == 3:
        row["name"] = f'{LONG_FORMS.get(form, form)} "{name}"'.strip()
    else:
        row["name"] = f"{name.upper()} {form}".strip()


def _latin_name(chance: Random, row: Client, form: str, name: str) -> None:
    other = latin(name, chance.choice([GOST, PASSPORT, USUAL]))
    row["name"] = f"{other} {chance.choice(LATIN_FORMS.get(form, ['']))}".strip()


def _typo_in_name(chance: Random, row: Client, form: str, name: str) -> None:
    row["name"] = f"{form} {typo(chance, name)}".strip()


def _wrong_phone(chance: Random, row: Client, _form: str, _name: str) -> None:
    row["phone"] = swapped(chance, row["phone"])


def _other_email(chance: Random, row: Client, _form: str, _name: str) -> None:
    row["email"] = typo(chance, row["email"]) if chance.random() < 0.5 else ""


def _words(chance: Random, row: Client, form: str, name: str) -> None:
    """Other order of the words, or a person's initials, or no patronymic."""
    parts = name.split()
    if len(parts) == 3 and form in ("", "ИП"):
        row["name"] = chance.choice([
            f"{parts[0]} {parts[1][0]}.{parts[2][0]}.", f"{parts[0]} {parts[1]}",
            f"{parts[1]} {parts[2]} {parts[0]}",
        ])  # fmt: skip
    elif len(parts) > 1:
        row["name"] = " ".join(reversed(parts))


def _wrong_tax(chance: Random, row: Client, _form: str, _name: str) -> None:
    if row["tax_id"]:
        row["tax_id"] = swapped(chance, row["tax_id"])


CHANGES: list[Callable[[Random, Client, str, str], None]] = [
    _other_form, _other_form, _latin_name, _typo_in_name, _typo_in_name, _wrong_phone, _other_email,
    _words, _wrong_tax,
]  # fmt: skip


def again(chance: Random, client: Client) -> Client:
    """The client as somebody else has entered it: other spellings, mistakes, missing fields."""
    row = written(client)
    for change in chance.sample(CHANGES, chance.randint(1, 2)):
        change(chance, row, client["form"], client["name"])
    if not any(row[key] == written(client)[key] for key in ("phone", "email", "tax_id")):
        row["phone"] = client["phone"]
    sure = chance.choice([key for key in ("phone", "email", "tax_id", "city") if client[key]])
    for key in ("phone", "email", "tax_id", "city"):
        if key != sure and chance.random() < 0.3:
            row[key] = ""
    row[sure] = client[sure]
    return row


# --- those who only look like it ------------------------------------------------------------------


def branch(chance: Random, client: Client) -> Client:
    """The branch in another city: the name, its own telephone, the domain of the firm."""
    city = chance.choice([c for c in CITIES if c != client["city"]])
    host = client["email"].partition("@")[2]
    mail = f"{latin(city, USUAL).lower()}@{host}" if host not in FREE else ""
    other = {**client, "city": city, "phone": phone(chance), "email": mail}
    other["tax_id"] = chance.choice(["", inn(chance)])
    return written(other)


def namesake(chance: Random, client: Client) -> Client:
    """Somebody else of the same name."""
    fresh = person(chance) if len(client["name"].split()) == 3 else russian_firm(chance)
    same_town = chance.random() < 0.3
    tax = inn(chance, len(client["tax_id"]) or 10) if client["tax_id"] else ""
    city = client["city"] if same_town else fresh["city"]
    return written(
        {**fresh, "form": client["form"], "name": client["name"], "tax_id": tax, "city": city}
    )


def neighbour(chance: Random, client: Client) -> Client:
    """Another firm behind the same switchboard."""
    return written({**russian_firm(chance), "phone": client["phone"], "city": client["city"]})


def relative(chance: Random, client: Client) -> Client:
    """Another member of the family at the same telephone."""
    other = person(chance)
    family, *_rest = client["name"].split()
    _own, first, father = other["name"].split()
    name = f"{family} {first} {father}"
    if first == client["name"].split()[-2 if len(client["name"].split()) > 2 else -1]:
        name = f"{family} Зинаида {father}"
    return written(
        {
            **other,
            "form": "",
            "tax_id": "",
            "name": name,
            "phone": client["phone"],
            "city": client["city"],
        }
    )


def sister(chance: Random, client: Client) -> Client:
    """Another firm of a group: nearly the name, its own numbers."""
    other = russian_firm(chance)
    name = client["name"] + chance.choice([" 2", " Сервис", " Трейд", " Юг", "-Инвест"])
    return written({**other, "name": name, "city": client["city"]})


def clients(amount: int, seed: int = 20240917) -> Iterator[tuple[int, Client]]:
    """`amount` clients in a mixed order, each with the number of the one it really is."""
    chance = Random(seed)
    rows: list[tuple[int, Client]] = []
    who = 0
    while len(rows) < amount:
        who += 1
        kind = chance.random()
        client = (russian_firm if kind < 0.6 else english_firm if kind < 0.75 else person)(chance)
        rows.append((who, written(client)))
        luck = chance.random()
        if luck < 0.12:
            rows += [(who, again(chance, client)) for _n in range(chance.choice([1, 1, 1, 2]))]
        elif luck < 0.24:
            who += 1
            lookalike = chance.choice([branch, namesake, neighbour, sister])
            if len(client["name"].split()) == 3 and client["form"] in ("", "ИП"):
                lookalike = chance.choice([namesake, relative])
            rows.append((who, lookalike(chance, client)))
        elif luck < 0.243:  # a business centre with one switchboard
            for _n in range(chance.randint(5, 25)):
                who += 1
                rows.append((who, neighbour(chance, client)))
    del rows[amount:]
    chance.shuffle(rows)
    yield from rows
