"""What a question means: whom, what, which days, which records, under which conditions. Code, without a model."""
