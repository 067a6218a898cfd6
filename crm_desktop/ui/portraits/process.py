"""The child process that decodes pictures of foreign files; it opens no base and no window."""

from __future__ import annotations

import os
import sys

from crm_desktop.services.files.portrait_maker import serve
from crm_desktop.ui.portraits.avatars import portrait


def main() -> None:
    """The child's whole life. What decoders say of broken pictures is nobody's to read."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stderr.fileno())
    serve(sys.stdin.buffer, sys.stdout.buffer, portrait)


if __name__ == "__main__":
    main()
