"""E-mail and web addresses as they are pasted, in one form."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

LONGEST_LOCAL, LONGEST_EMAIL, LONGEST_LABEL, LONGEST_DOMAIN = 64, 254, 63, 253  # RFC 5321, RFC 1035
LONGEST_URL = 2000

_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_IN_BRACKETS = re.compile(r"<\s*([^<>]+?)\s*>")
_PART = r"[^\s@<>()\[\]\\,;:\"']"
_ADDRESS = re.compile(rf"(?<!{_PART}){_PART}{{1,64}}@{_PART}{{1,253}}")
_AS_MOST = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?=//)", re.IGNORECASE)
_PASTED = " \t\r\n\u00a0\u200b\ufeff.,;:"


def normalise_email(text: str) -> str | None:
    """The bare address with a small-lettered domain, or None when it cannot be one.

    Takes `mailto:` and `Name <a@b>`; the part before @ keeps its case (RFC 5321, 2.4), names of
    domains in other scripts stay as they are.
    """
    return None if len(text) > 4 * LONGEST_EMAIL else _normalised(text)


def is_plain_email(text: str) -> bool:
    """Whether the text is an address as most are written, in its one form already; False says
    nothing: it has to be looked at."""
    return len(text) <= LONGEST_LOCAL and _AS_MOST.fullmatch(text) is not None


@lru_cache(maxsize=1024)  # an import asks for each address three times
def _normalised(text: str) -> str | None:
    brackets = _IN_BRACKETS.search(text)
    bare = (brackets[1] if brackets else text).strip(_PASTED)
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0].strip(_PASTED)
    local, _at, domain = bare.rpartition("@")
    domain = domain.lower()
    if not _is_local(local) or not is_domain(domain):
        return None
    address = f"{local}@{domain}"
    return address if len(address) <= LONGEST_EMAIL else None


def _is_local(local: str) -> bool:
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    fits = 0 < len(local) <= LONGEST_LOCAL and local.isprintable()
    return fits and not dots and bool(_LOCAL.fullmatch(local))


def is_domain(domain: str) -> bool:
    """Is it a full name of a domain: two labels at least, the last one not a number?"""
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > LONGEST_DOMAIN or labels[-1].isdigit():
        return False
    return all(len(label) <= LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)


def split_emails(text: str) -> list[str]:
    """The addresses in a cell or in a line of recipients, each once, in their order."""
    found = (normalise_email(match[0]) for match in _ADDRESS.finditer(text))
    return list(dict.fromkeys(address for address in found if address))


def normalise_url(text: str) -> str | None:
    """A web address with its scheme (https when none was typed), or None when it cannot be one."""
    bare = text.strip(_PASTED + "<>")
    if not bare or len(bare) > LONGEST_URL or re.search(r"[\s<>\"]", bare):
        return None
    scheme = _SCHEME.match(bare)
    try:
        parts = urlsplit(bare if scheme else f"https://{bare}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _is_host(host):
        return None
    path = "" if parts.path == "/" and not parts.query else parts.path
    where = f"{host}:{port}" if port else host
    return urlunsplit((parts.scheme, where, path, parts.query, parts.fragment))


def _is_host(host: str) -> bool:
    numbers = host.split(".")
    address = len(numbers) == 4 and all(
        n.isascii() and n.isdigit() and int(n) < 256 for n in numbers
    )
    return is_domain(host) or address or host == "localhost"
