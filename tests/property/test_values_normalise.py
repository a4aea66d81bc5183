"""Laws that every normaliser keeps."""

import string

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringwatch.model.kinds import REGISTRY
from ringwatch.values import phone
from ringwatch.values.address_column import read_by_form
from ringwatch.values.canonical import CANONICAL
from ringwatch.values.columns import normalise_column
from ringwatch.values.normalise import NORMALISERS, Normalised, normalise

KIND_OF = {
    "account": "account",
    "address": "address",
    "company_number": "company_number",
    "domain": "domain",
    "email": "email",
    "handle": "telegram",
    "image_hash": "image_hash",
    "ip": "ip",
    "name": "payee_name",
    "phone": "phone",
    "tax_id": "tax_id",
    "token": "device",
    "url": "website",
}
KINDS = [REGISTRY[name] for name in [*KIND_OF.values(), "whatsapp", "wechat", "qq"]]
INVISIBLE = ["\u0301", "\u200b", "\ufeff", "\u202e"]
_LINES = """
rm room bldg no no. # 5 12 1203 007 5th fl floor n north road lane st , c/o china usa pobox nv 89132 las | 12a 3/f
号 楼 5号楼 三楼 中山路 省 ltd limited co. b.v. and ext x12 +86 00 13812345678 (0) t.me/ wa.me/ @ gmail.com a.b ://
http:// www. ?utm_source=x bank: card: other: DE: GB SC ELiban DE89370400440532013000 1.2.3.4 8.8.8.8:80 ::1 ffff
xn-- ß İ é ½ ¨ １２ 中 - . / ; % %41 ' " < > ( ) { } n/a test example.com 000000 y
"""
PIECES = [*_LINES.split(), *INVISIBLE]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.printable + "号楼室路市省éß\u200b\ufeff／１２\ud800\x00", max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
COUNTRIES = st.sampled_from([None, "US", "CN", "DE", "GB", "GR", "CH", "AR", "Germany", "Narnia"])
SCHEMES = st.sampled_from([None, "bank", "iban", "card_token", "wallet", "crypto", "cash"])
ISSUERS = st.sampled_from([None, "ICBC", "a:b c", "COBADEFFXXX"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(text=TEXTS, country=COUNTRIES, scheme=SCHEMES, issuer=ISSUERS)
def test_any_text_has_one_outcome_and_canonical_text_is_a_fixed_point(kind, text, country, scheme, issuer) -> None:
    """No text raises; a value or a reason comes out; normalise(normalise(x)) = normalise(x)."""
    found = normalise(kind, text, country, scheme=scheme, issuer=issuer)
    assert (found.value is None) != (found.junk is None)
    if found.value is not None:
        assert normalise(kind, found.value, country, scheme=scheme, issuer=issuer) == found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 10_000_000,
        "1" * 10_000_000,
        "\ud800",
        "ﷺ" * 2000,
        "a" + "\u0301" * 2000,
        "(" * 2048,
        "9/" * 1024,
        "a." * 1024,
    ],
)
def test_hostile_texts_end_soon_in_junk_or_value(kind, text) -> None:
    """Length and content bound neither time nor outcome."""
    found = normalise(kind, text)
    assert (found.value is None) != (found.junk is None)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


DISGUISES = st.sampled_from(
    [
        str.upper,
        full_width,
        lambda text: f"\ufeff {text}\u00a0",
        lambda text: text.replace("", "\u200b"),
        lambda text: text.replace(" ", "\u3000 "),
        lambda text: f"\u202a{text}\u202c",
    ]
)
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=3, max_size=8).filter(lambda word: len(set(word)) > 1)
NUMBERS = st.integers(1, 9999)


@st.composite
def addresses(draw) -> str:
    room, building, house = draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)
    return f"room {room}, building {building}, {house} {draw(WORDS)} road, {draw(WORDS)}"


SAMPLES = {
    "address": addresses(),
    "phone": st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True),
    "email": st.builds("{}.{}@{}.de".format, WORDS, NUMBERS, WORDS),
    "ip": st.builds("8.{}.{}.{}".format, *[st.integers(0, 255)] * 3),
    "website": st.builds("{}.de".format, WORDS),
    "domain": st.builds("{}.{}.de".format, WORDS, WORDS),
    "device": st.builds("{}-{}".format, WORDS, NUMBERS),
    "telegram": st.builds("{}{}".format, WORDS, NUMBERS),
    "payee_name": st.builds("{} {}".format, WORDS, WORDS),
    "tax_id": st.builds("{:010d}".format, st.integers(10**8, 10**9)),
    "company_number": st.builds("hrb{:06d}".format, NUMBERS),
}


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_writings_of_one_value_are_equal(name, data) -> None:
    """Case, full width, no-break, zero-width and bidirectional characters change no value."""
    text = data.draw(SAMPLES[name])
    assert normalise(REGISTRY[name], data.draw(DISGUISES)(text)) == normalise(REGISTRY[name], text)


ADDRESS = REGISTRY["address"]
FORMS = st.sampled_from(
    [
        "room {0}, building {1}, {2} elm road, leeds",
        "{2} elm rd., bldg no. {1}, rm. {0}, leeds, uk",
        "apt {0} building {1} no. {2} elm road leeds",
        "unit {0}, bldg. {1}, {2} elm rd, leeds, england",
    ]
)
HANZI = st.sampled_from(
    ["上海市榆树路{2}号{1}号楼{0}室", "上海榆樹路 {2} 號 {1} 棟 {0} 房", "中国上海市榆树路{2}号,{1}幢,{0}室"]
)


@given(
    numbers=st.tuples(*[NUMBERS] * 3),
    others=st.tuples(*[NUMBERS] * 3),
    forms=st.one_of(st.tuples(FORMS, FORMS), st.tuples(HANZI, HANZI)),
)
@example((1203, 5, 88), (5, 1203, 88), ("上海市榆树路{2}号{1}号楼{0}室",) * 2)
@example((1203, 5, 88), (1302, 5, 88), ("room {0}, building {1}, {2} elm road, leeds",) * 2)
def test_addresses_are_equal_where_house_building_and_room_are(numbers, others, forms) -> None:
    """Two writings of one road are equal exactly if house, building and room all are."""
    one, other = (
        normalise(ADDRESS, form.format(*given)).value for form, given in zip(forms, (numbers, others), strict=True)
    )
    assert (one == other) == (numbers == others)


@given(
    st.lists(st.sampled_from(["{} high street", "上海中山路{}号", "high street {}"]), min_size=1, max_size=1),
    NUMBERS,
    NUMBERS,
)
def test_other_house_numbers_are_other_addresses(forms, one, other) -> None:
    """Different house numbers never compare equal."""
    values = {normalise(ADDRESS, forms[0].format(number)).value for number in (one, other)}
    assert len(values) == len({one, other})


def varied(text: str, random) -> str:
    return "".join(random.choice("0123456789") if "1" <= char <= "9" else char for char in text)


@given(st.lists(TEXTS.filter(lambda text: "\ud800" not in text), max_size=3), st.randoms(use_true_random=False))
def test_reading_by_form_is_reading_one_by_one(texts, random) -> None:
    """Texts that share a form get what each would get alone."""
    rows = [row for text in texts for row in (text, varied(text, random), varied(text, random))]
    values, junks = read_by_form(pa.array(rows, pa.string()), lambda text: normalise(ADDRESS, text))
    expected = [normalise(ADDRESS, row) for row in rows]
    assert values.to_pylist() == [one.value for one in expected]
    assert junks.to_pylist() == [one.junk for one in expected]


LIKELY = {
    "account": st.one_of(
        st.just("DE89370400440532013000"), st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", fullmatch=True)
    ),
    "phone": st.from_regex(rf"\+({phone.MOBILES})", fullmatch=True),
    "email": st.from_regex(
        r"[a-z0-9_.]{1,8}@(gmail|yahoo|a|test|b\.example|shop[0-9])\.(com|de|jp|co\.uk)", fullmatch=True
    ),
    "website": st.from_regex(r"(www\.)?[a-z0-9-]{1,9}\.(com|de|test|no)(/[A-Za-z0-9_-]{0,4}){0,2}", fullmatch=True),
    "domain": st.from_regex(r"(www\.)?[a-z0-9-]{1,9}\.(com|de|test|no)", fullmatch=True),
    "telegram": st.from_regex(r"[a-z0-9_]{1,9}", fullmatch=True),
    "image_hash": st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    "ip": st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", fullmatch=True),
    "device": st.from_regex(r"[0-9a-z:_.-]{1,40}", fullmatch=True),
}


@pytest.mark.parametrize("name", LIKELY)
@given(data=st.data())
def test_what_a_column_calls_canonical_is_its_own_value(name, data) -> None:
    """Where the bulk pattern says yes, ``normalise`` returns the text itself."""
    texts = data.draw(st.lists(st.one_of(LIKELY[name], TEXTS.filter(lambda text: "\ud800" not in text)), max_size=20))
    sure = CANONICAL[REGISTRY[name].normaliser](pa.array(texts, pa.string())).to_pylist()
    for text, is_sure in zip(texts, sure, strict=True):
        if is_sure:
            for hint in (None, "US", "CN"):
                assert normalise(REGISTRY[name], text, hint, scheme="bank", issuer="x") == Normalised(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(
    rows=st.lists(
        st.tuples(st.one_of(st.none(), TEXTS.filter(lambda text: "\ud800" not in text)), COUNTRIES, SCHEMES, ISSUERS),
        max_size=12,
    )
)
def test_a_column_is_its_rows(kind, rows) -> None:
    """Columns give what rows give, in order, nulls and repeats included."""
    doubled = rows + rows[::-1]
    columns = [pa.array([row[at] for row in doubled], pa.string()) for at in range(4)]
    found = normalise_column(kind, *columns)
    expected = [
        normalise(kind, text or "", country, scheme=scheme, issuer=issuer) for text, country, scheme, issuer in doubled
    ]
    assert list(zip(found.value.to_pylist(), found.junk.to_pylist(), strict=True)) == [
        (row.value, row.junk) for row in expected
    ]


@given(number=st.from_regex(phone.E164_MOBILE, fullmatch=True))
def test_mobile_patterns_say_what_phonenumbers_says(number) -> None:
    """The shortcut for mobile numbers gives what the full parser gives, international and national."""
    digits = number[1:]
    expected = normalise(REGISTRY["phone"], number)
    assert phone.place(number, digits, None) == expected
    code = phone.CALLING_CODE.match(number)[0]
    for country in phone.phonenumbers.region_codes_for_country_code(int(code)):
        national = number.removeprefix(code)
        assert phone.parse_phone(national, country) == phone.place(national, national, country)


def test_every_normaliser_is_held_to_the_laws() -> None:
    """No kind escapes: each normaliser has a kind in these tests, and each kind of the registry has a normaliser."""
    assert KIND_OF.keys() == NORMALISERS.keys()
    assert {kind.normaliser for kind in REGISTRY.kinds.values()} <= NORMALISERS.keys()
