"""Duplicates: records of one object that may mean the same person, firm or thing.

`features` says what of a record tells who it is, `blocking` which pairs are worth a look, `score`
how likely a pair is one, `sweep` goes over the whole base, `lookup` asks about one new record,
`kept` remembers what was found and what is no duplicate. See decision 009.
"""
