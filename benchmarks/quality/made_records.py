"""Made lists of records whose truth is known: persons in households, companies with sisters, offices and agents.

Nothing in it was looked up when the weights of lists were shipped, and no weight was chosen by it alone.
"""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SYLLABLES = tuple(consonant + vowel for consonant in "bdfghklmnprstvw" for vowel in "aeio")
# fmt: off
TRADES = (
    "Foods", "Trading", "Logistics", "Textiles", "Design", "Energy", "Motors", "Pharma", "Software", "Media", "Systems",
    "Consulting",
)
# fmt: on
FORMS = ("Ltd", "Limited", "LLC", "Inc.", "GmbH", "B.V.", "")
MOST_COPIES = 12


@dataclass(frozen=True, slots=True)
class ListConfig:
    """What a made list is like."""

    shape: str  # persons or companies
    n_records: int
    error_share: float = 0.1  # of words that are misspelt
    missing_share: float = 0.1  # of values that are left out
    repeated_share: float = 0.35  # of parties that have more than one record; 0: all records are distinct
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Party:
    """One person or company as it is in truth."""

    name: Sequence[str]
    street: str
    town: str
    phone: str
    values: Sequence[tuple[str, str]]  # kind, value


class Draw:
    """Draws names, houses and errors, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (made data, not secrets)
        self.given, self.surnames = self.words(200), self.words(2_000)
        self.streets, self.towns = self.words(400), self.words(40)

    def words(self, n: int) -> list[str]:
        """Return n words, each once."""
        found: dict[str, None] = {}
        while len(found) < n:
            syllables = self.random.choices(SYLLABLES, k=self.random.randint(2, 4))
            found["".join(syllables) + self.random.choice("nrstlk")] = None
        return list(found)

    def common(self, words: Sequence[str]) -> str:
        """Return a word, the first ones much oftener than the last."""
        return words[int(len(words) * self.random.random() ** 3)]

    def house(self) -> str:
        """Return a number and a street."""
        return f"{self.random.randint(1, 400)} {self.random.choice(self.streets).title()}"

    def phone(self) -> str:
        """Return a phone number of London."""
        return f"020 {self.random.randint(30, 89)}{self.random.randint(10, 99)} {self.random.randint(1000, 9999)}"

    def happens(self, share: float) -> bool:
        """Say yes in a share of all cases."""
        return self.random.random() < share

    def misspell(self, word: str, share: float) -> str:
        """Return a word with one letter changed, lost, doubled or swapped in a share of cases."""
        if len(word) < 4 or not self.happens(share):
            return word
        at = self.random.randrange(1, len(word) - 1)
        other = self.random.choice("abcdefghijklmnopqrstuvwxyz")
        return self.random.choice(
            [
                word[:at] + other + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[: at + 1] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )


def persons(draw: Draw) -> Iterator[Party]:
    """Yield persons without end; in every third household several live, of one name, with one phone."""
    while True:
        surname, street, town, phone = draw.common(draw.surnames), draw.house(), draw.common(draw.towns), draw.phone()
        for _ in range(draw.random.randint(2, 4) if draw.happens(0.3) else 1):
            given = (draw.common(draw.given), draw.random.choice(draw.given))
            born = f"{draw.random.randint(1930, 2005)}-{draw.random.randint(1, 12):02}-{draw.random.randint(1, 28):02}"
            yield Party((*given, surname), street, town, phone, [("birth_date", born)])


def companies(draw: Draw) -> Iterator[Party]:
    """Yield companies without end; some have sisters of the same name, some share an office or an agent's phone."""
    offices = [(draw.house(), draw.common(draw.towns)) for _ in range(12)]
    agents = [draw.phone() for _ in range(8)]
    while True:
        word = draw.words(1)[0] + draw.random.choice(["", "co", "tek", "wick"])
        domain = f"{word}{draw.random.randint(1, 99)}.example.org"
        for _ in range(draw.random.randint(2, 4) if draw.happens(0.1) else 1):
            trade = draw.random.sample(TRADES, draw.random.randint(1, 2))
            home = (draw.house(), draw.common(draw.towns)) if draw.happens(0.85) else draw.random.choice(offices)
            phone = draw.phone() if draw.happens(0.9) else draw.random.choice(agents)
            email = f"{draw.random.choice(trade).lower()}@{domain}"
            yield Party((word, *trade), *home, phone, [("email", email)])


SHAPES: dict[str, Callable[[Draw], Iterator[Party]]] = {"persons": persons, "companies": companies}


def make_list(config: ListConfig, folder: Path) -> None:
    """Write the tables of a list to ``folder/input`` and its truth to ``folder/labels.csv``."""
    draw = Draw(config.seed)
    rows: dict[str, list[list[str]]] = {"sellers": [], "addresses": [], "identifiers": [], "labels": []}
    for number, party in enumerate(SHAPES[config.shape](draw)):
        n_copies = 1
        if draw.happens(config.repeated_share):
            n_copies = min(2 + int(draw.random.expovariate(0.8)), MOST_COPIES)
        n_copies = min(n_copies, config.n_records - len(rows["sellers"]))
        for _ in range(n_copies):
            _write(draw, config, party, rows)
            rows["labels"].append([rows["sellers"][-1][0], f"party{number}" if n_copies > 1 else ""])
        if len(rows["sellers"]) >= config.n_records:
            break
    (folder / "input").mkdir(parents=True)
    _save(folder / "input" / "sellers.csv", ["seller_id", "name"], rows["sellers"])
    _save(folder / "input" / "addresses.csv", ["holder_id", "street", "city", "country"], rows["addresses"])
    _save(folder / "input" / "identifiers.csv", ["holder_id", "kind", "value"], rows["identifiers"])
    _save(folder / "labels.csv", ["seller_id", "ring"], rows["labels"])


def _write(draw: Draw, config: ListConfig, party: Party, rows: dict[str, list[list[str]]]) -> None:
    one = f"r{len(rows['sellers']):06}"
    said = [draw.misspell(word, config.error_share).title() for word in party.name]
    if config.shape == "companies":
        said.append(draw.random.choice(FORMS))
    elif draw.happens(0.2):
        said[1] = said[1][0]
    rows["sellers"].append([one, " ".join(said).strip()])
    if not draw.happens(config.missing_share):
        number, _, street = party.street.partition(" ")
        street = f"{number} {draw.misspell(street, config.error_share)} {draw.random.choice(['Street', 'St', 'St.'])}"
        rows["addresses"].append([one, street, party.town.title(), "GB"])
    for kind, value in (("phone", party.phone), *party.values):
        if not draw.happens(config.missing_share):
            is_other = draw.happens(0.03)  # an old one
            rows["identifiers"].append([one, kind, draw.phone() if is_other and kind == "phone" else value])


def _save(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
