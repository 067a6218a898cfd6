"""A lively demo company and a messy sample spreadsheet, made from a fixed seed in two languages.

Words and rules of each language stand in data modules; everything else asks them for its words.
"""
