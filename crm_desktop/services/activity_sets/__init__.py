"""Activity sets: steps planned at once around one date."""
