"""An import in a process of its own, so that neither the window nor its saves have to wait.

The child reads one line of JSON (what is to be done). It answers in lines of JSON: any number of
`{"progress": {...}}`, after each of which it waits for a line that says `go`, `keep` or `undo`, so
that a stop comes after the very block that was seen; then one `{"result": ..., "news": ...}` or
`{"error": {...}}`. When its parent is gone it ends at once: what it was writing is rolled back, and
the next opening of the base takes back the rest. `bring_in` is the parent's side.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from crm_desktop import errors, i18n
from crm_desktop.errors import Conflict, UserError
from crm_desktop.models.backend.base import Backend
from crm_desktop.services.importing.elsewhere import Elsewhere
from crm_desktop.services.importing.importer import (
    STOP_AND_KEEP,
    STOP_AND_UNDO,
    Importer,
    Order,
    Stop,
    Told,
    go_on,
    silent,
)
from crm_desktop.services.importing.learned import LearnedMappings
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.importing.readers.base import ReadOptions
from crm_desktop.services.importing.readers.header import Header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.results import ImportResult, Progress
from crm_desktop.services.jobs import start_module, stop, watch_lines
from crm_desktop.services.news import NewsCollector, take_news
from crm_desktop.services.workspace import Workspace, open_base

_MODULE = "crm_desktop.services.importing.worker"
_BLOCK, _LONG_BLOCK = 1000, 4000
"""Rows of one transaction, for which a save in the window waits. In a long import each writes most
pages of the search anew: transactions of 1,000 rows take a third more of the processor, so they are
that short only while somebody saves."""
_CROWDED_S = 20.0  # after a save that had to wait
_PAUSE_SECONDS = 0.02  # between transactions, in which a waiting save comes in
_ORPHANED = 3
_GO, _SHORT = "go", "short"


# --- the parent -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watch:
    """Who watches an import. `stop` is asked whenever the child has told how far it is; `started`
    gets a function that ends the child at once, whoever calls it and when."""

    progress: Told = silent
    stop: Stop = go_on
    started: Callable[[Callable[[], None]], None] = lambda _kill: None


def bring_in(
    workspace: Workspace, address: str, order: Order, watch: Watch, *, rejects: Path | None = None
) -> ImportResult:
    """Imports in a child process and waits for it; everybody who shows records is told at the end.

    `address`: as the base was opened by.
    """
    child = start_module(_MODULE, environment=workspace.backend.worker_environment)
    watch.started(child.kill)
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        _say(child.stdin, _request(workspace, address, order, rejects))
        answer = _listen(child.stdin, child.stdout, watch, workspace.backend)
    finally:
        stop(child)
    take_news(workspace, answer.get("news", {}))
    return ImportResult.from_json(answer["result"])


def _request(
    workspace: Workspace, address: str, order: Order, rejects: Path | None
) -> dict[str, Any]:
    return {
        "base": address,
        "user": workspace.user_id,
        "region": workspace.region,
        "language": i18n.language(),
        "rejects": str(rejects) if rejects else "",
        "order": order_to_json(order),
    }


def _listen(
    asking: IO[bytes], telling: IO[bytes], watch: Watch, backend: Backend
) -> dict[str, Any]:
    for line in telling:
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise _error(answer["error"])
        if "result" in answer:
            return answer
        watch.progress(Progress(**answer["progress"]))
        wish = watch.stop() or (_SHORT if backend.made_wait(_CROWDED_S) else _GO)
        with suppress(OSError):  # a child that is gone by now says no more: that is told below
            asking.write(f"{wish}\n".encode())
            asking.flush()
    raise RuntimeError("the importing process ended without an answer")


def _error(row: AnyMapping[str, Any]) -> UserError:
    kind = getattr(errors, str(row["kind"]), UserError)
    made = UserError(str(row["message"]), field=row.get("field"))
    if isinstance(kind, type) and issubclass(kind, UserError) and kind is not Conflict:
        made.__class__ = kind  # the same sentence; not every kind takes the same arguments
    return made


def order_to_json(order: Order) -> dict[str, Any]:
    """What `order_from_json` makes the same order of; a password included."""
    return {
        "entity": order.entity.key,
        "path": str(order.path),
        "options": {**order.options.plain(), "password": order.options.password},
        "sheet": order.sheet.name,
        "twins": dict(order.sheet.twins),
        "header": list(order.header),
        "mapping": order.mapping.to_json(),
        "rows": order.rows,
        "forgiving": order.forgiving,
    }


# --- the child ------------------------------------------------------------------------------------


def order_from_json(workspace: Workspace, row: AnyMapping[str, Any]) -> Order:
    """The order; its file is open as long as the order is used, unless it is long."""
    number, names, first, sure = row["header"]
    path, options = Path(row["path"]), ReadOptions.from_plain(row["options"])
    made = Order(
        entity=workspace.catalogue[row["entity"]],
        sheet=Elsewhere(row["sheet"], row["twins"]),
        header=Header(number, tuple(names), first, sure),
        mapping=Mapping.from_json(row["mapping"]),
        path=path, options=options, rows=row["rows"], forgiving=row["forgiving"],
    )  # fmt: skip
    if made.is_long:
        return made
    return dataclasses.replace(made, sheet=open_source(path, options=options).sheet(row["sheet"]))


def _carry_out(
    request: AnyMapping[str, Any], heard: SimpleQueue[str], tell: Callable[[Any], None]
) -> None:
    wished: list[str] = []

    def progress(state: Progress) -> None:
        tell({"progress": dataclasses.asdict(state)})
        time.sleep(_PAUSE_SECONDS)
        wished.append(heard.get())

    def wish() -> str:
        return next((one for one in wished if one in (STOP_AND_KEEP, STOP_AND_UNDO)), "")

    def at_once() -> int:
        return _BLOCK if _SHORT in wished[-1:] else _LONG_BLOCK

    workspace = open_base(request["base"])
    try:
        workspace.work_as(request["user"])
        workspace.region = request["region"]
        news = NewsCollector(workspace)
        order = order_from_json(workspace, request["order"])
        rejects = Path(request["rejects"]) if request["rejects"] else None
        block = _LONG_BLOCK if order.is_long else _BLOCK
        importer = Importer(workspace, block=block, at_once=at_once)
        result = importer.run(order, progress=progress, stop=wish, rejects=rejects)
        if result.created or result.updated:
            learned = LearnedMappings(workspace.backend, workspace.tables)
            learned.keep(order.entity.key, order.header.names, order.mapping)
    finally:
        workspace.close()
    tell({"result": result.to_json(), "news": news.to_json()})


def _say(pipe: IO[bytes], value: Any) -> None:
    pipe.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    pipe.flush()


def main() -> None:
    """The child's whole life."""
    request = json.loads(sys.stdin.buffer.readline())
    i18n.set_language(request["language"])
    heard = watch_lines(sys.stdin.buffer, at_end=lambda: os._exit(_ORPHANED))
    try:
        _carry_out(request, heard, lambda value: _say(sys.stdout.buffer, value))
    except UserError as error:
        told = {"kind": type(error).__name__, "message": error.message, "field": error.field}
        _say(sys.stdout.buffer, {"error": told})


if __name__ == "__main__":
    main()
