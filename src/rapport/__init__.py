"""Rapport: a self-hosted customer experience platform."""
