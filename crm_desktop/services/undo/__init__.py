"""Undo of any operation through the one writer."""
