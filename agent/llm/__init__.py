"""Language models behind one protocol (`base.Llm`), and the small choices they make (`choose`)."""

from agent.llm.base import Generation, Llm, Message
from agent.llm.make import make_llm

__all__ = ["Generation", "Llm", "Message", "make_llm"]
