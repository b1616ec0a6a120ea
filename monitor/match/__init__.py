"""Find what rules ask for in an item's text, and say why or why not.

language/  an expression -> tree; errors with their place, advice for `check`
forms/     the forms of one word: dictionary, inflection, compounds, derivations
words, sentences   text -> words with their places; where sentences end
rows, names, wildcards, regexes   what is looked for: words and phrases, names, open words, users' expressions
hits       what all patterns answer
plan       rules -> plans whose leaves are numbers: each thing is looked for once, for all rules
compile    leaves -> patterns, for a language
index      all patterns at once over one text
find       what of all that stands in an item; which names count (persons)
evaluate   does a plan hold of what was found
judged     a rule: lists, query, counts and score
explain, near   what was judged, in words, with near misses
engine     rules in, matches and verdicts out
"""
