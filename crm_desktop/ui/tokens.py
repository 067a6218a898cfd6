"""Design tokens: every colour, size and type step of the program as frozen values.

Colours are sRGB `#RRGGBB`; sizes are pixels at 100 %. The tables are those of the design language;
`tests/gui/test_kit_theme.py` computes the contrast of every pair that is read together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, named by their use."""

    chrome: str
    surface: str
    raised: str
    raised_hover: str
    """Under the pointer on what is raised: menus, lists that fall down, plain buttons."""
    sunken: str
    hover: str
    pressed: str
    line: str
    line2: str
    field: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_text: str
    select: str
    focus: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str
    neutral: str
    neutral_soft: str
    tooltip: str
    on_tooltip: str
    tooltip_link: str
    tooltip_ok: str
    tooltip_bad: str
    categories: tuple[tuple[str, str, str], ...]
    """(bar, soft, ink) of each of the six categories."""
    shade: tuple[int, int, int, int]
    """The veil behind what floats over the window: red, green, blue, alpha."""
    shadow_alpha: int
    """Alpha of one of the rings that make up a shadow."""


LIGHT = Tokens(
    chrome="#F3F4F6", surface="#FFFFFF", raised="#FFFFFF", raised_hover="#F0F2F5", sunken="#F7F8FA",
    hover="#F0F2F5", pressed="#E6E9EE", line="#E4E7EB", line2="#D3D8DF", field="#868F9C",
    text="#171A1F", text2="#4C5562", text3="#626C7A", disabled="#A3ABB7",
    accent="#2557D6", accent_hover="#1E49B8", on_accent="#FFFFFF", accent_soft="#E9EFFD",
    accent_text="#1F4CC0", select="#E4ECFD", focus="#2557D6",
    ok="#12703F", ok_soft="#DDF3E6", warn="#8A4B00", warn_soft="#FDEFD8",
    bad="#B3261E", bad_soft="#FCE6E4", info="#5B3FBF", info_soft="#ECE8FB",
    neutral="#4C5562", neutral_soft="#ECEEF2",
    tooltip="#23272E", on_tooltip="#F5F6F8", tooltip_link="#9DBCFF",
    tooltip_ok="#6FD49B", tooltip_bad="#FF8F87",
    categories=(
        ("#2557D6", "#E6EDFD", "#1B3F9E"), ("#0E8A74", "#DDF3EF", "#0A5F50"),
        ("#C26A00", "#FDEEDC", "#8A4B00"), ("#B0387A", "#FBE6F1", "#8A2560"),
        ("#6B4FD0", "#EEEAFC", "#4E38A3"), ("#5A6675", "#EBEEF2", "#3F4955"),
    ),
    shade=(10, 14, 22, 90), shadow_alpha=10,
)  # fmt: skip

DARK = Tokens(
    chrome="#15171B", surface="#1C1F24", raised="#252930", raised_hover="#2F343C", sunken="#181B1F",
    hover="#262A31", pressed="#2F343C", line="#2C3138", line2="#3A4049", field="#737D8B",
    text="#ECEEF1", text2="#B4BCC8", text3="#929CAA", disabled="#5F6875",
    accent="#7EA6FF", accent_hover="#9ABAFF", on_accent="#0B1A3D", accent_soft="#22304F",
    accent_text="#9DBCFF", select="#263757", focus="#7EA6FF",
    ok="#6FD49B", ok_soft="#183626", warn="#F2B663", warn_soft="#3B2C14",
    bad="#FF8F87", bad_soft="#43211F", info="#B9A5FF", info_soft="#2D2650",
    neutral="#B4BCC8", neutral_soft="#2B3038",
    tooltip="#E9ECF0", on_tooltip="#1B1E23", tooltip_link="#1F4CC0",
    tooltip_ok="#12703F", tooltip_bad="#B3261E",
    categories=(
        ("#7EA6FF", "#22304F", "#C4D6FF"), ("#4FC9B2", "#17352F", "#AEEBDF"),
        ("#F0A24A", "#3A2A14", "#FAD7AC"), ("#F084BB", "#3F1F31", "#FBC8E1"),
        ("#AE97FF", "#2C2650", "#D9CEFF"), ("#9AA5B4", "#2A2F37", "#D5DBE3"),
    ),
    shade=(10, 14, 22, 140), shadow_alpha=26,
)  # fmt: skip

_ACCENT_FIELDS = ("accent", "accent_hover", "on_accent", "accent_soft", "accent_text", "select")

ACCENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "blue": (
        ("#2557D6", "#1E49B8", "#FFFFFF", "#E9EFFD", "#1F4CC0", "#E4ECFD"),
        ("#7EA6FF", "#9ABAFF", "#0B1A3D", "#22304F", "#9DBCFF", "#263757"),
    ),
    "teal": (
        ("#0A7263", "#085A4E", "#FFFFFF", "#DDF3EF", "#0A5F50", "#D8F0EB"),
        ("#4FC9B2", "#72D8C4", "#06251F", "#17352F", "#7FDCCA", "#1B3F38"),
    ),
    "orange": (
        ("#9C5300", "#7F4300", "#FFFFFF", "#FDEEDC", "#8A4B00", "#FBE8D0"),
        ("#F0A24A", "#F5B76F", "#2E1B02", "#3A2A14", "#F5BC7C", "#453118"),
    ),
    "pink": (
        ("#B0387A", "#93295F", "#FFFFFF", "#FBE6F1", "#8A2560", "#F9DFEC"),
        ("#F084BB", "#F5A1CB", "#3A0A24", "#3F1F31", "#F5A3CD", "#4A2439"),
    ),
    "violet": (
        ("#6B4FD0", "#573DB8", "#FFFFFF", "#EEEAFC", "#4E38A3", "#E9E3FB"),
        ("#AE97FF", "#C0AEFF", "#1E1346", "#2C2650", "#C3B3FF", "#352D60"),
    ),
    "graphite": (
        ("#4A5565", "#3A4350", "#FFFFFF", "#EBEEF2", "#3F4955", "#E3E7EC"),
        ("#9AA5B4", "#B0BAC7", "#15191F", "#2A2F37", "#C3CBD6", "#323842"),
    ),
}
"""Six accents: the accent tokens for light and for dark, in the order of `_ACCENT_FIELDS`."""

# (size, weight, line height)
TYPE: dict[str, tuple[float, int, int]] = {
    "caption": (11.5, 400, 16),
    "small": (12.5, 400, 18),
    "body": (13.5, 400, 20),
    "strong": (13.5, 600, 20),
    "title": (16, 600, 22),
    "page": (20, 600, 28),
    "figure": (24, 600, 32),
}

CONTRAST_PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "surface", 4.5), ("text", "chrome", 4.5), ("text", "select", 4.5),
    ("text2", "surface", 4.5), ("text2", "chrome", 4.5), ("text2", "select", 4.5),
    ("text3", "surface", 4.5), ("text3", "chrome", 4.5), ("text3", "hover", 4.5),
    ("text3", "sunken", 4.5), ("accent_text", "surface", 4.5), ("accent_text", "accent_soft", 4.5),
    ("accent_text", "select", 4.5), ("on_accent", "accent", 4.5),
    ("on_accent", "accent_hover", 4.5), ("ok", "ok_soft", 4.5), ("warn", "warn_soft", 4.5),
    ("bad", "bad_soft", 4.5), ("bad", "surface", 4.5), ("info", "info_soft", 4.5),
    ("neutral", "neutral_soft", 4.5), ("field", "surface", 3), ("focus", "surface", 3),
    ("focus", "chrome", 3), ("on_tooltip", "tooltip", 4.5), ("tooltip_link", "tooltip", 4.5),
    ("tooltip_ok", "tooltip", 3), ("tooltip_bad", "tooltip", 3),
)  # fmt: skip
"""(what is read, on what, the least ratio by WCAG 2)."""


def tokens_for(*, dark: bool, accent: str = "blue", contrast: bool = False) -> Tokens:
    """The tokens of a theme; an unknown accent means blue."""
    base = DARK if dark else LIGHT
    values = ACCENTS.get(accent, ACCENTS["blue"])[1 if dark else 0]
    chosen = dict(zip(_ACCENT_FIELDS, values, strict=True))
    tokens = replace(base, **chosen, focus=values[0])  # type: ignore[arg-type]
    return _sharpened(tokens) if contrast else tokens


def _sharpened(tokens: Tokens) -> Tokens:
    """High contrast: one ink, and lines as strong as the borders of fields."""
    return replace(
        tokens, text2=tokens.text, text3=tokens.text, line=tokens.field, line2=tokens.text2,
        field=tokens.text, neutral=tokens.text, disabled=tokens.field,
    )  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` by WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(ink: str, ground: str) -> float:
    """WCAG 2 contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(ink), luminance(ground)))
    return (high + 0.05) / (low + 0.05)
