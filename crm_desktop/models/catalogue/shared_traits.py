"""Traits that matter where several people share a base."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class SignsIn(Trait):
    """Records are people who may have an account on a server: `login` names the field that says
    which one (`services/server/accounts`)."""

    login: str
