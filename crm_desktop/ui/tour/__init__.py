"""The program shown by itself: its screens, and its main job, as pictures."""
