"""Taking records out into files: choosing columns, turning values into cells, writing.

Writers know no catalogue; the rest knows no file formats.
"""
