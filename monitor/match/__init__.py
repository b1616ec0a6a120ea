"""Find what rules ask for in an item's text, and say why or why not.

words       text -> words with their places; folding
dictionary  what a word's inflected forms are (in a child process: the dictionary is large)
lexicon     the answers of the dictionary, kept
terms       a term or a name -> patterns of words
index       all patterns of all rules at once over one text
engine      rules: conditions, verdicts, matches
"""
