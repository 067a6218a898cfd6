"""Paints the board: heads of columns and those cards that are in sight, nothing else.

Grounds are filled before antialiasing is turned on, texts that are cut are remembered: a card
costs a tenth of a millisecond, a screen of them a few.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from datetime import tzinfo

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from crm_desktop.i18n import _, language
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.board.cards import LATE, NO_STEP, STUCK, Card, Found
from crm_desktop.services.board.columns import Key
from crm_desktop.ui import icons
from crm_desktop.ui.board import words
from crm_desktop.ui.board.piles import EDGE, GAP, GROUP, Layout, Pile
from crm_desktop.ui.board.state import AMOUNT, CHANCE, CLIENT, CONTACT, EXPECTED, NEXT, SOURCE, WHO
from crm_desktop.ui.painting import (
    AA,
    LEFT,
    NO_BRUSH,
    NO_PEN,
    RIGHT,
    box,
    elided,
    pill,
    pill_width,
    portrait,
    tone_colors,
)
from crm_desktop.ui.theme import color, font, metrics, px, theme

TITLE, LINE, FOOT, PAD = 20, 18, 24, 9
ZONE = 76
"""Height of what takes what is won or lost."""
_KEPT = 6000
PICTURES = 160
"""Pictures of cards that are kept: some screens of them."""


def card_height(fields: Collection[str], more: int = 0) -> int:
    """Of a card with these fields, so many further ones, and the gap below it."""
    lines = [CLIENT in fields, CONTACT in fields, SOURCE in fields,
             bool({AMOUNT, EXPECTED, CHANCE} & set(fields))]  # fmt: skip
    return px(2 * PAD + TITLE + FOOT) + (sum(lines) + more) * px(LINE) + px(GAP)


class Drawing:
    """How one board is painted."""

    def __init__(self, found: Found, layout: Layout, fields: Collection[str], zone: tzinfo) -> None:
        self.found, self.layout, self.fields, self.zone = found, layout, frozenset(fields), zone
        self.chosen: Collection[int] = ()
        self.faded: Collection[int] = ()
        self.current: int | None = None
        self.target: int | None = None
        """The column over which something is held."""
        self.target_lane: Key | None = None
        """The lane in it."""
        self.held_zone: int | None = None
        """The stage of the drop zone over which something is held."""
        self.zones = False
        """Whether the zones of won and lost are shown."""
        self.hovered: int | None = None
        self.pictures: dict[Hashable, QPixmap] = {}
        """Of the cards that were painted last; handed on to the next drawing of the same board."""
        self.photo: Callable[[Ref], QPixmap | None] = lambda _ref: None
        """The picture of a colleague, as far as it is known."""
        self._cut: dict[tuple[str, str, int], str] = {}

    def elided(self, text: str, kind: str, wide: float) -> str:
        """The text cut to a width; remembered."""
        key = (text, kind, int(wide))
        known = self._cut.get(key)
        if known is None:
            if len(self._cut) > _KEPT:
                self._cut.clear()
            known = elided(text, kind, wide)
            self._cut[key] = known
        return known

    # --- the whole --------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRect) -> None:
        """All within `area` of the viewport."""
        painter.fillRect(area, color("surface"))
        for place in range(len(self.layout.piles)):
            whole = self.layout.rect(place)
            if whole.right() < area.left() or whole.left() > area.right():
                continue
            self._paint_ground(painter, place, whole)
            if area.bottom() >= self.layout.body_top:
                self._paint_cards(painter, place, area)
            if area.top() < self.layout.body_top:
                self._paint_head(painter, self.layout.piles[place], whole)
        if self.zones:
            self._paint_zones(painter)

    def _paint_ground(self, painter: QPainter, place: int, whole: QRectF) -> None:
        held = self.target == place
        if held and self.target_lane is not None:
            painter.fillRect(whole, color("chrome"))
            whole = self.layout.cell(place, self.target_lane)
        painter.fillRect(whole, color("accent_soft" if held else "chrome"))
        if held:
            box(painter, whole, radius=0, border="accent", width=2)

    def _paint_cards(self, painter: QPainter, place: int, area: QRect) -> None:
        body, pile = self.layout.body(place), self.layout.piles[place]
        painter.save()
        painter.setClipRect(body.intersected(QRectF(area)))
        low = pile.scroll + max(0, area.top() - self.layout.body_top) - px(GAP)
        high = pile.scroll + area.bottom() - self.layout.body_top + px(GAP)
        for key, top, count in pile.heads(low, high):
            self._paint_lane(painter, body, body.top() + top - pile.scroll, key, count)
        for number, _top in pile.between(low, high):
            self.paint_card(painter, pile.cards[number], self.layout.card_rect(place, number))
        if not pile.cards and not self.layout.lanes:
            self._paint_empty(painter, body)
        above = pile.run_at(pile.scroll)
        if above.key is not None and above.top < pile.scroll:  # its name stays in sight
            edge = body.top() + min(0, above.bottom - px(GROUP) - pile.scroll)
            painter.fillRect(QRectF(body.left(), edge, body.width(), px(GROUP)), color("chrome"))
            self._paint_lane(painter, body, edge, above.key, above.count)
        self._paint_scroll(painter, pile, body)
        painter.restore()

    def _paint_lane(
        self, painter: QPainter, body: QRectF, edge: float, key: Key, count: int
    ) -> None:  # fmt: skip
        """The name of a lane in one column, and how many cards it has there."""
        if edge > body.top():
            painter.fillRect(QRectF(body.left(), edge, body.width(), 1), color("line2"))
        spot = QRectF(body.left() + px(8), edge, body.width() - px(16), px(GROUP))
        said = f"{words.key_title(self.found, key)} · {words.number(count)}"
        painter.setFont(font("strong"))
        painter.setPen(color("text2" if count else "text3"))
        painter.drawText(spot, LEFT, self.elided(said, "strong", spot.width()))

    def _paint_empty(self, painter: QPainter, body: QRectF) -> None:
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        spot = QRectF(body.left(), body.top() + px(10), body.width(), px(24))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), _("Nothing here"))

    def _paint_scroll(self, painter: QPainter, pile: Pile, body: QRectF) -> None:
        bar = scroll_bar(pile, body)
        if bar is not None:
            box(painter, bar, radius=bar.width() / 2, fill="line2")

    def _paint_head(self, painter: QPainter, pile: Pile, whole: QRectF) -> None:
        column, totals = pile.column, pile.column.totals
        head = QRectF(whole.left(), 0, whole.width(), self.layout.body_top)
        ink, _soft = tone_colors(column.tone)
        held = self.target is not None and self.layout.piles[self.target] is pile
        painter.fillRect(head.adjusted(2, 2, -2, 0) if held else head,
                         color("accent_soft" if held else "chrome"))  # fmt: skip
        painter.fillRect(QRectF(head.left(), 0, head.width(), px(3)), ink)
        room = head.adjusted(px(10), px(8), -px(10), 0)
        count = words.number(totals.count)
        painter.setFont(font("strong"))
        painter.setPen(color("text3"))
        wide = metrics("strong").horizontalAdvance(count) + px(8)
        line = QRectF(room.left(), room.top(), room.width(), px(22))
        painter.drawText(line, RIGHT, count)
        painter.setPen(color("text"))
        title = words.column_title(self.found, column)
        line.setRight(line.right() - wide)
        painter.drawText(line, LEFT, self.elided(title, "strong", line.width()))
        self._paint_sums(painter, pile, QRectF(room.left(), line.bottom(), room.width(), px(20)))

    def _paint_sums(self, painter: QPainter, pile: Pile, line: QRectF) -> None:
        totals = pile.column.totals
        said, weighted = words.sums(totals.sums), words.sums(totals.weighted)
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        painter.drawText(line, LEFT, self.elided(said or "—", "small", line.width()))
        if weighted:
            line.translate(0, px(18))
            painter.setPen(color("text3"))
            painter.drawText(line, LEFT, self.elided(f"≈ {weighted}", "small", line.width()))

    # --- one card ---------------------------------------------------------------------------------

    def paint_card(self, painter: QPainter, card: Card, rect: QRectF) -> None:
        """One card; a picture of it is kept, for most are painted again as they were."""
        look = self._look(card, rect)
        picture = self.pictures.get(look)
        if picture is None:
            ratio = painter.device().devicePixelRatioF()
            picture = QPixmap((rect.size() * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            inside = QPainter(picture)
            self._paint_fresh(inside, card, QRectF(QPointF(), rect.size()))
            inside.end()
            if len(self.pictures) >= PICTURES:
                del self.pictures[next(iter(self.pictures))]
            self.pictures[look] = picture
        if card.id in self.faded:
            painter.setOpacity(0.35)
        painter.drawPixmap(rect.topLeft(), picture)
        painter.setOpacity(1.0)

    def _look(self, card: Card, rect: QRectF) -> Hashable:
        """All that the picture of a card depends on."""
        found, targets = self.found, self.found.targets
        names = (found.title(targets.client, card.client), found.title(targets.who, card.who),
                 found.title(targets.person, card.person),
                 found.title(targets.source, card.source))  # fmt: skip
        marks = (found.is_late(card), found.days_in_stage(card), found.today)
        state = (card.id in self.chosen, card.id == self.current, card.id == self.hovered)
        photo = self._photo(card)
        names += (photo.cacheKey() if photo is not None else 0,)
        return (card, names, found.more.get(card.id), marks, state, self.fields, rect.width(),
                language(), id(theme().tokens), found.stages.get(card.stage))  # fmt: skip

    def _photo(self, card: Card) -> QPixmap | None:
        """Of whoever answers for the card, if cards say who that is."""
        if WHO not in self.fields or not card.who:
            return None
        return self.photo(Ref(self.found.targets.who, card.who))

    def _paint_fresh(self, painter: QPainter, card: Card, rect: QRectF) -> None:
        """Title, what was chosen to be shown, the next step and what is wrong."""
        marks = self.found.marks(card)
        chosen = card.id in self.chosen
        ground = "select" if chosen else "hover" if card.id == self.hovered else "raised"
        box(painter, rect, radius=px(6), fill=ground, border="accent" if chosen else "line2")
        if card.id == self.current:
            box(painter, rect, radius=px(6), border="focus", width=2)
        edge = "bad" if STUCK in marks else "warn" if NO_STEP in marks else ""
        if edge:
            bar = QRectF(rect.left() + 1, rect.top() + px(6), px(3), rect.height() - px(12))
            painter.fillRect(bar, color(edge))
        room = rect.adjusted(px(11), px(PAD), -px(9), -px(PAD))
        top = self._paint_top(painter, card, room)
        for name, value in self._lines(card):
            painter.setFont(font("small"))
            painter.setPen(color("text2"))
            line = QRectF(room.left(), top, room.width(), px(LINE))
            if name == AMOUNT:
                self._paint_money(painter, card, line)
            else:
                painter.drawText(line, LEFT, self.elided(value, "small", line.width()))
            top += px(LINE)
        foot = QRectF(room.left(), room.bottom() - px(FOOT) + px(3), room.width(), px(FOOT - 3))
        self._paint_foot(painter, card, marks, foot)

    def _paint_top(self, painter: QPainter, card: Card, room: QRectF) -> float:
        line = QRectF(room.left(), room.top(), room.width(), px(TITLE))
        if WHO in self.fields and card.who:
            spot = QRectF(room.right() - px(20), room.top() - px(1), px(20), px(20))
            name = self.found.title(self.found.targets.who, card.who)
            portrait(painter, spot, name, self._photo(card))
            line.setRight(spot.left() - px(6))
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        painter.drawText(line, LEFT, self.elided(card.name, "strong", line.width()))
        return line.bottom()

    def _lines(self, card: Card) -> list[tuple[str, str]]:
        found, targets, fields = self.found, self.found.targets, self.fields
        lines = []
        if CLIENT in fields:
            lines.append((CLIENT, found.title(targets.client, card.client)))
        if CONTACT in fields:
            lines.append((CONTACT, found.title(targets.person, card.person)))
        if SOURCE in fields:
            lines.append((SOURCE, found.title(targets.source, card.source)))
        if fields & {AMOUNT, EXPECTED, CHANCE}:
            lines.append((AMOUNT, ""))
        values = found.more.get(card.id, ("",) * len(found.more_fields))
        for f, value in zip(found.more_fields, values, strict=False):
            lines.append((f.key, f"{_(f.label)}: {value}" if value else ""))
        return lines

    def _paint_money(self, painter: QPainter, card: Card, line: QRectF) -> None:
        right = []
        if CHANCE in self.fields:
            right.append(f"{self.found.chance(card)} %")
        if EXPECTED in self.fields and card.day is not None:
            right.append(words.day(self.found, card.day))
        said = " · ".join(right)
        if said:
            painter.setPen(color("text3"))
            painter.drawText(line, RIGHT, said)
        if AMOUNT in self.fields and card.amount is not None:
            wide = line.width() - metrics("small").horizontalAdvance(said) - px(8)
            painter.setPen(color("text"))
            painter.setFont(font("strong"))
            text = words.amount(self.found, card)
            painter.drawText(line, LEFT, self.elided(text, "strong", wide))

    def _paint_foot(
        self, painter: QPainter, card: Card, marks: list[str], foot: QRectF
    ) -> None:  # fmt: skip
        room = QRectF(foot)
        if STUCK in marks:
            said = words.stuck(self.found.days_in_stage(card))
            other = pill_width(_("No step"), dot=False) if NO_STEP in marks else 0
            if other + px(6) + pill_width(said, dot=False) > room.width():
                said = words.stuck_briefly(self.found.days_in_stage(card))  # both have to be told
            wide = pill_width(said, dot=False)
            spot = QRectF(room.right() - wide, room.top(), wide, room.height())
            pill(painter, spot, said, tone="bad", dot=False)
            room.setRight(spot.left() - px(6))
        if NO_STEP in marks:
            self._paint_no_step(painter, room)
        elif NEXT in self.fields:
            late = LATE in marks
            side = px(14)
            picture = icons.pixmap("clock", "bad" if late else "text3", 16)
            painter.drawPixmap(
                QRectF(room.left(), room.center().y() - side / 2, side, side),
                picture, QRectF(picture.rect()),
            )  # fmt: skip
            said = words.step_day(self.found, card, self.zone)
            line = room.adjusted(side + px(5), 0, 0, 0)
            whole = f"{said} · {card.next_step}" if card.next_step else said
            if metrics("small").horizontalAdvance(said) + px(40) < line.width():
                said = whole  # a day with two letters of words says less than the day alone
            painter.setFont(font("small"))
            painter.setPen(color("bad" if late else "text2"))
            painter.drawText(line, LEFT, self.elided(said, "small", line.width()))

    def _paint_no_step(self, painter: QPainter, room: QRectF) -> None:
        said = _("No next step")
        if pill_width(said, dot=False) > room.width():
            said = _("No step")
        wide = pill_width(said, dot=False)
        if wide <= room.width():
            spot = QRectF(room.left(), room.top(), wide, room.height())
            pill(painter, spot, said, tone="warn", dot=False)

    # --- where it ends ----------------------------------------------------------------------------

    def zone_rects(self) -> list[tuple[int, QRectF]]:
        """(stage, place) of the zones for what is won or lost, at the foot of the board."""
        ends, room = self.found.ends, self._room()
        if not ends:
            return []
        wide = room.width() / len(ends)
        return [
            (stage.id, QRectF(room.left() + n * wide, room.top(), wide - px(GAP), room.height()))
            for n, stage in enumerate(ends)
        ]

    def _room(self) -> QRectF:
        layout = self.layout
        wide = min(layout.seen_width, layout.whole) - px(EDGE)
        return QRectF(px(EDGE), layout.tall - px(ZONE), wide, px(ZONE - 8))

    def _paint_zones(self, painter: QPainter) -> None:
        band = QRectF(0, self.layout.tall - px(ZONE + 8), self.layout.seen_width, px(ZONE + 8))
        painter.fillRect(band, color("surface"))
        for stage_id, rect in self.zone_rects():
            stage = self.found.stages[stage_id]
            ink, soft = tone_colors("ok" if stage.outcome == "won" else "bad")
            held = stage_id == self.held_zone
            box(painter, rect, radius=px(8), fill=soft, border=ink, width=3 if held else 1)
            painter.setFont(font("title" if held else "strong"))
            painter.setPen(ink)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), stage.name)


def scroll_bar(pile: Pile, body: QRectF) -> QRectF | None:
    """The thumb at the right of a column; None where everything is in sight."""
    room = body.height()
    whole = pile.height + px(GAP)
    if whole <= room or room <= 0:
        return None
    tall = max(px(28), room * room / whole)
    share = pile.scroll / max(1, whole - room)
    top = body.top() + share * (room - tall)
    return QRectF(body.right() - px(6), top, px(4), tall)


def paint_band(painter: QPainter, band: QRectF) -> None:
    """The frame around what is to be chosen."""
    painter.setRenderHint(AA, False)
    painter.setPen(color("accent"))
    painter.setBrush(NO_BRUSH)
    painter.setOpacity(0.15)
    painter.fillRect(band, color("accent"))
    painter.setOpacity(1.0)
    painter.drawRect(band)
    painter.setPen(NO_PEN)
