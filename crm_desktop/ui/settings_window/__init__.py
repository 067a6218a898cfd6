"""The settings of this machine and of the open base, and what the program says about itself.

What a setting means stands in `crm_desktop.settings`.
"""
