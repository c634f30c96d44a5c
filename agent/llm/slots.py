"""Slot numbers of the local server: one for questions, one for background extraction."""

QUESTIONS, EXTRACTION = 0, 1
