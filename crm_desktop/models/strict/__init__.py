"""What an account may read and write in a base on a server, as the server itself keeps it: views,
functions and triggers, generated from the catalogue. Nothing here runs on a base of one file."""
