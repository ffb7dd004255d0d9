"""Conversations: what customers want settled, on whatever channel, and what we promised them."""
