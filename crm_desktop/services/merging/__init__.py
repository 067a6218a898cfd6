"""Merging: several records of one object become one, and nothing that was known is lost.

`merge.Merging` is the door; `plan` proposes the values, `absorbing` moves what hangs on the losers,
`lineage` remembers who became whom.
"""
