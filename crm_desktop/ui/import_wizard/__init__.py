"""The import wizard: from a spreadsheet to records in five steps, with a test run before anything
is written. Shows and asks only; reading, mapping and writing are `services/importing`.
"""
