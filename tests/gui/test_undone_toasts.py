"""What is undone is offered for undoing no more."""

from __future__ import annotations

from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def test_the_toast_of_what_was_undone_goes(shell: Shell) -> None:
    made = shell.base.records.create("client", {"name": "Fresh"})
    shell.window.navigator.toast("Client created", undo_operation=made.operation)
    stack = shell.window.news._stack
    assert [toast.text for toast in stack.toasts] == ["Client created"]

    shell.window.undoing.undo_last()

    shell.wait(lambda: [toast.text.split(":")[0] for toast in stack.toasts] == ["Undone"])
