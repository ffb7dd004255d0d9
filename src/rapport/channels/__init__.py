"""Channels: one complete folder each, behind ``desk.channels.Channel``."""
