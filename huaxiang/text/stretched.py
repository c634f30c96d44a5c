"""Stretched Latin words as they are spelt: "sooo goood" is "so good", "reallllly" is "really".

A letter three times or more in a row stands once, unless the word is one of `DOUBLE` with the letter twice. Enough for the
words that people stretch; a name that is stretched loses a letter, which no reader of sentiment minds.
"""

from __future__ import annotations

import itertools
import re

DOUBLE = frozenset(
    """good cool too food soon book look poor room smooth boot mood school tool choose loose goodness sweet free need feel keep
    sleep see seen been week cheese deep speed three street three green agree between freezing all well small really still full
    will call smell tall fall sell tell kill skill hell hello actually totally beautifully awfully especially finally usually
    wonderfully excellent brilliant yellow silly smelly ball bill pull dull chill thrilled quality happy horrible terrible sorry
    worried supper appalling disappointed disappointing disappointment wrapping slippery carry hurry better bottle battery little
    butter pretty bitter matter button cotton shitty fitted miss less pass mess boss dress glass class useless careless messy
    awesomeness impressed impressive business possible impossible assembled off stuff stiff coffee difficult offer different
    effect funny running dinner winner cannot annoying annoyed planning hmm mmm comfy summer hammer comment recommend
    recommended recommending immediately yummy mummy mommy commit adding add odd sudden middle puddle rubbish bubble wobble grubby
    baggy bigger soggy egg accurate success account broccoli pizza fuzzy buzz jazz shopping happily apply supply support app
    address arrive arrived arrival current correct wrong worry mirror hurray hurry tomorrow narrow""".split()
)
_RUN = re.compile(r"([a-z])\1\1+")
_ROMAN = re.compile(r"[xivlcdmws]+$")
"""Sizes (xxxl), numbers and addresses (www) are no stretched words."""
_RUNS = 4
"""Stretched letters of a word that are tried both ways."""
_REACH = 24
"""Letters either side of a stretched one that are looked at as its word: an endless word costs no more than a long one."""


def squeezed_words(text: str) -> str:
    """Lower-case text with its stretched words mended; time grows with the text's length alone."""
    parts, done = [], 0
    for run in _RUN.finditer(text):
        if run.start() < done:
            continue
        start, end = run.span()
        while start > max(done, run.start() - _REACH) and "a" <= text[start - 1] <= "z":
            start -= 1
        while end < min(len(text), run.end() + _REACH) and "a" <= text[end] <= "z":
            end += 1
        parts += [text[done:start], _mended(text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def _mended(word: str) -> str:
    if _ROMAN.match(word):
        return word
    if len(_RUN.findall(word)) <= _RUNS:
        for sizes in itertools.product((1, 2), repeat=len(_RUN.findall(word))):
            tried = _sized(word, sizes)
            if tried in DOUBLE:
                return tried
    return _RUN.sub(r"\1", word)


def _sized(word: str, sizes: tuple[int, ...]) -> str:
    left = iter(sizes)
    return _RUN.sub(lambda run: run[1] * next(left), word)
