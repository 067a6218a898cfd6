"""The Russian demo company itself: who works there, what its lists and books are called."""

from __future__ import annotations

from crm_desktop.services.demo.country import Colleague, Job, View

OFFICE = (
    Colleague(False, "Генеральный директор", "Руководство", "office"),
    Colleague(True, "Руководитель отдела продаж", "Отдел продаж", "sales"),
    Colleague(False, "Менеджер по продажам", "Отдел продаж", "sales"),
    Colleague(True, "Менеджер по продажам", "Отдел продаж", "sales"),
    Colleague(True, "Менеджер по работе с ключевыми клиентами", "Отдел продаж", "sales"),
    Colleague(False, "Менеджер по продажам", "Отдел продаж", "sales", gone=True),
    Colleague(False, "Инженер-замерщик", "Замеры и проекты", "measure"),
    Colleague(True, "Инженер-проектировщик", "Замеры и проекты", "measure"),
    Colleague(False, "Бригадир монтажников", "Монтаж", "install"),
    Colleague(False, "Мастер по гарантии", "Сервис", "service"),
    Colleague(True, "Главный бухгалтер", "Бухгалтерия", "office"),
)
DECIDES, INFLUENCES = "Принимает решение", "Влияет на решение"
SIGNS, CONTACT, ACCOUNTANT = "Подписывает", "Контактное лицо", "Бухгалтер"
JOBS = (
    Job(18, "Директор", DECIDES),
    Job(10, "Генеральный директор", SIGNS),
    Job(10, "Коммерческий директор", DECIDES),
    Job(9, "Главный инженер", INFLUENCES),
    Job(12, "Менеджер по закупкам", CONTACT),
    Job(8, "Начальник отдела снабжения", DECIDES),
    Job(8, "Прораб", INFLUENCES),
    Job(7, "Заместитель директора по АХЧ", DECIDES),
    Job(7, "Бухгалтер", ACCOUNTANT),
    Job(5, "Главный бухгалтер", ACCOUNTANT),
    Job(5, "Администратор", CONTACT),
    Job(5, "Офис-менеджер", CONTACT),
    Job(4, "Архитектор", INFLUENCES),
    Job(4, "Дизайнер интерьеров", INFLUENCES),
    Job(3, "Юрист", INFLUENCES),
    Job(3, "Специалист по снабжению", CONTACT),
    Job(3, "Руководитель проекта", DECIDES),
)
OWNER = Job(1, "Предприниматель", DECIDES)
PURPOSES = {"work": "рабочий", "mobile": "мобильный", "office": "офис", "home": "домашний"}
BOOKS = {
    "call_result": {
        "talked": "Поговорили", "silent": "Не ответили", "later": "Просили перезвонить",
    },
    "client_status": {
        "new": "Новый", "talks": "Переговоры", "active": "Активный", "sleeping": "Спящий",
        "lost": "Потерян",
    },
    "segment": {
        "key": "Ключевой", "regular": "Постоянный", "small": "Мелкий", "partner": "Партнёр",
    },
    "source": {
        "site": "Сайт", "friends": "Рекомендация", "call": "Входящий звонок",
        "exhibition": "Выставка", "advert": "Реклама", "cold": "Холодный звонок",
    },
}  # fmt: skip
VIEWS = (
    View("В переговорах", "client", {"status": ["Переговоры"]}, "-updated_at", pinned=True),
    View("Новые за неделю", "client",
         [{"field": "created_at", "op": "period", "value": "last_7_days"}], "-created_at",
         pinned=True),
    View("Ключевые, Москва", "client", {"segment": ["Ключевой"], "city": "Москва"}, "name",
         pinned=True),
    View("По менеджерам", "client", [],
         columns=("name", "status", "city", "revenue", "count(activity.about)",
                  "last(activity.about).moment"),
         groups=("responsible", "status"), pinned=True,
         marks=({"where": {"field": "revenue", "op": "ge", "value": 50_000_000}, "tone": "ok"},
                {"where": {"field": "count(activity.about)", "op": "eq", "value": 0},
                 "tone": "warn"})),
    View("Вернуть спящих", "client",
         {"status": ["Спящий"], "segment": ["Ключевой", "Постоянный"]}, "updated_at"),
    View("Без ответственного", "client", [{"field": "responsible", "op": "empty"}], "-created_at"),
    View("Принимают решения", "person",
         [{"field": "job_title", "op": "contains", "value": "директор"}], "name"),
    View("Скоро день рождения", "person",
         [{"field": "birthday", "op": "comes", "value": 14}], "name", pinned=True),
    View("Без телефона", "person", [{"field": "phone", "op": "empty"}], "name"),
    View("Звонки за неделю", "activity",
         [{"field": "kind", "op": "eq", "value": "call"},
          {"field": "moment", "op": "period", "value": "last_7_days"}], "-moment",
         pinned=True),
    View("Встречи за месяц", "activity",
         [{"field": "kind", "op": "eq", "value": "meeting"},
          {"field": "moment", "op": "period", "value": "last_30_days"}], "-moment"),
)  # fmt: skip
