"""What the process of the window needs: threads, memory, stalls, one running copy, guests."""
