"""A letter as mail programs save it (RFC 5322): its words and what is attached to it."""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.file_names import safe_name
from crm_desktop.models.text.pages import closed_page

MOST_ATTACHED = 20
_LETTER = "message/rfc822"
LONGEST_BODY = 200_000
_BROKEN = (
    MessageError, LookupError, ValueError, AttributeError, TypeError, AssertionError,
    RecursionError,
)  # fmt: skip
"""What the parser raises on letters that were damaged or made up."""
_SILENT = ("script", "style", "head", "title")
_BREAKS = ("p", "br", "div", "tr", "li", "h1", "h2", "h3", "table")


def read_mail(content: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """The letter as it would be copied out of a window, and its attachments (name, content)."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        head = {key: str(message[key] or "") for key in ("From", "Date", "Subject")}
        body = _body(message) if isinstance(message, EmailMessage) else ""
        every = _attached(message) if isinstance(message, EmailMessage) else []
    except _BROKEN:
        raise InvalidInput(_("The letter is damaged and cannot be read")) from None
    attached = tuple(one for one in every if one[1])
    empty = [name for name, data in every if not data]
    if not any(head.values()) or not (body.strip() or head["Subject"] or attached):
        raise InvalidInput(_("The file is no letter: it has no sender, subject or text"))
    if not body.strip() and attached:  # what they want stands in what they sent
        body = ", ".join(name for name, _content in attached)
    if empty:
        body += "\n" + _("Attached, but empty: {names}").format(names=", ".join(empty))
    lines = [f"{key}: {' '.join(value.split())}" for key, value in head.items() if value.strip()]
    return "\n".join([*lines, "", body]), attached


def letter_key(content: bytes) -> str:
    """What names a letter wherever it was delivered (RFC 5322, 3.6.4): its Message-ID, with who
    wrote it and when, since anybody may write any. Empty without one."""
    try:
        head = email.message_from_bytes(_head_of(content), policy=email.policy.compat32)
        said = [str(head[key] or "") for key in ("Message-ID", "From", "Date", "Subject")]
    except _BROKEN:
        return ""
    return "\n".join(" ".join(one.split()) for one in said) if said[0].strip() else ""


def _head_of(content: bytes) -> bytes:
    """The lines before the first empty one."""
    ends = [at for at in (content.find(b"\n\n"), content.find(b"\r\n\r\n")) if at >= 0]
    return content[: min(ends)] if ends else content[:LONGEST_BODY]


def _body(message: EmailMessage) -> str:
    """Its plain words; those of its page where programs left the plain ones empty."""
    for kind, shown in (("plain", str), ("html", html_text)):
        part = message.get_body(preferencelist=(kind,))
        text = shown(_text_of(part)[:LONGEST_BODY]) if part is not None else ""
        if text.strip():
            return text
    return ""


def _text_of(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except _BROKEN:  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""


def _attached(message: EmailMessage) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for part in message.iter_attachments():
        payload, name = _content_of(part), str(part.get_filename() or "")
        if not payload and not name:
            continue
        if len(found) == MOST_ATTACHED:
            raise InvalidInput(
                _("A letter may have at most {limit} attachments").format(limit=MOST_ATTACHED)
            )
        instead = "letter.eml" if part.get_content_type() == _LETTER else "file"
        found.append((safe_name(name, instead), payload))
    return found


def _content_of(part: MIMEPart) -> bytes:
    """What is attached; a letter within a letter as the file that it would be."""
    if part.get_content_type() == _LETTER and part.is_multipart():
        return b"".join(inner.as_bytes() for inner in part.iter_parts())
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


class _Words(HTMLParser):
    """The words of a page, without what is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else "")


def html_text(page: str) -> str:
    """The words that a page shows."""
    reader = _Words()
    reader.feed(closed_page(page))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)
