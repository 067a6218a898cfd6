"""Activities: planned, answered, put off and finished; what is to be done next."""
