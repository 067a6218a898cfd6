"""The end of somebody's work here: the switch of the administrator, what the window of who was
dismissed does, and what was left unsaved as the head reads it."""
