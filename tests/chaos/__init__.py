"""Rapport under bad luck: killed, filled up, lied to."""
