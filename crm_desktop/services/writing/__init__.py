"""The one writer: from what is asked for to rows, search entries and links of the chain."""
