"""One-time codes (RFC 6238, HMAC-SHA1, six digits, 30 seconds) reckoned by the server itself.

Firebird 3 has no such function, so SHA-1 is written in its own language: a block takes 0.8 ms, a
code eight of them. Keys, digests and marks are twenty bytes, as forty hexadecimal digits.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

_M = 0xFFFFFFFF
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
_WORDS = tuple(f"w{place}" for place in range(16))
_STATE = tuple(f"h{place}" for place in range(5))
_DIGEST = tuple(f"r{place}" for place in range(5))
_INNER, _OUTER, _END = 0x36363636, 0x5C5C5C5C, 0x80000000
STEP_S = 30
DRIFT = 1
"""Steps before and after the server's own that are taken, too."""
SIGN_HELPERS = (
    "SIGN_BLOCK", "SIGN_MARK", "SIGN_CODE", "SIGN_NUMBER", "SIGN_STEP", "SIGN_WANTED",
    "SIGN_FAILED", "SIGN_PASSED", "SIGN_KEEP_CODES", "SIGN_TRIED", "SIGN_JUDGE",
    "SIGN_END",
)  # fmt: skip
"""Procedures that only others of these and of `firebird_gate` call: they believe what they are
told."""

_BLOCK = f"""CREATE OR ALTER PROCEDURE sign_block
 ({", ".join(f"{name} BIGINT" for name in (*_STATE, *_WORDS))})
 RETURNS ({", ".join(f"{name} BIGINT" for name in _DIGEST)}) AS
 DECLARE a BIGINT; DECLARE b BIGINT; DECLARE c BIGINT; DECLARE d BIGINT; DECLARE e BIGINT;
 DECLARE f BIGINT; DECLARE x BIGINT; DECLARE n SMALLINT;
BEGIN
 a = h0; b = h1; c = h2; d = h3; e = h4; n = 0;
 WHILE (n < 80) DO BEGIN
  IF (n < 20) THEN f = BIN_XOR(d, BIN_AND(b, BIN_XOR(c, d))) + 1518500249;
  ELSE IF (n < 40) THEN f = BIN_XOR(b, c, d) + 1859775393;
  ELSE IF (n < 60) THEN f = BIN_OR(BIN_AND(b, c), BIN_AND(d, BIN_OR(b, c))) + 2400959708;
  ELSE f = BIN_XOR(b, c, d) + 3395469782;
  x = BIN_AND(BIN_OR(BIN_SHL(a, 5), BIN_SHR(a, 27)) + f + e + w0, {_M});
  e = d; d = c; c = BIN_AND(BIN_OR(BIN_SHL(b, 30), BIN_SHR(b, 2)), {_M}); b = a; a = x;
  x = BIN_XOR(w13, w8, w2, w0);
  x = BIN_AND(BIN_OR(BIN_SHL(x, 1), BIN_SHR(x, 31)), {_M});
  {" ".join(f"w{place} = w{place + 1};" for place in range(15))} w15 = x;
  n = n + 1;
 END
 {" ".join(f"r{p} = BIN_AND(h{p} + {letter}, {_M});" for p, letter in enumerate("abcde"))}
 SUSPEND;
END"""

_PARTS = " ".join(
    f"k{place} = CAST('0x0' || SUBSTRING(digits FROM {8 * place + 1} FOR 8) AS BIGINT);"
    for place in range(5)
)
_FIVE = tuple(f"k{place}" for place in range(5))


def _hashed(state: tuple[object, ...], words: tuple[object, ...], into: tuple[str, ...]) -> str:
    asked = ", ".join(f":{one}" if isinstance(one, str) else str(one) for one in (*state, *words))
    got = ", ".join(into)
    return f"SELECT {', '.join(_DIGEST)} FROM sign_block({asked}) INTO {got};"


def _declared(*groups: tuple[str, ...]) -> str:
    return " ".join(f"DECLARE {name} BIGINT;" for group in groups for name in group)


_MARK = f"""CREATE OR ALTER PROCEDURE sign_mark (digits VARCHAR(40)) RETURNS (mark VARCHAR(60)) AS
 {_declared(_FIVE, _DIGEST)}
BEGIN
 /* what is kept of a pass or a recovery code: whoever reads it cannot show it */
 {_PARTS}
 {_hashed(_START, (*_FIVE, _END, *(0,) * 9, 160), _DIGEST)}
 mark = r0 || '.' || r1 || '.' || r2 || '.' || r3 || '.' || r4;
 SUSPEND;
END"""

_I = tuple(f"i{place}" for place in range(5))
_O = tuple(f"o{place}" for place in range(5))
_HIGH, _LOW = "x", "y"
_PAD = tuple(f"p{place}" for place in range(5))


def _padded(sign: int) -> str:
    return " ".join(f"p{place} = BIN_XOR(k{place}, {sign});" for place in range(5))


_CODE = f"""CREATE OR ALTER PROCEDURE sign_code (digits VARCHAR(40), code VARCHAR(6), now BIGINT)
 RETURNS (step BIGINT) AS
 {_declared(_FIVE, _DIGEST, _I, _O, _PAD, (_HIGH, _LOW))} DECLARE shift SMALLINT;
 DECLARE last BIGINT; DECLARE wanted INTEGER;
BEGIN
 /* the step that the code is of: {DRIFT} before to {DRIFT} after the server's own; none: no row */
 IF (code NOT SIMILAR TO '[0-9]{{6}}' OR digits NOT SIMILAR TO '[0-9a-f]{{40}}') THEN EXIT;
 wanted = CAST(code AS INTEGER);
 {_PARTS}
 {_padded(_INNER)} {_hashed(_START, (*_PAD, *(_INNER,) * 11), _I)}
 {_padded(_OUTER)} {_hashed(_START, (*_PAD, *(_OUTER,) * 11), _O)}
 step = now - {DRIFT}; last = now + {DRIFT};
 WHILE (step <= last) DO BEGIN
  x = BIN_SHR(step, 32); y = BIN_AND(step, {_M});
  {_hashed(_I, (_HIGH, _LOW, _END, *(0,) * 12, 576), _DIGEST)}
  {_hashed(_O, (*_DIGEST, _END, *(0,) * 9, 672), _DIGEST)}
  shift = BIN_AND(r4, 15);
  x = CASE shift / 4 WHEN 0 THEN r0 WHEN 1 THEN r1 WHEN 2 THEN r2 ELSE r3 END;
  y = CASE shift / 4 WHEN 0 THEN r1 WHEN 1 THEN r2 WHEN 2 THEN r3 ELSE r4 END;
  shift = 8 * MOD(shift, 4);
  x = BIN_AND(BIN_OR(BIN_SHL(x, shift), BIN_SHR(y, 32 - shift)), 2147483647);
  IF (MOD(x, 1000000) = wanted) THEN BEGIN SUSPEND; EXIT; END
  step = step + 1;
 END
END"""

ONE_TIME = (_BLOCK, _MARK, _CODE)
"""In this order; may be made anew."""
