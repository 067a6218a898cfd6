"""The line to a base on a server: whether it holds, who edits what, what waits until it is back."""
