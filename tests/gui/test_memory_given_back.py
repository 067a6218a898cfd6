"""What lies free between what is used goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from crm_desktop.services.os_integration.memory import give_back

MIB = 1024 * 1024
LISTS = """
import psutil
from crm_desktop.services.os_integration.memory import keep_apart

if {apart}:
    keep_apart()
bytearray(24 << 20)  # the first big piece: the C library takes the next ones from the heap
process = psutil.Process()
before = process.memory_info().rss
lists, small = [], []
for number in range(16):
    lists.append(bytearray(b"x" * (8 << 20)))
    small.append([bytearray(700) for _piece in range(300)])
del lists
print(process.memory_info().rss - before)
"""


def _left_of_lists(*, apart: bool) -> int:
    """Bytes that stay after sixteen lists of a million ids are gone."""
    done = subprocess.run(
        [sys.executable, "-c", LISTS.format(apart=apart)],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_memory_in_pieces_is_given_back() -> None:
    process = psutil.Process()
    pieces = [bytearray(1000) for _number in range(80_000)]
    used = pieces[::50]  # what is freed lies between these
    del pieces
    before = process.memory_info().rss

    give_back()

    assert before - process.memory_info().rss > 30 * MIB
    assert len(used) == 1600


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_big_pieces_are_given_back_one_by_one() -> None:
    assert _left_of_lists(apart=False) > 40 * MIB
    assert _left_of_lists(apart=True) < 16 * MIB
