"""What an office changes of the catalogue and of cards: objects, fields, layouts."""
