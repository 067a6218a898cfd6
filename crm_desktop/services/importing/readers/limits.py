"""Limits on foreign files: far above what a customer base needs, far below what a machine loses."""

from __future__ import annotations

MEBIBYTE = 1024 * 1024

# A workbook is unpacked and held in memory while it is read.
MAX_WORKBOOK_BYTES = 512 * MEBIBYTE
MAX_UNPACKED_BYTES = 2048 * MEBIBYTE
MAX_RATIO = 300  # ordinary workbooks pack 8 to 40 times
RATIO_COUNTS_FROM_BYTES = 50 * MEBIBYTE
MAX_ENTRIES = 20_000

# python-calamine keeps a full rectangle, about 33 bytes a cell even where it is empty
# (10,000 x 1,000 with two cells filled: 328 MB); wider areas are read row by row instead.
MAX_DENSE_CELLS = 12_000_000
# A workbook with a bigger part is read in slices of so many bytes of XML: calamine takes about
# 30 MB for 50,000 rows of eight columns, and a quarter of a second.
SLICED_FROM_BYTES = 8 * MEBIBYTE
SLICE_BYTES = MEBIBYTE
MAX_COLUMNS = 16_384  # as wide as Excel gets

MAX_LINE_BYTES = 16 * MEBIBYTE  # one line of text without an end
MAX_CELL_CHARACTERS = 4 * MEBIBYTE
MAX_RECORD_CHARACTERS = 16 * MEBIBYTE  # one object of JSON, one property of a card
MAX_MARKUP_BYTES = 256 * MEBIBYTE  # tables written as a web page or as XML
MAX_CARD_VALUES = 5_000

SAMPLE_BYTES = 256 * 1024  # what encodings and separators are judged by
SAMPLE_ROWS = 500  # what widths, headers and date orders are judged by
COUNT_ALL_SHEETS_BYTES = 64 * MEBIBYTE  # below it the rows of every sheet are counted on opening
