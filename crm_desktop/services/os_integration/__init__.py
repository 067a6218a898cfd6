"""What the operating system keeps or does for the program: passwords, types of files, memory."""
