"""Finds the people, orders and items that a question names: contacts, ids, names as written, heard, misspelt or in pinyin."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from agent.question import lookups, names, shop_items, words
from agent.question.asking import PRONOUN, WHO
from huaxiang.store import lexical
from huaxiang.text.normalise import to_simplified
from tools import find_customer
from tools.base import Deps
from tools.find_customer import Directory, digits, normal

_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![A-Za-z0-9-])\+?\d[\d\- ()]{6,}\d(?![A-Za-z0-9])")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")
_ID_LIKE = re.compile(
    r"^(?=.*\d)[A-Za-z]{1,4}[-_]?\d{2,}[A-Za-z0-9_-]*$|^(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8,}$"
)
_TITLED = re.compile(r"^(?:小|老|阿)?([\u4e00-\u9fff]{1,2})(?:女士|先生|小姐|太太|老师|同学|阿姨|大哥|姐|哥)?$")
_NAME_EN = re.compile(
    r"\b([A-Z][a-z]+(?:['’-]?[A-Z]?[a-z]+)*(?:\s+(?:[A-Z][A-Za-z'’-]+|[A-Z](?=['’]s|\s|$|[?.,])))?(?:\s+[A-Z][A-Za-z'’-]+)?)"
)
_COLOR_T = re.compile(r"[黑白红橙黄绿蓝紫粉灰棕]色?[Tt](?:恤)?$")
_NOT_NAMES = words.read_words("not_names.en.txt")


@dataclass(frozen=True)
class Mention:
    """A person or id named in the question and the customers it may mean, best first."""

    text: str
    customers: tuple[str, ...]
    how: str


def plain(name: str) -> bool:
    """Whether a name or alias is made of question words only ("what does", 什么): such a one never captures a question."""
    folded = name.casefold()
    if WHO.fullmatch(folded) or PRONOUN.fullmatch(folded):
        return True
    parts = re.findall(r"[a-z'’-]+", folded)
    if parts:
        return all(part in words.STOP_EN or part in _NOT_NAMES for part in parts)
    return folded in words.STOP_ZH


def has_pronoun(question: str) -> bool:
    """Whether the question points back to somebody ("her last order", 那她最近一次呢)."""
    return bool(PRONOUN.search(question))


class Finder:
    """Takes what it recognises out of `rest`, step by step, so that no word is read twice."""

    def __init__(self, known: Directory, deps: Deps) -> None:
        self.known, self.deps = known, deps
        self.mentions: list[Mention] = []
        self.unknown: list[str] = []
        self.orders: list[str] = []
        self.items: list[str] = []
        self.rest = ""

    def _add(self, text: str, customers: Iterable[str], how: str) -> None:
        unique = tuple(dict.fromkeys(customers))
        if unique:
            self.mentions.append(Mention(text, unique, how))
        else:
            self.unknown.append(text)
        self.rest = self.rest.replace(text, " ", 1)

    def contacts(self, question: str) -> None:
        """E-mails and phone numbers."""
        self.rest = question
        for found in _EMAIL.findall(question):
            self._add(found, (c for c, _ in self.known.contacts.get(found.casefold().strip("."), [])), "email")
        for found in _PHONE.findall(self.rest):
            if not re.fullmatch(r"\d{4}[- ]\d{1,2}[- ]\d{1,2}.*", found.strip()):
                number = digits(found)
                exact = [c for c, _ in self.known.contacts.get(number, [])]
                self._add(found, exact or names.by_phone_end(number, self.known), "phone")

    def tokens(self) -> None:
        """Customer ids, order numbers, item ids; something that looks like an id but is none is an unknown customer."""
        for token in dict.fromkeys(_TOKEN.findall(self.rest)):
            if normal(token) in self.known.ids:
                self._add(token, [self.known.ids[normal(token)]], "id")
            elif len(digits(token)) >= 5 and (
                named := [w for n, who in self.known.names.items() if token in n for w in who]
            ):
                self._add(token, (c for c, _ in named), "name")
            elif (
                any(ch.isdigit() for ch in token)
                and len(token) >= 3
                and token.lower() not in catalogue_marks(self.deps)
            ):
                order = lookups.order(self.deps.shop, token)
                if order:
                    self.orders.append(token)
                    self._add(token, [order], "order")
                elif lookups.is_item(self.deps.shop, token):
                    self.items.append(token)
                elif _ID_LIKE.match(token) and self._shaped_like_an_id(token):
                    self._add(token, [], "id")

    def _shaped_like_an_id(self, token: str) -> bool:
        def shape(text: str) -> str:
            return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "0", text))

        if re.match(r"^[Oo](rder)?[-_]?\d{5,}", token):
            return True
        shapes = self.deps.cache.setdefault("id_shapes", {shape(one) for one in list(self.known.people)[:500]})
        return shape(token) in shapes or len(token) >= 10

    def chinese(self) -> None:
        """Chinese names: exact, sounding alike, surname with a title; a name the tagger sees that nobody bears is unknown."""
        if not re.search(r"[\u4e00-\u9fff]", self.rest):
            return
        bearers = self.known.names
        candidates = [n for n in bearers if len(n) >= 2 and re.search(r"[\u4e00-\u9fff]", n) and not plain(n)]
        folded, written = self.rest.casefold(), {name: to_simplified(name) for name in candidates}
        for name in sorted((n for n in candidates if n in folded or written[n] in folded), key=len, reverse=True):
            low = self.rest.casefold()
            start = next((place for one in (name, written[name]) if (place := low.find(one)) >= 0), None)
            if start is not None:
                self._add(self.rest[start : start + len(name)], (c for c, _ in bearers[name]), "name")
        for tagged in words.people(self.rest):
            person = self._without_joint(tagged)
            if _COLOR_T.search(person):  # 白T is a white T-shirt, whoever the tagger takes it for
                continue
            if (
                person in self.rest
                and len(person) >= 2
                and not person.isascii()
                and re.search(r"[\u4e00-\u9fff]", person)
            ):
                longer = self._longer(person, candidates)
                self._add(
                    longer or person,
                    self._sounding_like(longer or person, candidates) or self._titled(person) or self._given(person),
                    "name",
                )
        if not self.mentions and not self.unknown:
            self._heard(candidates)
        if not self.mentions and not self.unknown:
            self._stranger()

    def _longer(self, person: str, candidates: list[str]) -> str:
        """The name with the character after it, where the tagger cut a misspelt one short ("贾名" of "贾名远"); else ""."""
        at = self.rest.find(person) + len(person)
        longer = person + self.rest[at : at + 1]
        fits = len(person) == 2 and len(longer) == 3 and not self._sounding_like(person, candidates)
        return longer if fits and self._sounding_like(longer, candidates) else ""

    def _stranger(self) -> None:
        """A name that nobody bears and the tagger takes for none: a double surname, or the only Chinese of an English question."""
        found = re.search(
            rf"(?:{'|'.join(sorted(names.COMPOUND))})[\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff])", self.rest
        )
        if not found and len(re.findall(r"[A-Za-z]{2,}", self.rest)) >= 2:
            runs = re.findall(r"[\u4e00-\u9fff]+", self.rest)
            found = (
                re.search(r"[\u4e00-\u9fff]{2,4}", self.rest) if len(runs) == 1 and len(runs[0]) in (2, 3, 4) else None
            )
            if found and found.group(0)[0] not in names.SURNAMES:
                found = None
        if found and not self._in_a_title(found.group(0)):
            self._add(found.group(0), [], "name")

    def _in_a_title(self, text: str) -> bool:

        titles = shop_items.catalogue(self.deps).values()
        return any(text in f"{one.title or ''} {one.brand or ''}" for one in titles) or self._is_city(text)

    def _without_joint(self, person: str) -> str:
        """The name without a joining word that the tagger took for its end ("罗一明和" → "罗一明")."""
        return (
            person[:-1]
            if len(person) > 2 and person[-1] in "和跟与及的在比" and person not in self.known.names
            else person
        )

    def _sounding_like(self, person: str, names: list[str]) -> list[str]:
        sound = words.pinyin(person)
        table: dict[str, str] = self.deps.cache.setdefault("pinyin", {})
        for name in names:
            if name not in table:
                table[name] = words.pinyin(name)
        found = [c for name in names if table[name] == sound for c, _ in self.known.names[name]]
        if not found and len(person) >= 3:
            near = [name for name in names if _one_sound_off(name, person)]
            found = [c for name in near for c, _ in self.known.names[name]]
        return found

    def _given(self, person: str) -> list[str]:
        """Bearers of a given name of two characters ("麗華" for 黃麗華)."""
        if len(person) != 2:
            return []
        return [c for n, who in self.known.names.items() if len(n) >= 3 and n.endswith(person) for c, _ in who]

    def _heard(self, candidates: list[str]) -> None:
        """A name in other characters of the same sound that the tagger did not take for one ("徐锋" for 徐峰)."""
        surnames = {name[0] for name in candidates}
        for size in (3, 2):
            for start in range(len(self.rest) - size + 1):
                piece = self.rest[start : start + size]
                if piece[0] in surnames and re.fullmatch(r"[\u4e00-\u9fff]+", piece):
                    found = list(self._sounding_like(piece, [n for n in candidates if n[0] == piece[0]]))
                    if found:
                        self._add(piece, found, "name")
                        return

    def _titled(self, person: str) -> list[str]:
        match = _TITLED.match(person)
        if not match or match.group(1) == person:
            return []
        return [
            c
            for name, who in self.known.names.items()
            if name.startswith(match.group(1))
            for c, how in who
            if how == "name"
        ]

    def english(self) -> None:
        """English names: in full, by one part, misspelt; capitalised names that nobody bears are unknown."""
        folded = normal(self.rest)
        bearers = {n: who for n, who in self.known.names.items() if n.isascii() and len(n) >= 3 and not plain(n)}
        for name in sorted(
            (n for n in bearers if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", folded)), key=len, reverse=True
        ):
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)".replace(r"\ ", r"[\s.]+"), self.rest, re.IGNORECASE)
            if found and name not in _NOT_NAMES:
                self._add(found.group(0), (c for c, _ in bearers[name]), "name")
        if not self.mentions:
            self._romanised()
        for span in _NAME_EN.findall(self.rest):
            self._capitalised(span, bearers)
        if not self.mentions and not self.unknown:
            self._lower_case(bearers)

    def _romanised(self) -> None:
        """Chinese customers named in pinyin; a surname and given name, never one syllable alone."""
        folded = normal(self.rest)
        if len(re.findall(r"[a-z]{2,}", folded)) < 2:
            return
        spelt = names.romanised(self.deps)
        for name in sorted((n for n in spelt if " " in n or len(n) >= 6), key=len, reverse=True):
            if name in folded and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.rest, re.IGNORECASE)):
                self._add(found.group(0), (c for c, _ in spelt[name]), "name")

    def _capitalised(self, span: str, bearers: dict[str, list[tuple[str, find_customer.How]]]) -> None:
        parts = span.split()
        while parts and re.sub(r"['’]s?$", "", parts[0]).lower() in _NOT_NAMES:
            parts = parts[1:]
        while parts and re.sub(r"['’]s?$", "", parts[-1]).lower() in _NOT_NAMES:
            parts = parts[:-1]
        text = re.sub(r"['’]s?$", "", " ".join(parts))
        if not text or text not in self.rest or self._is_catalogue_word(text) or self._is_city(text):
            return
        low = normal(text)
        close = self._close(low, bearers)
        if close or len(text.split()) > 1 or self._names_a_person(text):
            self._add(text, close, "name")

    def _is_city(self, text: str) -> bool:
        """Whether a capitalised phrase is a city where a customer lives."""
        cities = {city for _, city in self.known.people.values() if city}
        return any(
            city.casefold() == text.casefold() or (not city.isascii() and " " not in text and names.city_in(city, text))
            for city in cities
        )

    def _close(self, low: str, bearers: dict[str, list[tuple[str, find_customer.How]]]) -> list[str]:
        scored: list[tuple[float, str]] = []
        for name, who in bearers.items():
            whole = _name_ratio(low, name)
            part = 100.0 if " " not in low and low in name.split() else 0.0
            near = (
                max((fuzz.ratio(low, one) for one in name.split()), default=0.0) - 4
                if " " not in low and len(low) >= 5
                else 0.0
            )
            score = max(whole, part, near)
            if score < find_customer.FUZZY_MIN and names.alike(low, name):
                score = find_customer.FUZZY_MIN
            if score >= find_customer.FUZZY_MIN:
                scored.extend((score, customer) for customer, _ in who)
        if not scored:
            return names.by_initial(low, bearers)
        best = max(score for score, _ in scored)
        return [customer for score, customer in scored if score >= best - 3]

    def _lower_case(self, bearers: dict[str, list[tuple[str, find_customer.How]]]) -> None:
        tokens = [t for t in re.findall(r"[a-z][a-z'’-]+", self.rest.lower()) if t not in _NOT_NAMES]
        for first, second in itertools.pairwise(tokens):
            near = [who for name, who in bearers.items() if _name_ratio(f"{first} {second}", name) >= 86]
            if near and f"{first} {second}" in self.rest.lower():
                start = self.rest.lower().index(f"{first} {second}")
                self._add(
                    self.rest[start : start + len(first) + 1 + len(second)], (c for who in near for c, _ in who), "name"
                )
                return
        self._unheard_of(tokens)
        for token in [] if self.unknown else tokens:
            for form in (
                token,
                token.removesuffix("'s").removesuffix("’s"),
                token[:-1] if token.endswith("s") else token,
            ):
                if len(form) < 4 or form in words.STOP_EN or self._is_catalogue_word(form):
                    continue
                hits = [c for name, who in bearers.items() if form in name.split() for c, _ in who]
                if hits:
                    start = self.rest.lower().index(token)
                    self._add(self.rest[start : start + len(token)], hits, "name")
                    return

    def _unheard_of(self, tokens: list[str]) -> None:
        """Two words side by side that no text of the shop has ever held are a stranger's name ("for beatrice holloway")."""
        for first, second in itertools.pairwise(tokens):
            if min(len(first), len(second)) < 4 or not re.search(
                rf"\b(for|of|did|does|has|is|was|about|from)\s+{first}\s+{second}\b", self.rest.lower()
            ):
                continue
            with self.deps.shop.engine.connect() as connection:
                if not any(lexical.search(connection, one, limit=1) for one in (first, second)):
                    self._add(f"{first} {second}", [], "name")
                    return

    def _names_a_person(self, text: str) -> bool:
        """A single capitalised word is a person when it is the subject or owner: "does Maria", "Maria's", "for Maria"."""
        return bool(
            re.search(
                rf"\b(?:does|did|is|has|was|for|about|from|by|and|tell me about|customer)\s+{re.escape(text)}\b|{re.escape(text)}['’]s",
                self.rest,
            )
        )

    def _is_catalogue_word(self, text: str) -> bool:
        vocabulary = catalogue_words(self.deps)
        return all(part.lower() in vocabulary for part in text.split())


def catalogue_marks(deps: Deps) -> frozenset[str]:
    """Lower-case words with digits in titles ("spf50"): they look like ids and are none."""

    titles = (f"{item.title} {item.title_en}" for item in shop_items.catalogue(deps).values())
    return frozenset(
        word.lower() for title in titles for word in re.findall(r"[A-Za-z]+\d+[A-Za-z]*|\d+[A-Za-z]+", title)
    )


def catalogue_words(deps: Deps) -> frozenset[str]:
    """Lower-case English words of the catalogue: titles, brands, categories; read once a runtime."""
    if "catalogue_words" in deps.cache:
        known: frozenset[str] = deps.cache["catalogue_words"]
        return known
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    c = t.items.c
    with deps.shop.engine.connect() as connection:
        rows = connection.execute(sa.select(c.title, c.title_en, c.brand, c.category)).all()
    found = frozenset(
        word.lower() for row in rows for cell in row if cell for word in re.findall(r"[A-Za-z][A-Za-z'-]+", cell)
    )
    deps.cache["catalogue_words"] = found
    return found


def _name_ratio(typed: str, name: str) -> float:
    """Similarity (0-100) of two names; part by part where both have as many, so that Bellamy is no misspelt Bell."""
    first, second = typed.split(), name.split()
    if len(first) == len(second) > 1 and min(fuzz.ratio(a, b) for a, b in zip(first, second, strict=True)) < 78:
        return 0.0
    return float(fuzz.ratio(typed, name))


def _one_sound_off(name: str, person: str) -> bool:
    """Names of the same length and surname whose one differing character sounds nearly alike."""
    if len(name) != len(person) or name[0] != person[0]:
        return False
    pairs = [(a, b) for a, b in zip(name, person, strict=True) if a != b]
    return len(pairs) == 1 and fuzz.ratio(words.pinyin(pairs[0][0]), words.pinyin(pairs[0][1])) >= 75
