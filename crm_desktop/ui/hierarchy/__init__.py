"""The page on which records of one object stand below one another and are moved."""
