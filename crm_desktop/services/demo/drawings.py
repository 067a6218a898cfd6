"""Small pictures and a drawing for the demo company, made dot by dot: nobody owns them.

PNG after ISO/IEC 15948, PDF after ISO 32000-1; both as simple as the standards let them be.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]
_WIDE, _TALL = 720, 480


def facade(sky: Colour, wall: Colour, floors: int) -> bytes:
    """A building under the sky, as a PNG picture."""
    rows = []
    top = _TALL - 40 - floors * 70
    for y in range(_TALL):
        shade = 0.75 + 0.25 * y / _TALL
        line = [_mixed(sky, shade)] * _WIDE
        if y >= _TALL - 40:
            line = [(96, 104, 96)] * _WIDE
        elif y >= top:
            line[150:570] = [wall] * 420
            if 18 <= (y - top) % 70 < 52:
                for left in range(176, 540, 62):
                    line[left : left + 40] = [(214, 232, 246)] * 40
        rows.append(bytes(value for dot in line for value in dot))
    return png(_WIDE, rows)


def _mixed(colour: Colour, shade: float) -> Colour:
    red, green, blue = (min(255, round(part * shade + 255 * (1 - shade))) for part in colour)
    return red, green, blue


def png(width: int, rows: Sequence[bytes]) -> bytes:
    """A true-colour picture from its rows of red, green, blue."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def floor_plan(number: str, rooms: int) -> bytes:
    """Rooms along a corridor with their sizes in metres, as a PDF page of A4 across."""
    wide = 700 / rooms
    parts = ["2 w 70 90 700 380 re S 70 250 m 770 250 l S 70 310 m 770 310 l S 1 w"]
    for place in range(1, rooms):
        x = 70 + place * wide
        parts.append(f"{x:.1f} 90 m {x:.1f} 250 l S {x:.1f} 310 m {x:.1f} 470 l S")
    for place in range(rooms):
        for row, y in ((1, 360), (2, 160)):
            x = 70 + place * wide + wide / 2 - 24
            size = f"{3.2 + place * 0.4:.1f} x 5.{row}"
            parts.append(f"BT /F 13 Tf {x:.1f} {y + 18} Td ({row}{place + 1:02}) Tj ET")
            parts.append(f"BT /F 11 Tf {x:.1f} {y} Td ({size}) Tj ET")
    parts.append(f"BT /F 22 Tf 70 510 Td ({number}) Tj ET")
    return _page("\n".join(parts).encode("ascii"))


def _page(drawing: bytes) -> bytes:
    """A document of one page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    body_end = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % count + table
    return body + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, body_end)
