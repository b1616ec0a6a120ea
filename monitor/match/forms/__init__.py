"""The forms of one query word: which tokens of a text are that word, in one of the four modes.

german    closed lists of German word formation
prefixed  which nouns with a particle are compounds, learnt from a dictionary
parts     what compounds are made of, learnt from a dictionary (while it is packed)
pack      simplemma -> the compact dictionary, in a child process
compact   the compact dictionary, opened
lattice   a word cut into known parts, as cheaply as possible
inflect   a word -> its inflected forms
derive    a word -> the words made of it by endings and prefixes
term      a term in a mode -> judge(token)
names     a word of a name -> judge(token)
nearest   known words that look like an unknown one
lexicon   opens dictionaries, gives terms and names
"""
