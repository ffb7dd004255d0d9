"""Bringing in conversations that were held elsewhere. Silently: no promise, no survey, no job, no notice."""
