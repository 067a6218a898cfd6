"""Records that are somebody's own business: who may see them, now and in the past."""
