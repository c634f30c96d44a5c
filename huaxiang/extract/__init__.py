"""Stated facts read by rules, in Chinese and English: precision before recall, every value with its exact words."""
