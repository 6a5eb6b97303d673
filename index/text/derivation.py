"""Whether one headword is derived from another by an ending: nation, national; राष्ट्र, राष्ट्रीय.

Not for inflections: those share a stem. The endings say nothing of meaning, which may have moved on.
"""

from __future__ import annotations

from functools import lru_cache

_SHORTEST = {True: 4, False: 2}  # letters that both must share, in Latin and in Devanagari, which has fewer
# What stands at the end of one and of the other; "" is the bare word.
_ENGLISH = """
-ly -ness -al -ial -ion -ation -ment -or -er -ic -ical -ism -ist -ian -an -n -y -ship -hood -ful -less -able -ible
-ive -ish -ese -ous -ity -ry -age -ance -ence -ant -ent -ize -en -dom
e-ion e-ation e-or e-er e-ian e-able e-ive e-al e-ity e-ize e-ous e-ance e-ence e-ant e-ent e-y e-ic
y-ic y-ical y-ist y-er y-ier y-ous y-ian y-ize y-iness y-ily y-al y-ial y-ication
a-an t-ce t-cy te-cy ism-ist ion-ive ion-or ate-ant le-ility ble-bility al-ality ic-icity ism-ize ist-ize
ic-ics ical-ics d-sion de-sion se-sion ize-ization or-ory er-ress or-ress ize-izer us-osity
"""
_HINDI = """
-ी -ता -िक -ीय -ित -पन -कार -वाद -वादी -त्व -दार -दारी -गार -कारी -वान -ई -या -ाई -ाना -वाना -इयत -ियत -ाई -शील
ा-ी ा-ीय ा-िक ा-पन ा-ाई ी-िक ी-ीय ि-िक ना- ना-ाना ना-वाना ना-ाई ना-ाव ना-ावट ना-ती ना-न ना-ाहट
वाद-वादी क-की ित-न ण-ित त-ति
"""


def _endings(text: str) -> frozenset[tuple[str, str]]:
    pairs = (tuple(pair.split("-")) for pair in text.split())
    return frozenset((one, other) for one, other in pairs)


_ENDINGS = _endings(_ENGLISH) | _endings(_HINDI)


@lru_cache(1 << 15)
def derived(one: str, other: str) -> bool:
    """Whether the two differ by a known ending only, in either direction.

    >>> derived("nation", "national"), derived("colonial", "colony"), derived("nation", "native")
    (True, True, False)
    >>> derived("गिरफ्तार", "गिरफ्तारी"), derived("राष्ट्रीय", "राष्ट्र"), derived("राष्ट्र", "राष्ट्रपति")
    (True, True, False)
    """
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    for cut in range(shared, max(shared - 2, _SHORTEST[one.isascii()] - 1), -1):
        ends = one[cut:], other[cut:]
        if ends in _ENDINGS or ends[::-1] in _ENDINGS:
            return True
    return False
