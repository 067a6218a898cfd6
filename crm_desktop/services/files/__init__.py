"""Files kept in the base: their contents once each, what they are, their versions.

Names and bytes of files come from anybody and are hostile until looked at; nothing is executed.
"""
