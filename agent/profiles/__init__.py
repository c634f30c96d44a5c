"""Reading what customers wrote into traits: the trained map and the language model, behind the quote check."""
