"""The figures of sales in the tour of the demo company: each tab, and the funnel by manager."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.tour.step import Step


def figure_steps(navigator: Navigator, page: Callable[[], Any]) -> Iterator[Step]:
    """The steps; `page` gives the page in front."""

    def shown() -> Any:
        return getattr(page(), "sections", None)

    yield Step("", lambda: navigator.open_page("sales-figures"), shown)
    yield Step("sales-figures", lambda: page().show_tab("funnel"),
               lambda: page().shown_tab == "funnel")  # fmt: skip
    yield Step("sales-figures-by-manager", lambda: page().choosing.divide("manager"),
               lambda: any(view.section.groups for view in shown() or ()))  # fmt: skip
    for tab in ("channels", "managers", "forecast"):
        yield Step(f"sales-{tab}", lambda name=tab: page().show_tab(name),
                   lambda name=tab: page().shown_tab == name)  # fmt: skip
