"""A particle and a noun are a compound, unless a verb has put them together."""

from monitor.match.forms.prefixed import prefixed_compounds

PARTICLES = ("ab", "an", "auf", "aus", "ein", "um", "zu")


def compounds(*nouns, verbs=None, made_of_nouns=()):
    return prefixed_compounds(nouns, verbs or {}, made_of_nouns)


def test_a_noun_that_few_particles_have_stays_what_it_is():
    assert compounds("gas", "abgas") == {"abgas"}


def test_a_noun_that_many_particles_have_is_of_a_verb():
    assert compounds("zug", *(particle + "zug" for particle in PARTICLES)) == set()


def test_a_verb_of_the_same_parts_claims_the_noun():
    assert compounds("teil", "urteil", verbs={"urteilen": ["urteilte"]}) == set()
    assert compounds("rat", "vorrat", verbs={"bevorraten": ["bevorratete"]}) == set()
    assert compounds("leser", "vorleser", verbs={"vorlesen": ["las", "vorgelesen"]}) == set()


def test_a_verb_that_changes_its_stem_claims_only_what_more_particles_have():
    winden = ["aufwand", "aufgewunden"]

    assert compounds("wind", "aufwind", verbs={"aufwinden": winden}) == {"aufwind"}
    assert compounds("wind", "aufwind", "abwind", "umwind", verbs={"aufwinden": winden}) == {"abwind", "umwind"}


def test_a_verb_written_as_a_noun_is_none():
    assert compounds("schwimmen", "abschwimmen", verbs={"schwimmen": []}) == set()


def test_a_prefix_stands_before_a_simple_noun():
    assert compounds("laufbahn", "umlaufbahn", made_of_nouns={"laufbahn"}) == set()
