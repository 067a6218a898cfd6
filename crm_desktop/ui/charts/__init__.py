"""Charts painted by ourselves: bars, stacked bars, lines, funnels; on screen, paper and in files.

They take plain values and give signals; nothing here knows the catalogue or the base.
"""
