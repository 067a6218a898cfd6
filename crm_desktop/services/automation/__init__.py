"""Rules that do something when a record is made, takes a value or enters a stage.

`firing` finds within a save which of them fire, `deeds` says what they write, `dry_run` tells when
a rule would have fired.
"""
