"""What may be done with the data. No Qt: the window, the command line and a test do the same."""
