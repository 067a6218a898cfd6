"""What is seen. No SQL here: widgets ask services through `operations`."""
