"""The list of operations, what each of them changed, and their undo.

Reading and undoing is done by `crm_desktop.services`.
"""
