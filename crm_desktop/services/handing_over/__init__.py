"""Hand-over: what somebody answers for goes to others, as one operation. `planning` says who would
get what, `carrying` does it, `giving_back` takes one record of it back."""
