"""The language of rules: `query` and every entry of a list.

tree      the nodes of an expression, and their text again
tokens    text -> tokens
entry     an entry of a list without a sign: a word or a phrase
parser    tokens -> tree, with errors that say where and what would be right
advice    what is allowed and probably not meant
"""
