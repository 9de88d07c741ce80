"""Threads of comments, one level deep, below anything that holds a thread."""
