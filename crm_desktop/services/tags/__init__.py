"""Tags of records, and the line in which a record keeps them."""
