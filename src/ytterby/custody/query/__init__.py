"""Asking the ledger for events, by the parameters of the standard's query interface."""

from ytterby.custody.query.asking import Found, asked
from ytterby.custody.query.question import NotOffered, Question, TooLarge, question

__all__ = ["Found", "NotOffered", "Question", "TooLarge", "asked", "question"]
