"""What every test may use: an own home folder, English, an offscreen screen, empty bases."""

from __future__ import annotations

import faulthandler
import gc
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain, count
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import HealthCheck, settings

from crm_desktop import i18n
from tests import shared_sql
from tests.memory_disk import memory_disk

# Before anything imports Qt: a test run opens no window on the screen of the person.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The sentences a test expects do not depend on the computer it runs on.
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"

if (folder := memory_disk()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# An example may take as long as a busy machine needs: how quick anything is, benchmarks say.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = ["tests.bases"]
_WINDOWS = Path(__file__).parent / "gui"
_WHOLE = 50  # tests of windows after which everything is looked through
_turns = count(1)


def pytest_configure() -> None:
    """Before the first test opens a base."""
    shared_sql.share()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes many seconds as one test comes first: at the end one process would be alone with
    it. Two processes divide the tests in the middle, so every other one goes there."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    others = [item for item in items if not item.get_closest_marker("slow")]
    middle = len(others) // 2
    items[:] = [*slow[::2], *others[:middle], *slow[1::2], *others[middle:]]


def pytest_collection_finish() -> None:
    """Seven thousand tests and all modules are there to stay: the collector of garbage need not
    look through them again and again. It took a quarter of the time of some tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What a test of windows leaves is collected at its end, in the thread of the windows. Left to
    itself the collector also runs in the thread that talks to other test processes: timers of
    widgets would die there, and Qt crashes when their time comes."""
    has_windows = _WINDOWS in item.path.parents
    if not has_windows:
        gc.enable()
    try:
        return (yield)
    finally:
        gc.disable()
        if has_windows:
            _collect(whole=next(_turns) % _WHOLE == 0)


def _collect(*, whole: bool) -> None:
    """What outlives a test is left out of all further looks but the `whole` ones: a test that
    collects by itself, to see what it has left, took eight seconds in a process of thousands."""
    if whole:
        gc.unfreeze()
    gc.collect(2 if whole else 1)
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What is left goes in its usual order."""
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With `--durations`: the files that take longest, too. Many quick tests are dear together."""
    most = terminalreporter.config.getoption("durations")
    if not most:
        return
    seconds: Counter[str] = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"slowest {most} files")
    for name, taken in seconds.most_common(most):
        terminalreporter.write_line(f"{taken:.2f}s {name}")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """A whole program in a test keeps crash reports of its own, and at its end nobody would tell
    any more where a test process died."""
    if not faulthandler.is_enabled():
        faulthandler.enable(item.config.stash[fault_handler_stderr_fd_key])


@pytest.fixture(autouse=True)
def own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """No test reads or changes the settings of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / f"home-{secrets.token_hex(6)}"
    home.mkdir()
    monkeypatch.setenv("CRM_DESKTOP_HOME", str(home))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Every test starts and ends in English, whatever language it switches to."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")
