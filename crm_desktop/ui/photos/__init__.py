"""Photos on cards: chosen, pasted, dropped, taken away."""
