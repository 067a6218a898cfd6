"""What each person may do in a shared base: roles, whose records they reach, refusals in words.
A local base has one person, who may do everything; nothing here runs there."""
