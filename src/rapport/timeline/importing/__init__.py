"""Bringing in others' history: reading their files, understanding the columns, writing in whole chunks."""
