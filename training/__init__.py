"""Recipes that make the shipped model files; each writes a model card. Imports only huaxiang."""
