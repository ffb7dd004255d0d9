"""The log of everything that happened, and how it is told to those who listen."""
