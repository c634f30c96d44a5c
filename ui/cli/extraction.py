"""Stated and inferred profile fields by the language model, for `huaxiang profile build --llm`."""

from __future__ import annotations
