"""Drafts in the base itself: what somebody has typed and not saved, so that a lost computer, a
killed program and a dismissal lose nothing.

Staff have no right on the table. By the procedures a person writes and reads drafts of his own; who
was dismissed is read by his head, his successor and the administrator. `place` is one computer:
of each record it keeps one draft. Numbers are below zero: those of left texts are above.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from crm_desktop.models.backend.firebird_seats_read import ME, NOW
from crm_desktop.models.backend.firebird_sql import ID_GENERATOR

MOST_PARTS = 500
"""Parts of drafts that one account keeps: two megabytes."""
PART = 4000
"""Letters of a part."""
PLACE = 80
"""Letters of the name of a computer."""
PLANNER = -1
"""In place of a record: the drafts of the planner, all of them together."""

_KEEP = f"""CREATE OR ALTER PROCEDURE seat_draft_keep (place VARCHAR({PLACE}), ent SMALLINT,
  rid BIGINT, part INTEGER, title VARCHAR(300), body VARCHAR({PART})) AS
DECLARE id BIGINT; DECLARE parts INTEGER;
BEGIN
  SELECT FIRST 1 d.id FROM seat_draft d WHERE d.login = {ME} AND d.place = :place
   AND d.ent = :ent AND d.rid = :rid INTO id;
  IF (part = 0) THEN DELETE FROM seat_draft d WHERE d.id = :id;
  SELECT COUNT(*) FROM seat_draft d WHERE d.login = {ME} INTO parts;
  IF (parts >= {MOST_PARTS} OR (part > 0 AND id IS NULL)) THEN EXCEPTION seat_refused;
  INSERT INTO seat_draft (id, part, login, place, ent, rid, title, body, kept_at)
   VALUES (COALESCE(:id, -GEN_ID({ID_GENERATOR}, 1)), :part, {ME}, :place, :ent, :rid, :title,
    :body, {NOW});
END"""

_DROP = f"""CREATE OR ALTER PROCEDURE seat_draft_drop (
  place VARCHAR({PLACE}), ent SMALLINT, rid BIGINT) AS
BEGIN
  DELETE FROM seat_draft d WHERE d.login = {ME} AND d.place = :place AND d.ent = :ent
   AND d.rid = :rid;
END"""

_MINE = f"""CREATE OR ALTER PROCEDURE seat_drafts (place VARCHAR({PLACE}))
RETURNS (ent SMALLINT, rid BIGINT) AS
BEGIN
  FOR SELECT d.ent, d.rid FROM seat_draft d WHERE d.login = {ME} AND d.place = :place
   AND d.part = 0 INTO ent, rid DO SUSPEND;
END"""

DRAFTS = (_KEEP, _DROP, _MINE)

LEFT = f"""SELECT d.id, d.part, d.login, d.ent, d.rid, d.title, d.body,
   DATEDIFF(SECOND FROM d.kept_at TO {NOW}) FROM seat_draft d
   LEFT JOIN seat_dismissal s ON s.login = d.login
   WHERE (d.login = {ME} AND d.place <> :here)
    OR s.head = {ME} OR s.successor = {ME} OR (s.login IS NOT NULL AND :is_admin = 1)"""
"""What somebody reads of drafts: his own of other computers than `here`, those that were left to
him."""
DONE = f"""DELETE FROM seat_draft d WHERE d.id = :text_id AND (d.login = {ME} OR EXISTS (
   SELECT 1 FROM seat_dismissal s WHERE s.login = d.login
    AND (s.head = {ME} OR s.successor = {ME} OR :is_admin = 1)));"""
