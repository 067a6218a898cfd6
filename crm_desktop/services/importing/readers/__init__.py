"""Foreign files as sheets of rows: spreadsheets, delimited text, web pages, JSON, vCard and LDIF.

Nothing here knows the catalogue or the base; `opening.open_source(path, options=...)` gives a
`base.Source` with `sheets`, `sheet(name_or_index)`, `options` as found out and `remarks`, and
`header.guess_header(sheet)` the names of its columns. Whatever the bytes are, the result is rows
or a FileProblem.
"""
