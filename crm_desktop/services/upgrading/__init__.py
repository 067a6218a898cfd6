"""What an older base needs beside its tables to be one of this program."""
