"""A sweep in a process of its own, so that neither the window nor its saves have to wait.

The child reads one line of JSON (what is to be done) and answers in lines of JSON: any number of
`{"progress": [done, whole]}`, then one `{"result": {...}}` or `{"error": ...}`. When its parent is
gone, or has killed it, what an earlier sweep has found stays as it was or is half replaced; the
next sweep makes it whole. `sweep_apart` is the parent's side.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.duplicates.sweep import Progress
from crm_desktop.services.jobs import start_module, stop, watch_lines
from crm_desktop.services.workspace import Workspace, open_base

_MODULE = "crm_desktop.services.duplicates.worker"
_ORPHANED = 3


# --- the parent -----------------------------------------------------------------------------------


def sweep_apart(
    workspace: Workspace,
    address: str,
    entity: EntityDef,
    *,
    progress: Progress,
    check: Callable[[], None],
) -> int:
    """Sweeps an object in a child process and waits for it; how many groups it has found.

    `address`: as the base was opened by. `check` may raise `Cancelled`: then the child ends.
    """
    child = start_module(_MODULE, environment=workspace.backend.worker_environment)
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        order = {"base": address, "object": entity.key, "language": i18n.language()}
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()
        for line in child.stdout:
            check()
            answer: dict[str, Any] = json.loads(line)
            if "error" in answer:
                raise UserError(str(answer["error"]))
            if "result" in answer:
                return int(answer["result"]["groups"])
            progress(*answer["progress"])
    finally:
        stop(child)
    raise RuntimeError("the sweeping process ended without an answer")


# --- the child ------------------------------------------------------------------------------------


def _say(value: Any) -> None:
    sys.stdout.buffer.write(json.dumps(value).encode() + b"\n")
    sys.stdout.buffer.flush()


def _carry_out(order: Mapping[str, Any]) -> None:
    workspace = open_base(order["base"])
    try:
        found = workspace.duplicates.sweep(
            workspace.catalogue[order["object"]],
            progress=lambda done, whole: _say({"progress": [done, whole]}),
        )
    finally:
        workspace.close()
    _say({"result": {"records": found.records, "groups": len(found.groups)}})


def main() -> None:
    """The child's whole life."""
    order = json.loads(sys.stdin.buffer.readline())
    i18n.set_language(order["language"])
    watch_lines(sys.stdin.buffer, at_end=lambda: os._exit(_ORPHANED))
    try:
        _carry_out(order)
    except UserError as error:
        _say({"error": error.message})


if __name__ == "__main__":
    main()
