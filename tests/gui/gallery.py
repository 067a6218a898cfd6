"""Shows the widgets of the kit and saves pictures: `python tests/gui/gallery.py FOLDER [PAGE]`.

Set QT_SCALE_FACTOR to look at other scales. Pages are the functions named `page_...`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.ui import theme
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox, Segment, Switch
from crm_desktop.ui.widgets.inputs import LineEdit, SearchField, TextEdit
from crm_desktop.ui.widgets.labels import FigureTile, Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Avatar, Chip, KeyCap, Pill


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
