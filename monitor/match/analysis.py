"""How a word was cut, as people read it: "Waffen·stillstand·s·verhandlungen"."""

from __future__ import annotations

from monitor.match.words import fold

CUT = "·"


def as_written(word: str, analysis: str) -> str:
    """Return an analysis, which is of the folded word, in the letters of the word itself; "" for one that cuts nothing.

    What was found by another form of the word stays as the analysis has it.
    """
    if CUT not in analysis:
        return ""
    signs: list[str] = []
    at = 0
    for sign in word:
        while analysis.startswith(CUT, at):
            signs.append(CUT)
            at += 1
        folded = next((one for one in (fold(sign), sign) if analysis[at : at + len(one)].lower() == one.lower()), None)
        if folded is None:
            return analysis[:1].upper() + analysis[1:] if word[:1].isupper() else analysis
        signs.append(sign)
        at += len(folded)
    return "".join(signs)
