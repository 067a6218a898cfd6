"""Rows and cards into files: xlsx, csv, json, vCard and the workbook of refused rows.

Nothing here knows the catalogue or the base. `rows.write_rows` chooses the format by the name of
the file; every file is written beside its place and moved there whole, or not at all.
"""
