"""Which nouns with a particle are compounds: Ab·gas, Vor·garten and Ur·wald are kinds of their last part; Abzug and Vorrat are not.

The noun of a verb takes its particle from there: Zug is of "ziehen", so Abzug is of "abziehen". No dictionary says which noun is of
which verb, but it shows: such a noun stands behind many of the particles that verbs have (Zug behind nineteen, Gas behind one),
or a verb is made of the same parts (Urteil, urteilen).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping

from monitor.match.forms.german import NOUN_PARTICLES, VERB_PARTICLES

SHORTEST_TAIL = 3
LONGEST_PARTICLE = max(map(len, NOUN_PARTICLES | VERB_PARTICLES))
# Behind so many of the particles that verbs have there stands no noun but one of a verb: Land has four, Bruch seven.
MOST_PARTICLES = 4
# A verb that changes its stem says nothing against a noun that few particles have: "Aufwind" is not of "aufwinden, aufgewunden".
FEW_PARTICLES = 2
# What a noun has more than the stem of its verb: Speis·e, Les·er, Lehn·ung, Spiel·erin.
_NOUN_ENDINGS = ("", "e", "er", "erin", "ung")
_VERB_ENDINGS = ("en", "n", "ern", "eln")
# What the verb may have before the particle: be·urkund·en, be·vorteil·en, ver·ursach·en.
_BEFORE = ("", "be", "ver")


def prefixed_compounds(nouns: Collection[str], others: Mapping[str, Collection[str]], compounds: Container[str]) -> set[str]:
    """Return those of the nouns that are compounds of a particle and a noun. All is folded.

    ``others``: the base form of each word in small letters, with its forms. ``compounds``: nouns that are made of nouns.
    """
    known = nouns
    particles: dict[str, set[str]] = defaultdict(set)
    found: list[tuple[str, str]] = []
    beginnings = tuple(NOUN_PARTICLES | VERB_PARTICLES)
    for noun in known:
        if not noun.startswith(beginnings):
            continue
        for cut in range(2, min(LONGEST_PARTICLE, len(noun) - SHORTEST_TAIL) + 1):
            particle, tail = noun[:cut], noun[cut:]
            if tail not in known:
                continue
            if particle in VERB_PARTICLES:
                particles[tail].add(particle)
            if particle in NOUN_PARTICLES and tail not in compounds and not _is_of_another_kind(tail, others):
                found.append((particle, tail))
    return {
        particle + tail
        for particle, tail in found
        if len(particles[tail]) <= MOST_PARTICLES and not _has_verb(particle, tail, others, may_change=len(particles[tail]) > FEW_PARTICLES)
    }


def _is_of_another_kind(noun: str, others: Container[str]) -> bool:
    """Say whether a noun is a verb or an adjective that is written as one: "das Schwimmen", "die Zunehmende"."""
    return noun in others or any(noun.removesuffix(ending) in others for ending in ("e", "er", "ste"))


def _has_verb(particle: str, tail: str, others: Mapping[str, Collection[str]], *, may_change: bool) -> bool:
    stems = {tail.removesuffix(ending) for ending in _NOUN_ENDINGS}
    return any(
        verb in others and (may_change or before or _keeps_stem(stem, others[verb]))
        for stem in stems
        if len(stem) >= SHORTEST_TAIL
        for before in _BEFORE
        for end in _VERB_ENDINGS
        if (verb := before + particle + stem + end)
    )


def _keeps_stem(stem: str, forms: Iterable[str]) -> bool:
    """Say whether a verb has its stem in the past too: "umkreiste", "beigesteuert", but "aufwand", "aufgewunden"."""
    return any(form.endswith(stem + end) for form in forms for end in ("te", "ete")) or any("ge" + stem in form for form in forms)
