"""The bytes of LDAP: values with a tag and a length (BER, as far as RFC 4511 needs it)."""

from __future__ import annotations

from collections.abc import Iterator

INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x02, 0x04, 0x0A, 0x30, 0x31
BOOLEAN = 0x01
_LONG = 0x80
_MOST_LENGTH_BYTES = 4


class BrokenAnswer(ValueError):
    """What came is no LDAP."""


def value(tag: int, content: bytes) -> bytes:
    """A tag, the length, the content."""
    if len(content) < _LONG:
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(size))) + size + content


def number(given: int, tag: int = INTEGER) -> bytes:
    """A whole number, zero or more."""
    return value(tag, given.to_bytes(given.bit_length() // 8 + 1, "big"))


def text(given: str, tag: int = OCTETS) -> bytes:
    """Letters in UTF-8."""
    return value(tag, given.encode())


def truth(given: bool) -> bytes:
    """Yes or no."""
    return value(BOOLEAN, b"\xff" if given else b"\0")


def together(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    """Values in a row as one."""
    return value(tag, b"".join(parts))


def head(data: bytes, at: int = 0) -> tuple[int, int, int] | None:
    """(tag, where the content begins, where it ends) of the value at a place; None while the bytes
    do not say it yet."""
    if len(data) < at + 2:
        return None
    tag, length, begin = data[at], data[at + 1], at + 2
    if length >= _LONG:
        count = length & ~_LONG
        if not 0 < count <= _MOST_LENGTH_BYTES:
            raise BrokenAnswer("a length that LDAP does not use")
        if len(data) < begin + count:
            return None
        length, begin = int.from_bytes(data[begin : begin + count], "big"), begin + count
    return tag, begin, begin + length


def values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The values that stand in a row in the content of another one: tag and content."""
    at = 0
    while at < len(data):
        found = head(data, at)
        if found is None or found[2] > len(data):
            raise BrokenAnswer("a value ends behind the last byte")
        tag, begin, at = found
        yield tag, data[begin:at]


def whole(content: bytes) -> int:
    """The number that stands there."""
    return int.from_bytes(content, "big", signed=True)
