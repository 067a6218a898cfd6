"""Records that mean the same: the page of found groups, and the sheet on which records are merged.

`reading` runs in the worker and gives plain values, `merge_sheet` shows them, the pages act.
"""
