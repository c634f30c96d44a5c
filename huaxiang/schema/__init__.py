"""Pydantic models at every border: event, evidence, trait, profile, answer, field packs."""
