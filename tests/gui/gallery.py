"""Shows the widgets of the kit and saves pictures: `python tests/gui/gallery.py FOLDER [PAGE]`.

Set QT_SCALE_FACTOR to look at other scales. Pages are the functions named `page_...`.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.services.clock import Clock
from crm_desktop.ui import theme
from crm_desktop.ui.icons import icon
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.messages import crash_box, report_text
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.calendar import MonthPanel
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox, Segment, Switch
from crm_desktop.ui.widgets.command_palette import (
    CommandPalette,
    PaletteGroup,
    PaletteItem,
    PaletteTexts,
)
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit, SearchField, TextEdit
from crm_desktop.ui.widgets.labels import FigureTile, Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Avatar, Chip, KeyCap, Pill
from crm_desktop.ui.widgets.navigation import NavigationPanel, NavItem
from crm_desktop.ui.widgets.popover import Menu
from crm_desktop.ui.widgets.spin_box import SpinBox
from crm_desktop.ui.widgets.split_panel import SplitPanel
from crm_desktop.ui.widgets.strips import ProgressStrip, Skeleton, StripMessage
from crm_desktop.ui.widgets.table_view import TableView
from crm_desktop.ui.widgets.tabs import Tab, Tabs
from crm_desktop.ui.widgets.toasts import ToastStack


def page_basics() -> QWidget:
    page = Surface()
    bad = LineEdit("12", name="Bad")
    bad.set_bad(True)
    off = LineEdit("Нельзя править", name="Off")
    off.setEnabled(False)
    disabled = Button("Недоступно", "save")
    disabled.setEnabled(False)
    primary_off = Button("Создать", "add", "primary")
    primary_off.setEnabled(False)
    combo = ComboBox(name="Статус")
    combo.set_choices([("Активный", 1), ("Новый", 2), ("Переговоры", 3)], 2)
    switch = Switch("Напоминать")
    switch.setChecked(True)
    ticked = CheckBox("Показывать удалённые")
    ticked.setChecked(True)
    bell = ToolButton("bell", "Уведомления")
    bell.set_badge("3")
    pressed = ToolButton("filter", "Фильтр", checkable=True)
    pressed.setChecked(True)
    page.setLayout(
        column(
            row(Label("Клиенты", "page"), Label("12 486", "body", "text3"), None),
            row(
                Button("Импорт", "import"), Button("Новый клиент", "person-add"),
                Button("Создать", "add", "primary"), Button("Условие", "add", "ghost"),
                Button("Изменить", kind="link"), Button("Удалить", "delete", "danger"),
                disabled, primary_off, None,
            ),
            row(
                ToolButton("undo", "Отменить"), bell, ToolButton("help", "Справка"), pressed,
                ToolButton("back", "Назад", boxed=True), KeyCap("Ctrl K"), None,
            ),
            row(SearchField(name="Фильтр", icon="filter"), LineEdit("Анна", name="Имя"), bad, off),
            row(combo, Segment([("День", 1), ("Неделя", 2), ("3 недели", 3)], name="Вид"), None),
            row(switch, Switch("Звук"), ticked, CheckBox("Все"), None, gap=20),
            TextEdit("Первая строка\nВторая", name="Заметка"),
            row(
                Chip("Менеджер", "Зимина О."), Chip("Город", "Москва"),
                Pill("Активный", "ok"), Pill("Новый", "info"), Pill("Переговоры", "warn"),
                Pill("Должник", "bad"), Pill("Спящий"), Pill("VIP", "accent", dot=False), None,
            ),
            row(
                Avatar("Анна Белова"), Avatar("ООО «Вектор-Строй»", square=True),
                Avatar("Игорь Ершов", 26), Avatar("Acme LLC", 26, square=True),
                FigureTile("Выручка", "318 400 ₽"), FigureTile("Долг", "0 ₽"), None,
            ),
            Rule(),
            Label("Подпись мелким текстом · сегодня, 10:40", "small", "text3"),
            None,
            gap=14, margins=(24, 18, 24, 18),
        )
    )  # fmt: skip
    page.resize(980, 560)
    return page


_NAMES = [
    ("Анна Сергеевна Белова", "ok", "Активный", "", "VIP"),
    ("ООО «Вектор-Строй»", "warn", "Переговоры", "128 000 ₽", "Опт"),
    ("Игорь Павлович Ершов", "bad", "Должник", "46 300 ₽", ""),
    ("Марина Олеговна Гусева", "info", "Новый", "", "Сайт"),
    ("Екатерина Викторовна Щербакова-Новосельцева", "ok", "Активный", "3 200 ₽", ""),
    ("АО «Северный ветер»", "neutral", "Спящий", "", "Тендер"),
]
COLUMNS = (
    Column("name", "Клиент", 290), Column("phone", "Телефон", 158), Column("status", "Статус", 126),
    Column("owner", "Менеджер", 110), Column("seen", "Контакт", 124),
    Column("debt", "Долг", 92, right=True), Column("mail", "Почта", 180), Column("city", "Город"),
)  # fmt: skip


def sample_row(number: int) -> Row:
    name, tone, state, debt, tag = _NAMES[number % len(_NAMES)]
    shape = "square" if "«" in name else "round"
    return Row(
        number + 1,
        (
            Cell(name, "title", avatar=shape, tag=tag), Cell(f"+7 916 204-11-{number % 90 + 10}"),
            Cell(state, "pill", tone=tone), Cell("Зимина О.", "muted"), Cell("17 ноя", "date"),
            Cell(debt, "money", bad=tone == "bad"), Cell("anna@example.ru", "link"),
            Cell("Москва", "muted"),
        ),
    )  # fmt: skip


def sample_table(count: int = 12486) -> TableView:
    view = TableView(name="Клиенты")
    model = PagedTableModel(view)
    model.open(COLUMNS, count, [sample_row(i) for i in range(min(count, 256))])
    view.setModel(model)
    view.size_columns()
    return view


def page_table() -> QWidget:
    page = Surface()
    view = sample_table()
    view.go_to(0)
    view.set_hover_row(4)
    view.paged().ticks.add([1, 3, 8])
    view.head.set_sort([(4, True), (0, False)])
    waiting = TableView(name="Загрузка")
    model = PagedTableModel(waiting)
    model.open(COLUMNS, 500)
    model.late = True
    waiting.setModel(model)
    waiting.size_columns()
    waiting.setFixedHeight(200)
    page.setLayout(column(view, Rule(), waiting, gap=0))
    page.resize(1180, 760)
    return page


def page_feedback() -> QWidget:
    page = Surface()
    date = LineEdit("12", name="ИНН")
    inn = FieldBox("ИНН", date, required=True)
    inn.set_error("ИНН: не сходится контрольная цифра")
    name = FieldBox("Имя", LineEdit("Анна", name="Имя"), hint="Как обращаться в письмах")
    tabs = Tabs(name="Виды", add="Новый вид")
    tabs.set_tabs(
        (
            Tab("all", "Все"), Tab("mine", "Мои", "3 120"), Tab("talk", "В переговорах", "86"),
            Tab("debt", "Должники", "38", dot=True),
        ),
        "mine",
    )  # fmt: skip
    narrow = Tabs(name="Карточка")
    narrow.set_tabs(
        tuple(
            Tab(str(i), t, "12") for i, t in enumerate(("Обзор", "Лента", "Сделки", "Документы"))
        ),
        "3",
    )
    narrow.setFixedWidth(300)
    progress = ProgressStrip("Импорт клиентов", cancel="Остановить")
    progress.set_progress(42_000, 100_000, "4 800 строк в секунду, осталось 12 с")
    strip = StripMessage(
        "Копии базы нет уже 9 дней.", tone="warn", action="Сделать копию", close="Скрыть"
    )
    month = MonthPanel(dt.date(2026, 11, 20), name="День", before="Раньше", after="Позже")
    spin = SpinBox(name="Дней")
    spin.set_value(30)
    page.setLayout(
        column(
            strip, row(tabs), row(narrow, None),
            row(column(name, inn, spin, Skeleton(3), None), 20, month, None), None, progress,
            gap=14,
        )
    )  # fmt: skip
    page.resize(980, 640)
    stack = ToastStack(page, close_name="Закрыть")
    page.show()
    stack.show("Импорт остановлен, ничего не записано", tone="bad")
    stack.show("Запись перенесена на 12:37", undo=lambda: None, word="Отменить")
    return page


def page_window() -> QWidget:
    window = Surface()
    nav = NavigationPanel(name="Разделы")
    nav.set_items(
        [
            NavItem("home", "home", "Сегодня", "5"),
            NavItem("c", "entity-client", "Клиенты"),
            NavItem("p", "entity-person", "Люди"),
            NavItem("a", "entity-activity", "События", "7"),
            NavItem("o", "object-car", "Автомобили"),
            NavItem("v1", "warning", "Должники", "38", "Сохранённые виды"),
            NavItem("v2", "phone", "Нет звонка 30 дней", "214", "Сохранённые виды"),
        ]
    )
    nav.set_current("c")
    nav.set_base("Студия «Лотос»", "Основная база")
    nav.set_state("database-ok", "Копия сегодня в 09:12", "ok")
    nav.set_user("Ольга Зимина", "Руководитель", settings_tip="Настройки")
    small = NavigationPanel(name="Разделы")
    small.set_items([NavItem("c", "entity-client", "Клиенты"), NavItem("a", "home", "Дом", "3")])
    small.set_current("c")
    small.set_base("Студия «Лотос»", "Основная база")
    small.set_user("Ольга Зимина", settings_tip="Настройки")
    small.set_collapsed(True)
    empty = EmptyState()
    empty.set_texts(
        "entity-client", "Здесь появятся ваши клиенты",
        "Перенесите базу из Excel за пару минут или заведите первого клиента вручную.",
    )  # fmt: skip
    empty.set_actions(("Загрузить из Excel", "import"), ("Новый клиент", "person-add"))
    split = SplitPanel(grip_name="Граница")
    split.set_main(empty)
    side = Surface("surface", "l")
    side.setLayout(column(row(Avatar("Анна Белова", 48), Label("Анна Белова", "title"), None), None,
                          margins=(20, 20, 20, 20)))  # fmt: skip
    split.set_side(side)
    split.set_side_shown(True)
    window.setLayout(row(nav, small, split, gap=0))
    window.resize(1400, 760)
    return window


def page_palette() -> QWidget:
    window = page_window()
    palette = CommandPalette(window, name="Поиск")
    palette.set_texts(
        PaletteTexts(
            "Найти клиента или команду", "Ничего не нашлось", "Enter — открыть",
            ("↑ ↓ выбрать", "Enter открыть", "Ctrl Enter в новой вкладке", "> команды"),
        )
    )  # fmt: skip
    window.show()
    palette.open("бел")
    palette.set_results(
        [
            PaletteGroup("Клиенты", [
                PaletteItem("1", "person", "Белова Анна Сергеевна", "+7 916 204-11-83"),
                PaletteItem("2", "person", "Белов Константин Игоревич", "Должник · 12 300 ₽"),
            ]),
            PaletteGroup("Команды", [
                PaletteItem("3", "person-add", "Новый клиент «бел»", "", "Ctrl N"),
                PaletteItem("4", "calendar-add", "Записать на приём…", "", "Ctrl Shift N"),
            ]),
        ]
    )  # fmt: skip
    return window


def page_dialog() -> QWidget:
    dialog = Dialog("Удалить 214 клиентов?", Label(
        "Их люди и события останутся. Вернуть клиентов можно будет из списка операций.", wrap=True
    ))  # fmt: skip
    dialog.add_button("Оставить").setFocus()
    dialog.add_button("Удалить 214 клиентов", kind="danger")
    dialog.adjustSize()
    return dialog


def page_crash() -> QWidget:
    try:
        raise ValueError("unexpected row")
    except ValueError as error:
        text = report_text("Импорт clients.xlsx", error, Clock())
    box = crash_box(None, text, Path("reports/crash-20261120-104000.txt"))
    box.adjustSize()
    return box


def page_menu() -> QWidget:
    menu = Menu()
    menu.addAction(icon("open"), "Открыть").setShortcut("Return")
    menu.addAction(icon("edit"), "Изменить").setShortcut("F2")
    menu.addSeparator()
    off = menu.addAction(icon("merge"), "Объединить")
    off.setEnabled(False)
    tick = menu.addAction("Показывать столбец")
    tick.setCheckable(True)
    tick.setChecked(True)
    menu.addMenu("Ещё")
    menu.popup(QPoint(0, 0))
    menu.setActiveAction(menu.actions()[1])
    return menu


def main() -> None:
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    switch_language(app, "ru")
    pages = {n[5:]: f for n, f in globals().items() if n.startswith("page_")}
    for mode in ("light", "dark"):
        theme.apply(app, mode)
        for name, make in pages.items():
            if wanted and name not in wanted:
                continue
            page = make()
            page.show()
            app.processEvents()
            page.grab().save(str(folder / f"{name}-{mode}.png"))
            page.close()


if __name__ == "__main__":
    main()
