"""The process of the service on Windows: `windows_host.py ROOT LIBRARIES CLIENT DATA WORDS`.

ROOT holds the program, LIBRARIES the packages of its environment, CLIENT names the Firebird client
or is empty, DATA is the folder with the
secret; WORDS are those of `serve`. Thin: what happens is in `lifecycle` and `cli/serving`.
"""

from __future__ import annotations

import os
import site
import sys


def main(root: str, libraries: str, client: str, data: str, words: list[str]) -> None:
    """Hands the process over to the control of services until the service has ended."""
    site.addsitedir(libraries)
    sys.path.insert(0, root)
    if client:
        os.environ["CRM_DESKTOP_FBCLIENT"] = client
    from crm_desktop.cli.windows_service import host

    host(data, words)


if __name__ == "__main__":
    main(*sys.argv[1:5], sys.argv[5:])
