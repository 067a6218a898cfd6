"""The licence of a shared base and the seats that it gives, counted in the base itself.

`licence` reads and signs files, `standing` judges the installed one, `broker` counts the seats.
"""
