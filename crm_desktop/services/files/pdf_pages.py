"""Pictures of the first pages of a PDF document, drawn in a child process.

A hostile document may bring the library down or never end: then the child is ended, and the window
says that there is no preview. pypdfium2 draws; it is asked for nothing else.
"""

from __future__ import annotations

import json
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from crm_desktop.services import jobs

MODULE = "crm_desktop.services.files.pdf_pages"
MOST_PAGES = 10
MOST_DOTS = 4_000_000
SECONDS = 20.0
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page: 32-bit dots in the order blue, green, red, unused; `stride` bytes a line."""

    width: int
    height: int
    stride: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The first pages of a document and how many it has; `locked`: it asks for a password."""

    pages: tuple[PagePicture, ...] = ()
    count: int = 0
    locked: bool = False
    failed: bool = False


def draw_pages(
    content: bytes, width: int, *, on_start: Callable[[Callable[[], None]], None] | None = None
) -> PdfPages:
    """The pages, `width` dots wide; `on_start` gets a function that stops the drawing."""
    child = jobs.start_module(MODULE)
    if on_start is not None:
        on_start(child.kill)
    clock = threading.Timer(SECONDS, child.kill)
    clock.start()
    try:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(json.dumps({"width": width}).encode() + b"\n")
        child.stdin.write(_LENGTH.pack(len(content)))
        child.stdin.write(content)
        child.stdin.flush()
        return _read(child.stdout)
    except (OSError, ValueError, EOFError, KeyError, struct.error):
        return PdfPages(failed=True)
    finally:
        clock.cancel()
        jobs.stop(child)


def _read(pipe: IO[bytes]) -> PdfPages:
    head = json.loads(pipe.readline() or b"{}")
    if "count" not in head:
        return PdfPages(locked=bool(head.get("locked")), failed=not head.get("locked"))
    pages = []
    for _turn in range(min(head["count"], MOST_PAGES)):
        line = pipe.readline()
        if not line:
            break  # the library gave up on a page: what came before can be shown
        page = json.loads(line)
        dots = pipe.read(page["stride"] * page["height"])
        pages.append(PagePicture(page["width"], page["height"], page["stride"], dots))
    return PdfPages(tuple(pages), head["count"], failed=not pages)


# --- in the child ---------------------------------------------------------------------------------


def main() -> None:
    """Reads a document from standard input, writes pictures to standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    length = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))[0]
    content = sys.stdin.buffer.read(length)
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        _say({"locked": "password" in str(error).lower()})
        return
    _say({"count": len(document)})
    for number in range(min(len(document), MOST_PAGES)):
        _draw(document[number], int(asked["width"]))


def _draw(page: Any, width: int) -> None:
    """A page in that width; smaller if it were too many dots."""
    wide, tall = (max(1.0, size) for size in page.get_size())
    scale = min(width / wide, (MOST_DOTS / (wide * tall)) ** 0.5)
    bitmap = page.render(scale=scale, prefer_bgrx=True)
    _say({"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride})
    sys.stdout.buffer.write(bytes(bitmap.buffer)[: bitmap.stride * bitmap.height])
    sys.stdout.buffer.flush()


def _say(value: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(value).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
