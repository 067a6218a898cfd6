"""A class that others fill in says so; Qt's classes cannot refuse to be made when nobody did."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from PySide6.QtCore import QObject

import crm_desktop.ui
from crm_desktop.ui.page import SearchedPage, TablePage


def _open(cls: type) -> list[str]:
    """The hooks that neither the class nor those above it fill in."""
    named = [name for name in dir(cls) if not name.startswith("__")]
    hooks = [inspect.getattr_static(cls, name) for name in named]
    return [
        name
        for name, hook in zip(named, hooks, strict=True)
        if getattr(hook, "__isabstractmethod__", False)
    ]


def _below(cls: type) -> list[type]:
    direct = cls.__subclasses__()
    return direct + [deeper for one in direct for deeper in _below(one)]


def test_every_class_of_the_window_fills_in_what_is_asked_of_it() -> None:
    for module in pkgutil.walk_packages(crm_desktop.ui.__path__, "crm_desktop.ui."):
        importlib.import_module(module.name)
    ours = [cls for cls in _below(QObject) if cls.__module__.startswith("crm_desktop.")]
    lacking = [cls for cls in ours if not cls.__subclasses__() and _open(cls)]

    assert _open(TablePage) == _open(SearchedPage) == ["read"]
    assert len(ours) > 200 and lacking == []
