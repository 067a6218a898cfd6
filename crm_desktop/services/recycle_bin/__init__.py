"""The recycle bin: what was deleted or left its owner, and its way back."""
