"""Legal details on a card: each set as a block to be read, copied, printed, with its accounts.
What a number says, such as a BIK, is filled into its form while it is typed."""
