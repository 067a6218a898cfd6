"""The window of the program: navigation, top bar, tabs, side panel, and what joins the features.

It knows features only as pages made by the functions of a table it is given.
"""
