"""Words of the demo company's deals and enquiries, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Ware(NamedTuple):
    """What is sold: name, unit, price in whole roubles or dollars."""

    name: str
    measure: str
    price: int


class SalesWords(NamedTuple):
    """All words of one language."""

    deals: Sequence[str]
    wares: Sequence[Ware]
    losses: Sequence[str]
    """Comments on losses."""
    rejections: Sequence[str]
    """Reasons of rejection as a new base has them."""
    reasons: Sequence[str]
    """Reasons of loss as a new base has them."""
    campaigns: Sequence[tuple[str, str]]
    """(name, source as the generator calls it)."""
    costs: Mapping[str, str]
    """What is paid every month, by source."""
    enquiries: Sequence[str]
    steps: Sequence[tuple[str, str]]
    """(kind, subject) of what is planned next."""
    queue: str
    rules: tuple[str, str]
    subjects: tuple[str, str]


RUSSIAN = SalesWords(
    deals=("Окна в квартиру", "Остекление балкона", "Окна для офиса", "Входная группа",
           "Замена окон в школе", "Витрина магазина", "Зимний сад", "Окна в загородный дом",
           "Перегородки в офис", "Фасад склада", "Окна, второй этаж", "Сервисное обслуживание"),
    wares=(Ware("Окно ПВХ 1400×1300", "шт", 18500), Ware("Окно ПВХ 2100×1400", "шт", 26900),
           Ware("Балконный блок", "шт", 31400), Ware("Подоконник", "шт", 2150),
           Ware("Отлив", "шт", 980), Ware("Дверь входная", "шт", 54200),
           Ware("Москитная сетка", "шт", 1450), Ware("Перегородка стеклянная", "м²", 12800),
           Ware("Монтаж", "шт", 4200), Ware("Доставка", "рейс", 3500)),
    losses=("Просили скидку 20 %", "Сделали у соседей", "Ремонт перенесли на год",
            "Не устроил срок изготовления", "Трижды не взяли трубку"),
    rejections=("Не наш профиль", "Спам или реклама", "Не удалось связаться",
                "Только узнавали цену"),
    reasons=("Дорого", "Выбрали конкурента", "Нет бюджета", "Не подошли сроки или условия",
             "Отложили", "Потребность отпала", "Перестали отвечать"),
    campaigns=(("Весна: скидка на балконы", "advert"), ("Контекстная реклама", "site"),
               ("Выставка «Строй-Экспо»", "exhibition"), ("Приведи соседа", "friends")),
    costs={"site": "Контекстная реклама", "advert": "Щиты и листовки"},
    enquiries=("Нужны два окна в спальню, дом панельный. Когда можно на замер?",
               "Сколько будет стоить остеклить балкон 6 метров?",
               "Пришлите, пожалуйста, коммерческое предложение на 14 окон.",
               "Продувает балконная дверь, нужен мастер.",
               "Интересует входная группа для магазина, срок до конца месяца.",
               "Делаете ли вы перегородки из закалённого стекла?"),
    steps=(("call", "Уточнить решение по смете"), ("call", "Согласовать дату монтажа"),
           ("task", "Подготовить договор"), ("meeting", "Показать образцы профиля"),
           ("task", "Пересчитать смету"), ("letter", "Отправить предложение")),
    queue="Входящие заявки",
    rules=("Перезвонить за 15 минут", "Проверить договор"),
    subjects=("Перезвонить: {client}", "Проверить договор: {client}"),
)  # fmt: skip
ENGLISH = SalesWords(
    deals=("Windows for a flat", "Balcony glazing", "Office windows", "Entrance group",
           "Windows for a school", "Shop front", "Winter garden", "Windows for a country house",
           "Office partitions", "Warehouse front", "Windows, second floor", "Service contract"),
    wares=(Ware("Window 1400×1300", "pcs", 420), Ware("Window 2100×1400", "pcs", 610),
           Ware("Balcony block", "pcs", 720), Ware("Sill", "pcs", 48), Ware("Flashing", "pcs", 22),
           Ware("Entrance door", "pcs", 1240), Ware("Fly screen", "pcs", 33),
           Ware("Glass partition", "m²", 290), Ware("Installation", "pcs", 95),
           Ware("Delivery", "trip", 80)),
    losses=("Asked for 20 % off", "Had it done next door", "Put off for a year",
            "Too long to make", "Did not pick up three times"),
    rejections=("Not what we do", "Spam or advertising", "Cannot be reached",
                "Only asked the price"),
    reasons=("Too expensive", "Chose a competitor", "No budget", "Terms did not suit", "Put off",
             "No longer needed", "Stopped answering"),
    campaigns=(("Spring: balconies", "advert"), ("Search advertising", "site"),
               ("Build Expo", "exhibition"), ("Bring a neighbour", "friends")),
    costs={"site": "Search advertising", "advert": "Posters and leaflets"},
    enquiries=("Two windows for a bedroom, please. When can you measure?",
               "How much is a balcony of 6 metres?",
               "Please send an offer for 14 windows.",
               "The balcony door lets the wind in, we need somebody.",
               "We need an entrance for a shop by the end of the month.",
               "Do you make partitions of toughened glass?"),
    steps=(("call", "Ask about the estimate"), ("call", "Agree on a day for the work"),
           ("task", "Prepare the contract"), ("meeting", "Show samples"),
           ("task", "Reckon the estimate anew"), ("letter", "Send the offer")),
    queue="Incoming enquiries",
    rules=("Call back within 15 minutes", "Check the contract"),
    subjects=("Call back: {client}", "Check the contract: {client}"),
)  # fmt: skip


def words_of(language: str) -> SalesWords:
    """The words of a language, English for one that is not known."""
    return RUSSIAN if language == "ru" else ENGLISH
