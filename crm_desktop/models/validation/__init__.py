"""Whether a number, an address or a code is a right one, and if not, why, in a sentence.

`kinds.verdict` is the one door: the form, the writer and the command line all ask there.
"""
