"""What German has few of and no dictionary tells: the closed lists of word formation, each with its reason."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(words.split())


# Letters between the parts of a compound (Duden, Grammatik: Fugenelemente): Arbeit·s·markt, Sonne·n·schein, Kind·er·garten.
LINKS = ("", "s", "n", "en", "es", "er", "e", "ens", "ns")


def links_behind(word: str) -> list[str]:
    """Return the linking letters that may stand behind a folded word: no s behind another."""
    return [link for link in LINKS if not (word.endswith("s") and link.startswith("s"))]


# Before a noun these make a word of its own, not a compound with the noun: Zug, Ab·zug; Wahl, Aus·wahl; Rat, Vor·rat.
PREFIXES = listed(
    """ab an auf aus be bei dabei daran davon dar dazu de dis durch ein empor emp ent entgegen er fort ge her herab heran herauf
    heraus herbei herein herum herunter hervor hin hinab hinauf hinaus hinein hinzu im in inter kon los miss mit nieder ob prae
    pro re rueck trans ueber um un unter ur ver voran voraus vorbei vor weg wider wieder zer zu zurueck zusammen"""
)

# Those of them that verbs have, and so the nouns of verbs: Fall, Ab·fall, An·fall, Ver·fall. (Duden: Partikel- und Präfixverben.)
VERB_PARTICLES = listed("ab an auf aus be durch ein emp ent er ueber um unter ver vor zer zu")

# Those that also stand before nouns of no verb, which stay what they are: Ab·gas, Aus·land, Vor·garten, Ur·wald, Rück·wand.
NOUN_PARTICLES = listed("ab auf aus bei miss nieder rueck ueber um unter ur vor zu")

# Nouns of three letters (and "Ex") that build compounds. All other words of three letters are chance: "Sek·tor", "Lit·eratur", "Kon·zern".
SHORT_NOUNS = listed(
    """aal abi abo akt alm amt arm art ast axt bad bar bau bei bio bit bub bug bus cup deo dom eck ehe eid eis ende erb erd erz fan
    fee gas gau gel gut hai hof hub hut ion jet job kai kot kuh kur lob lok los lkw mai met mob moor mus mut not ohr oel oma opa
    ort ost pkw pol pop rad rat rot ruf rum see sex ski spa tag tal tat tau tee tip tod ton tor typ ufo uhr ulk wal web weg wut
    zar zoo zug alt neu roh nah fix end tot mix hit set ex"""
)

# Endings that make a new word: what stands before them is no part of a compound (wahl·los, rat·sam, Bank·er). Some are
# also words, but then not the last part of a word in lower case: "kostenlos" is not a kind of "Los".
DERIVING = listed(
    """ung ungen lich liche los lose haft hafte bar bare in innen er ern ers t te ten ig isch ische sam same heit heiten keit keiten
    schaft schaften ling linge chen lein tum tums nis nisse ion ionen ismus ist isten ium eren ieren este ende tete zen gen loge
    loger ei ant istik iker eur euse ator atoren ierung ner ler erei egel ette ose oid ment mente tor toren ive iv ieren"""
)
# … and those of them that also are nouns which end compounds: Untersuchungs·haft, Stadt·tor, Wochen·ende.
ENDING_NOUNS = listed("haft bar ende tor gen los ei")

# Ends of place and family names. A word of the dictionary with such an end and without a plural is a name: Forch·heim, Os·wald.
NAME_ENDS = listed(
    """heim stadt land hafen feld tal stein wald walde burg dorf bach berg furt hausen kirchen kirch brunn bronn horst rode werth roda
    muenster reuth stetten"""
)

# … and those that end places only, in words that no dictionary has too: Waldbronn, Wildeshausen.
PLACE_ENDS = listed("hausen hofen brunn bronn rode roda reuth stetten werth walde weiler staetten ingen")
# What is both the end of places or families and a noun: they have one short word before it and no linking letter, Kirch·heim,
# Thun·berg, Lind·holz.
PLACE_NOUNS = listed("heim berg burg dorf bach stein feld furt horst kirchen holz mann")

# Ends of family names that are no nouns themselves: Stein·meier is no stone, See·hofer no lake. They look like compounds, and more of
# them are in the news than in any dictionary.
FAMILY_ENDS = listed("meier meyer maier mayer hofer huber berger")
